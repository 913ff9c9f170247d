// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// Training of a network on sampled points, one step at a time: the loss of a batch, its exact gradient, and Adam's update.
public final class PointTraining<T: NetworkScalar> {
  public let engine: PointEngine<T>
  private var adam: Adam<T>
  private let threads: Int

  /// The loss, or a derivative of it, left the range of numbers.
  public struct NonFiniteLoss: Error {}

  public init(_ engine: PointEngine<T>, moments: PointMoments? = nil, threads: Int) {
    self.engine = engine
    self.threads = threads
    adam =
      moments.map { Adam(first: $0.first.map { T($0) }, second: $0.second.map { T($0) }, steps: $0.steps) }
      ?? Adam(count: engine.network.layout.count)
  }

  public var moments: PointMoments {
    PointMoments(
      first: adam.first.map { Double($0) }, second: adam.second.map { Double($0) }, steps: adam.steps)
  }

  /// Updates the parameters by a batch of `samples` samples, values [sample × point × input], and returns their mean loss
  /// before that; see `PointEngine.lossGradient`.
  ///
  /// Throws, with the parameters as they were, where the loss or its gradient is not finite.
  public func step(
    _ values: [T], samples: Int, rate: Double,
    _ loss: (_ sample: Int, _ outputs: UnsafeMutableBufferPointer<T>) -> Double
  ) throws(NonFiniteLoss) -> Double {
    let value = engine.lossGradient(of: values, samples: samples, loss)
    let gradient = engine.gradient
    guard value.isFinite, let base = gradient.baseAddress, T.squareSum(gradient.count, base).isFinite else {
      throw NonFiniteLoss()
    }
    adam.update(engine.parameters, along: gradient, rate: rate, threads: threads)
    engine.parametersChanged()
    return value
  }
}

/// Adam's moments and the number of its steps, which with the parameters and statistics are all that going on to the same
/// bits needs.
public struct PointMoments: Sendable {
  public var first: [Double]
  public var second: [Double]
  public var steps: Int

  public init(first: [Double], second: [Double], steps: Int) {
    (self.first, self.second, self.steps) = (first, second, steps)
  }
}

/// −log softmax(outputs)[label]; the outputs become softmax − 1[label], its gradient.
public func crossEntropy<T: NetworkScalar>(_ outputs: UnsafeMutableBufferPointer<T>, label: Int) -> Double {
  let largest = outputs.max() ?? 0
  var sum = 0.0
  for k in outputs.indices { sum += Double.exp(Double(outputs[k] - largest)) }
  let loss = Double.log(sum) - Double(outputs[label] - largest)
  for k in outputs.indices {
    outputs[k] = T(Double.exp(Double(outputs[k] - largest)) / sum - (k == label ? 1 : 0))
  }
  return loss
}
