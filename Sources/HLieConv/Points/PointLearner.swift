// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// Samples on the points that a learner was made for, values [sample × point × input].
public struct SharedSamples: Sendable {
  let values: [Float]
  let count: Int

  public init(_ values: [Float], count: Int) {
    self.values = values
    self.count = count
  }
}

/// A network on points that learns, in the precision of its model: the loss of a batch, its exact gradient, and Adam's update;
/// and predictions. Its samples are `SharedSamples`, or `[PointSet]`, each with points of its own.
///
/// Not generic in the precision, so that all arithmetic is compiled here for Float and for Double.
public final class PointLearner<Samples> {
  /// Told the outputs of a sample, returns its loss and writes the loss's derivatives over the outputs.
  public typealias Loss = (_ sample: Int, _ outputs: inout [Double]) -> Double

  private let model: PointModel
  private let trained: (_ samples: Samples, _ rate: Double, _ loss: Loss) -> Double?
  private let predicted: (_ samples: Samples) -> [Double]
  private let state: () -> (parameters: [Double], statistics: [Double], moments: PointMoments)

  private init<T, Tile>(
    _ model: PointModel, _ training: PointTraining<T>, batch: @escaping (Samples) -> PointBatch<Tile>
  ) where Tile.Scalar == T {
    self.model = model
    trained = { training.step(batch($0), $1, $2) }
    predicted = { training.outputs(of: batch($0)) }
    state = { training.state }
  }

  /// Updates the parameters by a batch and returns its mean loss before that.
  ///
  /// Throws, with the parameters as they were, where the loss or its gradient is not finite.
  public func step(_ samples: Samples, rate: Double, loss: Loss) throws(NonFiniteLoss) -> Double {
    guard let result = trained(samples, rate, loss) else { throw NonFiniteLoss() }
    return result
  }

  /// The outputs [sample × output] with running statistics.
  public func outputs(of samples: Samples) -> [Double] { predicted(samples) }

  /// The model with the parameters and statistics as they are.
  public var current: PointModel {
    var current = model
    (current.parameters, current.statistics, _) = state()
    return current
  }

  public var moments: PointMoments { state().moments }
}

extension PointLearner where Samples == SharedSamples {
  /// A learner for samples that share `points`. Starts from the model's parameters and statistics, and from `moments` where training
  /// goes on.
  ///
  /// Throws where the machine cannot hold batches of `capacity` samples.
  public static func sharing(
    _ model: PointModel, points: SampledPoints, capacity: Int, threads: Int, moments: PointMoments? = nil
  ) throws -> PointLearner {
    func make<T: NetworkScalar>(_ scalar: T.Type) throws -> PointLearner {
      let lanes = Product<T>.Right.lanes
      try model.check(
        tiles: (capacity + lanes - 1) / lanes, panels: points.counts,
        pairs: Double(points.blocks.map(\.pairs).max() ?? 0),
        gathersTogether: SharedPointTile<T>.gathersTogether, "a batch of \(capacity) samples", T.self)
      let shared = SharedPoints<T>(model.network, points)
      return PointLearner(model, PointTraining<T>(model, moments: moments, threads: threads)) {
        shared.batch($0.values.map { T($0) }, samples: $0.count)
      }
    }
    return try model.precision == .float32 ? make(Float.self) : make(Double.self)
  }
}

extension PointLearner where Samples == [PointSet] {
  /// A learner for samples with points of their own, at most `nodes` nodes and `pairs` pairs of neighbours in a batch.
  ///
  /// Throws where the machine cannot hold such batches.
  public static func own(
    _ model: PointModel, nodes: Int, pairs: Int, threads: Int, moments: PointMoments? = nil
  ) throws -> PointLearner {
    func make<T: NetworkScalar>(_ scalar: T.Type) throws -> PointLearner {
      let tiles = OwnPointTile<T>.most
      let panels = model.config.counts(of: nodes).map { $0 / (tiles * Product<T>.Right.lanes) + 1 }
      try model.check(
        tiles: tiles, panels: panels, pairs: Double(pairs),
        gathersTogether: OwnPointTile<T>.gathersTogether, "a batch of \(nodes) points", T.self)
      let (network, memory) = (model.network, model.network.blocks.map { _ in KernelMemory<T>() })
      return PointLearner(model, PointTraining<T>(model, moments: moments, threads: threads)) {
        PointBatch<OwnPointTile<T>>(network, sets: $0, memory: memory)
      }
    }
    return try model.precision == .float32 ? make(Float.self) : make(Double.self)
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

/// `PointLearner` in one precision.
private final class PointTraining<T: NetworkScalar> {
  private let engine: PointEngine<T>
  private var adam: Adam<T>
  private let threads: Int

  init(_ model: PointModel, moments: PointMoments?, threads: Int) {
    engine = model.engine(threads: threads, T.self)
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
  func step<Tile>(
    _ batch: PointBatch<Tile>, _ rate: Double, _ loss: (_ sample: Int, _ outputs: inout [Double]) -> Double
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

  func outputs<Tile>(of batch: PointBatch<Tile>) -> [Double] where Tile.Scalar == T {
    engine.outputs(of: batch).map { Double($0) }
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
