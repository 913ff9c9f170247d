// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// The pixels that a network sees: those of a disc, so that none leaves the image when it turns.
///
/// Pixels stand on evenly spaced places from −s/2 to s/2 for a side of s pixels, columns along x and rows along y, and
/// those less than s/2 + 1 from the centre are kept: 648 of 28 × 28, as in the authors' program. Their places are in units
/// of that length.
public struct PixelGrid: Sendable {
  public let side: Int
  /// The places of the pixels that are kept [point × 2].
  public let points: [Double]

  private var half: Double { Double(side) / 2 }
  /// From one pixel to the next.
  private var step: Double { 2 * half / Double(side - 1) }
  public var count: Int { points.count / 2 }

  public init(side: Int) {
    self.side = side
    let (half, last) = (Double(side) / 2, Double(side - 1))
    var points: [Double] = []
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = (-half + 2 * half * Double(column) / last, -half + 2 * half * Double(row) / last)
        if (x * x + y * y).squareRoot() < half + 1 { points += [x, y] }
      }
    }
    self.points = points
  }

  /// The grey value of image `index` at the place (x, y), by bilinear interpolation; 0 outside of the image.
  func value(of images: ImageSet, _ index: Int, x: Double, y: Double) -> Float {
    let (column, row) = ((x + half) / step, (y + half) / step)
    let (left, top) = (column.rounded(.down), row.rounded(.down))
    let (c, r) = (Int(left), Int(top))
    let (u, v) = (Float(column - left), Float(row - top))
    let start = index * images.area
    func pixel(_ r: Int, _ c: Int) -> Float {
      r >= 0 && c >= 0 && r < side && c < side ? images.pixels[start + r * side + c] : 0
    }
    return (1 - v) * ((1 - u) * pixel(r, c) + u * pixel(r, c + 1))
      + v * ((1 - u) * pixel(r + 1, c) + u * pixel(r + 1, c + 1))
  }

  /// Mean and standard deviation of the grey values of rotated digits, which the authors normalise by.
  static let mean: Float = 0.130
  static let deviation: Float = 0.297

  /// What the network is told of image `index` turned by `angle`, one number for each point, normalised.
  func sample(_ images: ImageSet, _ index: Int, turnedBy angle: Double, into values: inout [Float]) {
    let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
    for k in 0..<count {
      let (x, y) = (points[2 * k], points[2 * k + 1])
      // The turned image has at R x what the image has at x.
      let grey =
        angle == 0
        ? value(of: images, index, x: x, y: y)
        : value(of: images, index, x: cosine * x + sine * y, y: cosine * y - sine * x)
      values.append((grey - Self.mean) / Self.deviation)
    }
  }

  /// Images of the same size, each turned by its angle about the centre.
  func turned(_ images: ImageSet, by angle: (Int) -> Double) -> ImageSet {
    var result = images
    for index in 0..<images.count {
      let angle = angle(index)
      let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
      for row in 0..<side {
        for column in 0..<side {
          let (x, y) = (-half + step * Double(column), -half + step * Double(row))
          result.pixels[index * images.area + row * side + column] = value(
            of: images, index, x: cosine * x + sine * y, y: cosine * y - sine * x)
        }
      }
    }
    return result
  }
}
