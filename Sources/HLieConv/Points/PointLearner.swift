// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// A network on sampled points that learns to tell classes apart, in the precision of its model: the cross-entropy of a batch,
/// its exact gradient, and Adam's update; and predictions.
///
/// Not generic, so that all arithmetic is compiled here for Float and for Double.
public final class PointLearner {
  /// The loss, or a derivative of it, left the range of numbers.
  public struct NonFiniteLoss: Error {}

  /// The most samples of a batch.
  public let capacity: Int
  private let model: PointModel
  private let trained: (_ values: [Float], _ labels: [Int], _ rate: Double) -> (loss: Double, errors: Int)?
  private let predicted: (_ values: [Float], _ samples: Int) -> [Double]
  private let state: () -> (parameters: [Double], statistics: [Double], moments: PointMoments)

  /// Starts from the model's parameters and statistics, and from `moments` where training goes on.
  ///
  /// Throws where the machine cannot hold batches of `capacity` samples.
  public init(
    _ model: PointModel, points: SampledPoints, capacity: Int, threads: Int, moments: PointMoments? = nil
  ) throws {
    self.model = model
    self.capacity = capacity
    func make<T: NetworkScalar>(_ scalar: T.Type) throws -> PointTraining<T> {
      try PointTraining(
        model.engine(points, capacity: capacity, threads: threads, T.self), moments: moments, threads: threads
      )
    }
    switch model.precision {
    case .float32:
      let training = try make(Float.self)
      (trained, predicted, state) = (training.step, training.outputs, { training.state })
    case .float64:
      let training = try make(Double.self)
      (trained, predicted, state) = (training.step, training.outputs, { training.state })
    }
  }

  /// Updates the parameters by a batch, values [sample × point × input] and a class for each sample, and returns the mean
  /// loss and the number of wrong predictions before that.
  ///
  /// Throws, with the parameters as they were, where the loss or its gradient is not finite.
  public func step(
    _ values: [Float], labels: [Int], rate: Double
  ) throws(NonFiniteLoss) -> (loss: Double, errors: Int) {
    guard let result = trained(values, labels, rate) else { throw NonFiniteLoss() }
    return result
  }

  /// The outputs [sample × class] with running statistics.
  public func outputs(of values: [Float], samples: Int) -> [Double] { predicted(values, samples) }

  /// The model with the parameters and statistics as they are.
  public var current: PointModel {
    var current = model
    (current.parameters, current.statistics, _) = state()
    return current
  }

  public var moments: PointMoments { state().moments }
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

/// `PointLearner` in one precision.
private final class PointTraining<T: NetworkScalar> {
  private let engine: PointEngine<T>
  private var adam: Adam<T>
  private let threads: Int

  init(_ engine: PointEngine<T>, moments: PointMoments?, threads: Int) {
    self.engine = engine
    self.threads = threads
    adam =
      moments.map { Adam(first: $0.first.map { T($0) }, second: $0.second.map { T($0) }, steps: $0.steps) }
      ?? Adam(count: engine.network.layout.count)
  }

  var state: (parameters: [Double], statistics: [Double], moments: PointMoments) {
    (
      engine.parameters.map { Double($0) }, engine.statistics,
      PointMoments(
        first: adam.first.map { Double($0) }, second: adam.second.map { Double($0) }, steps: adam.steps)
    )
  }

  /// nil where the loss or its gradient is not finite.
  func step(_ values: [Float], _ labels: [Int], _ rate: Double) -> (loss: Double, errors: Int)? {
    var errors = 0
    let value = engine.lossGradient(of: values.map { T($0) }, samples: labels.count) { sample, outputs in
      if outputs.indices.max(by: { outputs[$0] < outputs[$1] }) != labels[sample] { errors += 1 }
      return crossEntropy(outputs, label: labels[sample])
    }
    let gradient = engine.gradient
    guard value.isFinite, let base = gradient.baseAddress, T.squareSum(gradient.count, base).isFinite else {
      return nil
    }
    adam.update(engine.parameters, along: gradient, rate: rate, threads: threads)
    engine.parametersChanged()
    return (value, errors)
  }

  func outputs(_ values: [Float], _ samples: Int) -> [Double] {
    engine.outputs(of: values.map { T($0) }, samples: samples).map { Double($0) }
  }
}

/// −log softmax(outputs)[label]; the outputs become softmax − 1[label], its gradient.
private func crossEntropy<T: NetworkScalar>(_ outputs: UnsafeMutableBufferPointer<T>, label: Int) -> Double {
  var values = outputs.map { Double($0) }
  let loss = crossEntropy(&values, label: label)
  for k in outputs.indices { outputs[k] = T(values[k]) }
  return loss
}

/// −log softmax(outputs)[label]; the outputs become softmax − 1[label], its gradient.
public func crossEntropy(_ outputs: inout [Double], label: Int) -> Double {
  let largest = outputs.max() ?? 0
  let powers = outputs.map { Double.exp($0 - largest) }
  let sum = powers.reduce(0, +)
  let loss = Double.log(sum) - (outputs[label] - largest)
  outputs = powers.enumerated().map { $1 / sum - ($0 == label ? 1 : 0) }
  return loss
}
