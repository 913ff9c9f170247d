// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A stretch of training by one optimiser. A configuration has one, or a list of them that follow each other.
public struct TrainingPhase: Sendable, Equatable {
  public enum Method: Sendable, Equatable {
    /// Adam, with a schedule of learning rates over the phase.
    case adam(CosineSchedule)
    /// Levenberg–Marquardt on single steps; see `StepResiduals`.
    case levenbergMarquardt
    /// Limited-memory BFGS on the whole loss, so many corrections kept, for so many iterations in all.
    case lbfgs(memory: Int, iterations: Int)
  }

  public let method: Method
  /// Epochs of Adam, iterations of Levenberg–Marquardt, rounds of L-BFGS: each has a row of training.csv.
  public let epochs: Int
  /// Only the first so many training systems are used.
  public let systems: Int
  /// Systems per step of Adam.
  let batch: Int

  /// Steps of one epoch; the last batch may be smaller.
  public var stepsPerEpoch: Int {
    if case .adam = method { (systems + batch - 1) / batch } else { 1 }
  }
  public var steps: Int { epochs * stepsPerEpoch }

  /// What the other keys of a configuration say, for the phases that leave it open.
  struct Defaults {
    let epochs: Int?
    let batch: Int?
    let systems: Int
  }

  init(_ node: ConfigNode, _ defaults: Defaults) throws {
    let common = ["method", "systems"]
    let every = common + ["learning_rate", "schedule", "floor", "epochs", "batch", "iterations", "memory"]
    let name = try ConfigReader(node, keys: every)["method"]?.choice(["adam", "lm", "lbfgs"]) ?? "adam"
    let counts = 1...1_000_000
    switch name {
    case "lm":
      let reader = try ConfigReader(node, keys: common + ["iterations"])
      epochs = try reader.required("iterations", "iterations: 80").integer(in: counts)
      method = .levenbergMarquardt
      batch = 1
      systems = try Self.systems(reader, defaults)
    case "lbfgs":
      let reader = try ConfigReader(node, keys: common + ["iterations", "memory"])
      let iterations = try reader.required("iterations", "iterations: 1000").integer(in: counts)
      epochs = (iterations + LimitedMemoryBFGS.iterationsPerRound - 1) / LimitedMemoryBFGS.iterationsPerRound
      method = .lbfgs(
        memory: try reader["memory"]?.integer(in: 3...1000) ?? 30, iterations: iterations)
      batch = 1
      systems = try Self.systems(reader, defaults)
    default:
      let reader = try ConfigReader(
        node, keys: common + ["learning_rate", "schedule", "floor", "epochs", "batch"])
      method = .adam(try CosineSchedule(reader))
      systems = try Self.systems(reader, defaults)
      guard let epochs = try reader["epochs"]?.integer(in: counts) ?? defaults.epochs else {
        throw node.error("does not say how long; write training: {epochs: 100, …}, or epochs: here")
      }
      guard let batch = try reader["batch"]?.integer(in: counts) ?? defaults.batch else {
        throw node.error("Adam needs the number of systems per step; write training: {batch: 200, …}")
      }
      self.epochs = epochs
      self.batch = min(batch, systems)
    }
  }

  private static func systems(_ reader: ConfigReader, _ defaults: Defaults) throws -> Int {
    min(try reader["systems"]?.integer(in: 1...10_000_000) ?? defaults.systems, defaults.systems)
  }

  /// The phases that an `optimizer` block means. Of phases of Levenberg–Marquardt that would come back to all the data
  /// that an earlier one has had, only the first is kept: a list for many systems then serves few of them too.
  static func phases(_ node: ConfigNode, _ defaults: Defaults) throws -> [TrainingPhase] {
    guard let items = try? node.items() else { return [try TrainingPhase(node, defaults)] }
    guard !items.isEmpty else {
      throw node.error("is empty; write optimizer: {method: adam, learning_rate: 1e-3}")
    }
    var phases: [TrainingPhase] = []
    for item in items {
      let phase = try TrainingPhase(item, defaults)
      if let last = phases.last, phase.method == .levenbergMarquardt, last.method == phase.method,
        last.systems == defaults.systems
      {
        continue
      }
      phases.append(phase)
    }
    return phases
  }
}

/// What the loss compares.
public enum LossKind: String, Sendable, CaseIterable {
  /// The states of a chunk that is rolled out from its first point, as published.
  case chunk
  /// The states after one step from every point of the chunk.
  case step
  /// The true forces at every point of the chunk; the rates of the state for a model that has no potential.
  case force
  /// Energies and forces that the data give.
  case potential

  /// The chunks that the loss is taken of, those of a system one after another.
  func pieces(of data: ChunkDataset) throws -> ChunkDataset {
    switch self {
    case .chunk, .potential: data
    case .step: data.intervals
    case .force: try data.rates()
    }
  }

  func piecesPerSystem(points: Int) -> Int {
    switch self {
    case .chunk, .potential: 1
    case .step: points - 1
    case .force: points
    }
  }

  /// The chunks of which every interval is a residual.
  func leastSquaresData(_ data: ChunkDataset) throws -> ChunkDataset {
    self == .force ? try data.rates() : data
  }
}
