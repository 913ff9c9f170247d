// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import RealModule

/// Wilson's interval for a share of which `hits` of `count` trials have been seen, with a probability of 95 % (Wilson 1927).
public func wilsonInterval(_ hits: Int, of count: Int) -> (low: Double, high: Double) {
  guard count > 0 else { return (0, 1) }
  let (n, p, z) = (Double(count), Double(hits) / Double(count), 1.959963984540054)
  // (p + z²/2n ± z √(p (1 − p)/n + z²/4n²))/(1 + z²/n).
  let middle = p + z * z / (2 * n)
  let reach = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  let scale = 1 + z * z / n
  return (hits == 0 ? 0 : (middle - reach) / scale, hits == count ? 1 : (middle + reach) / scale)
}

/// The errors of a trained network on test images.
public struct ImageEvaluation: Sendable {
  /// Images of digit i that were taken for digit j [i × 10 + j].
  public let confusion: [Int]
  public let loss: Double
  public var count: Int { confusion.reduce(0, +) }
  public var errors: Int {
    count - (0..<ImageSet.classes).reduce(0) { $0 + confusion[$1 * (ImageSet.classes + 1)] }
  }

  /// The predictions for the test images as they are.
  public init(
    _ model: PointModel, on data: ImageData, threads: Int, shouldStop: () -> Bool = { false },
    onProgress: (Double) -> Void = { _ in }
  ) throws {
    let images = data.images(.test)
    let (digits, loss) = try Self.predict(model, data, images, [0], threads, shouldStop, onProgress)[0]
    var confusion = [Int](repeating: 0, count: ImageSet.classes * ImageSet.classes)
    for (label, digit) in zip(images.labels, digits) {
      confusion[Int(label) * ImageSet.classes + Int(digit)] += 1
    }
    self.confusion = confusion
    self.loss = loss / Double(max(1, digits.count))
  }

  /// How many of the first `count` test images are wrong when all are turned by each of the angles, in degrees.
  public static func errors(
    of model: PointModel, on data: ImageData, at angles: [Double], count: Int, threads: Int,
    shouldStop: () -> Bool = { false }, onProgress: (Double) -> Void = { _ in }
  ) throws -> [(angle: Double, errors: Int, count: Int)] {
    let images = data.images(.test).subset(0..<min(count, data.images(.test).count))
    let results = try predict(model, data, images, angles, threads, shouldStop, onProgress)
    return zip(angles, results).map { ($0, images.errors($1.digits), $1.digits.count) }
  }

  private static func predict(
    _ model: PointModel, _ data: ImageData, _ images: ImageSet, _ angles: [Double], _ threads: Int,
    _ shouldStop: () -> Bool, _ onProgress: (Double) -> Void
  ) throws -> [(digits: [UInt8], loss: Double)] {
    let points = try SampledPoints(data.grid.points, dimension: 2, model.config)
    let batch = 32
    let learner = try PointLearner.sharing(model, points: points, capacity: batch, threads: threads)
    let classifier = Classifier(learner: learner, grid: data.grid, batch: batch)
    return angles.enumerated().map { index, angle in
      classifier.predict(images, turnedBy: angle * .pi / 180, shouldStop: shouldStop) {
        onProgress((Double(index) + Double($0) / Double(images.count)) / Double(angles.count))
      }
    }
  }
}
