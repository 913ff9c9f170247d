// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// What a network on points takes at a time.
public enum PointSamples: Sendable {
  /// Samples on the points that the learner was made for, values [sample × point × input].
  case shared([Float], count: Int)
  /// Samples with points of their own.
  case own([PointSet])

  public var count: Int {
    switch self {
    case .shared(_, let count): count
    case .own(let sets): sets.count
    }
  }
}

/// A network on points that learns, in the precision of its model: the loss of a batch, its exact gradient, and Adam's update;
/// and predictions.
///
/// Not generic, so that all arithmetic is compiled here for Float and for Double.
public final class PointLearner {
  /// The loss, or a derivative of it, left the range of numbers.
  public struct NonFiniteLoss: Error {}
  /// Told the outputs of a sample, returns its loss and writes the loss's derivatives over the outputs.
  public typealias Loss = (_ sample: Int, _ outputs: inout [Double]) -> Double

  private let model: PointModel
  private let trained: (_ samples: PointSamples, _ rate: Double, _ loss: Loss) -> Double?
  private let predicted: (_ samples: PointSamples) -> [Double]
  private let state: () -> (parameters: [Double], statistics: [Double], moments: PointMoments)

  /// A learner for samples that share `points`. Starts from the model's parameters and statistics, and from `moments` where training
  /// goes on.
  ///
  /// Throws where the machine cannot hold batches of `capacity` samples.
  public convenience init(
    _ model: PointModel, points: SampledPoints, capacity: Int, threads: Int, moments: PointMoments? = nil
  ) throws {
    func check<T: NetworkScalar>(_ scalar: T.Type) throws {
      let lanes = Product<T>.Right.lanes
      try model.check(
        tiles: (capacity + lanes - 1) / lanes, panels: points.counts,
        pairs: Double(points.blocks.map(\.pairs).max() ?? 0),
        gathersTogether: SharedPointTile<T>.gathersTogether, "a batch of \(capacity) samples", T.self)
    }
    try model.precision == .float32 ? check(Float.self) : check(Double.self)
    self.init(model, sharing: points, threads: threads, moments: moments)
  }

  /// A learner for samples with points of their own, at most `nodes` nodes and `pairs` pairs of neighbours in a batch.
  ///
  /// Throws where the machine cannot hold such batches.
  public convenience init(
    _ model: PointModel, nodes: Int, pairs: Int, threads: Int, moments: PointMoments? = nil
  ) throws {
    func check<T: NetworkScalar>(_ scalar: T.Type) throws {
      let tiles = OwnPointTile<T>.most
      let panels = model.config.counts(of: nodes).map { $0 / (tiles * Product<T>.Right.lanes) + 1 }
      try model.check(
        tiles: tiles, panels: panels, pairs: Double(pairs),
        gathersTogether: OwnPointTile<T>.gathersTogether, "a batch of \(nodes) points", T.self)
    }
    try model.precision == .float32 ? check(Float.self) : check(Double.self)
    self.init(model, sharing: nil, threads: threads, moments: moments)
  }

  private init(_ model: PointModel, sharing points: SampledPoints?, threads: Int, moments: PointMoments?) {
    self.model = model
    func make<T: NetworkScalar>(_ scalar: T.Type) -> PointTraining<T> {
      PointTraining(model, sharing: points, moments: moments, threads: threads)
    }
    switch model.precision {
    case .float32:
      let training = make(Float.self)
      (trained, predicted, state) = (training.step, training.outputs, { training.state })
    case .float64:
      let training = make(Double.self)
      (trained, predicted, state) = (training.step, training.outputs, { training.state })
    }
  }

  /// Updates the parameters by a batch and returns its mean loss before that. Samples that share points want a learner that was made
  /// for those.
  ///
  /// Throws, with the parameters as they were, where the loss or its gradient is not finite.
  public func step(_ samples: PointSamples, rate: Double, loss: Loss) throws(NonFiniteLoss) -> Double {
    guard let result = trained(samples, rate, loss) else { throw NonFiniteLoss() }
    return result
  }

  /// The outputs [sample × output] with running statistics.
  public func outputs(of samples: PointSamples) -> [Double] { predicted(samples) }

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
  private let shared: SharedPoints<T>?
  /// Of the kernel functions of samples with points of their own.
  private let kernelMemory: [KernelMemory<T>]
  private var adam: Adam<T>
  private let threads: Int

  init(_ model: PointModel, sharing points: SampledPoints?, moments: PointMoments?, threads: Int) {
    engine = model.engine(threads: threads, T.self)
    shared = points.map { SharedPoints(model.network, $0) }
    kernelMemory = model.network.blocks.map { _ in KernelMemory() }
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
  func step(_ samples: PointSamples, _ rate: Double, _ loss: PointLearner.Loss) -> Double? {
    switch samples {
    case .own(let sets): step(batch(sets), rate, loss)
    case .shared(let values, let count): step(batch(values, count), rate, loss)
    }
  }

  private func batch(_ sets: [PointSet]) -> PointBatch<OwnPointTile<T>> {
    PointBatch(engine.network, sets: sets, memory: kernelMemory)
  }

  private func batch(_ values: [Float], _ count: Int) -> PointBatch<SharedPointTile<T>> {
    guard let shared else { preconditionFailure("the learner was made for samples with points of their own") }
    return shared.batch(values.map { T($0) }, samples: count)
  }

  private func step<Tile>(
    _ batch: PointBatch<Tile>, _ rate: Double, _ loss: PointLearner.Loss
  ) -> Double? where Tile.Scalar == T {
    let statistics = engine.statistics
    let value = engine.lossGradient(of: batch) { sample, outputs in
      var row = outputs.map { Double($0) }
      let value = loss(sample, &row)
      for k in outputs.indices { outputs[k] = T(row[k]) }
      return value
    }
    let gradient = engine.gradient
    guard value.isFinite, let base = gradient.baseAddress, T.squareSum(gradient.count, base).isFinite else {
      engine.statistics = statistics
      return nil
    }
    adam.update(engine.parameters, along: gradient, rate: rate, threads: threads)
    engine.parametersChanged()
    return value
  }

  func outputs(_ samples: PointSamples) -> [Double] {
    let outputs =
      switch samples {
      case .own(let sets): engine.outputs(of: batch(sets))
      case .shared(let values, let count): engine.outputs(of: batch(values, count))
      }
    return outputs.map { Double($0) }
  }
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
