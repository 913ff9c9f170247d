// SPDX-License-Identifier: GPL-3.0-or-later

import HLieConv

/// The digits that a network sees, and how sure it is.
final class Classifier<T: NetworkScalar> {
  let engine: PointEngine<T>
  private let grid: PixelGrid

  init(_ engine: PointEngine<T>, _ grid: PixelGrid) {
    self.engine = engine
    self.grid = grid
  }

  /// The predicted digit of every image turned by `angle`, and the sum of the losses.
  func predict(
    _ images: ImageSet, turnedBy angle: Double = 0, shouldStop: () -> Bool = { false },
    onBatch: (Int) -> Void = { _ in }
  ) -> (digits: [UInt8], loss: Double) {
    var (digits, loss) = ([UInt8](), 0.0)
    for first in stride(from: 0, to: images.count, by: engine.capacity) {
      if shouldStop() { break }
      let batch = first..<min(first + engine.capacity, images.count)
      var values: [Float] = []
      values.reserveCapacity(batch.count * grid.count)
      for index in batch { grid.sample(images, index, turnedBy: angle, into: &values) }
      let outputs = engine.outputs(of: values.map { T($0) }, samples: batch.count)
      for (row, index) in batch.enumerated() {
        var own = Array(outputs[row * ImageSet.classes..<(row + 1) * ImageSet.classes])
        let best = own.indices.max { own[$0] < own[$1] } ?? 0
        digits.append(UInt8(best))
        loss += own.withUnsafeMutableBufferPointer { crossEntropy($0, label: Int(images.labels[index])) }
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
