// SPDX-License-Identifier: GPL-3.0-or-later

/// Square grey images with their labels.
public struct ImageSet: Sendable, Equatable {
  /// Pixels along a side.
  public var side: Int
  /// Grey values from 0 to 1 [image × row × column].
  public var pixels: [Float]
  /// The digit that each image shows, 0 to 9.
  public var labels: [UInt8]

  public static let classes = 10

  public init(side: Int, pixels: [Float], labels: [UInt8]) {
    precondition(pixels.count == labels.count * side * side)
    self.side = side
    self.pixels = pixels
    self.labels = labels
  }

  public var count: Int { labels.count }
  var area: Int { side * side }

  /// The images with these numbers, in this order.
  public func subset(_ indices: some Collection<Int>) -> ImageSet {
    var part = ImageSet(side: side, pixels: [], labels: [])
    part.pixels.reserveCapacity(indices.count * area)
    for index in indices {
      part.pixels += pixels[index * area..<(index + 1) * area]
      part.labels.append(labels[index])
    }
    return part
  }
}
