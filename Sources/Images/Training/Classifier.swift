// SPDX-License-Identifier: GPL-3.0-or-later

import HLieConv

/// The digits that a network sees, and how sure it is.
struct Classifier {
  let learner: PointLearner<SharedSamples>
  let grid: PixelGrid
  /// Images at a time.
  let batch: Int

  /// The predicted digit of every image turned by `angle`, and the sum of the losses; fewer where it was asked to stop.
  func predict(
    _ images: ImageSet, turnedBy angle: Double = 0, shouldStop: () -> Bool = { false },
    onBatch: (Int) -> Void = { _ in }
  ) -> (digits: [UInt8], loss: Double) {
    var (digits, loss) = ([UInt8](), 0.0)
    for first in stride(from: 0, to: images.count, by: batch) {
      if shouldStop() { break }
      let batch = first..<min(first + self.batch, images.count)
      var values: [Float] = []
      values.reserveCapacity(batch.count * grid.count)
      for index in batch { grid.sample(images, index, turnedBy: angle, into: &values) }
      let outputs = learner.outputs(of: SharedSamples(values, count: batch.count))
      for (row, index) in batch.enumerated() {
        var own = Array(outputs[row * ImageSet.classes..<(row + 1) * ImageSet.classes])
        digits.append(UInt8(own.indices.max { own[$0] < own[$1] } ?? 0))
        loss += crossEntropy(&own, label: Int(images.labels[index]))
      }
      onBatch(batch.upperBound)
    }
    return (digits, loss)
  }
}

extension ImageSet {
  /// How many of the predicted digits are wrong.
  func errors(_ digits: [UInt8]) -> Int { zip(labels, digits).count { $0 != $1 } }
}
