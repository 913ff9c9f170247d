// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// A training configuration: data, model, loss, optimiser, and how long.
public struct TrainingConfig: Sendable {
  public static let format = "noether/training"
  public static let version = 1

  public enum Precision: String, Sendable, CaseIterable {
    case float32
    case float64
  }

  public let data: DataConfig
  public let model: ModelConfig
  /// The method that chunks are rolled out with.
  public let method: ChunkMethod
  public let schedule: CosineSchedule
  public let epochs: Int
  /// Systems per step; at most the number of training systems.
  public let batch: Int
  public let precision: Precision
  /// The whole configuration as read, the scenario written out in it.
  public let resolved: ConfigNode

  /// The configuration in the file at `path`, after overrides such as "training.epochs=20".
  public static func load(_ path: String, overrides: [String] = []) throws -> TrainingConfig {
    try TrainingConfig(overrides.reduce(ConfigNode.load(path: path)) { try $0.setting($1) })
  }

  public init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: ["format", "version", "name", "description", "data", "model", "loss", "optimizer", "training"])
    try reader.requireFormat(Self.format, version: Self.version)
    _ = try reader["name"]?.string()
    _ = try reader["description"]?.string()
    data = try DataConfig(reader.required("data", "data: {scenario: springs.yaml, train: 3000, …}"))
    model = try ModelConfig(
      reader.required("model", "model: {group: T2, …}"), dimension: data.scenario?.dimension)

    method = try Self.method(
      ConfigReader(
        reader.required("loss", "loss: {integrator: rk4-38}"), keys: ["integrator", "stride"]))

    if let complaint = method.complaint(about: model.kind.dynamics) {
      throw (reader["loss"]?["integrator"] ?? node).error(complaint)
    }

    schedule = try CosineSchedule(
      reader.required("optimizer", "optimizer: {method: adam, learning_rate: 1e-3}"))
    let training = try ConfigReader(
      reader.required("training", "training: {epochs: 100, batch: 200}"),
      keys: ["epochs", "batch", "precision"])
    epochs = try training.required("epochs", "epochs: 100").integer(in: 1...1_000_000)
    batch = min(
      try training.required("batch", "batch: 200").integer(in: 1...1_000_000), data.train)
    let precisions = Precision.allCases.map(\.rawValue)
    precision =
      try training["precision"].flatMap { Precision(rawValue: try $0.choice(precisions)) } ?? .float32
    if let scenario = data.scenario {
      resolved = try node.replacing("data.scenario", with: scenario.resolved)
    } else {
      resolved = try node.replacing("data.trajectories", with: data.trajectories.map { .string($0) })
    }
  }

  /// What the loss integrates with.
  private static func method(_ loss: ConfigReader) throws -> ChunkMethod {
    let names = ChunkMethod.all.map(\.name)
    let name = try loss.required("integrator", "one of: " + names.joined(separator: ", ")).choice(names)
    guard let stride = loss["stride"] else { return ChunkMethod.named(name) ?? .threeEighths }
    guard let method = ChunkMethod.named(name, stride: try stride.integer(in: 1...1000)) else {
      throw stride.error("\(name) takes one step per data point; leave stride out, or use nystrom4")
    }
    return method
  }

  /// What a model file remembers of this: everything but the path of a trajectory file, since the model may
  /// travel. Evaluating it then asks for `--set data.trajectories=FILE`.
  func memory() throws -> String { try resolved.replacing("data.trajectories", with: nil).json }

  /// Steps of one epoch; the last batch may be smaller.
  public var stepsPerEpoch: Int { (data.train + batch - 1) / batch }
}

/// Where training data come from, and how they are split.
public struct DataConfig: Sendable {
  /// Systems to simulate; nil where `trajectories` are given.
  public let scenario: Scenario?
  /// An NPZ file of trajectories.
  public let trajectories: String?
  /// Numbers of systems.
  public let train: Int
  public let validation: Int
  public let test: Int
  /// Points per chunk, the given first one included.
  public let chunk: Int
  public let seed: UInt64

  init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: [
        "scenario", "trajectories", "train", "validation", "test", "chunk", "seed", "integrator", "centring",
      ], alternatives: [["scenario", "trajectories"]])
    if let path = reader["trajectories"] {
      trajectories = URL(fileURLWithPath: try path.filePath()).standardizedFileURL.path
      scenario = nil
      for key in ["integrator", "centring"] {
        if let node = reader[key] {
          throw node.error("goes with scenario:, not with trajectories:; leave it out")
        }
      }
    } else {
      let given = try reader.required("scenario", "scenario: springs.yaml, or trajectories: some.npz")
      // The data's own integrator and centring take the place of the scenario's.
      var tree = try Scenario.load(at: given).resolved
      if let integrator = reader["integrator"] { tree = try tree.replacing("integrator", with: integrator) }
      if let centring = reader["centring"] { tree = try tree.replacing("random.centring", with: centring) }
      scenario = try Scenario(tree)
      trajectories = nil
    }
    let most = 10_000_000
    train = try reader.required("train", "train: 3000, the number of systems").integer(in: 1...most)
    validation = try reader.required("validation", "validation: 200").integer(in: 1...most)
    test = try reader["test"]?.integer(in: 1...most) ?? 2000
    chunk = try reader["chunk"]?.integer(in: 2...1000) ?? 5
    seed = try reader["seed"]?.seed() ?? 0
  }

  public enum Split: UInt64, Sendable, CaseIterable {
    case train
    case validation
    case test
  }

  public func count(of split: Split) -> Int {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// The number of the first system of a split. Each split has its own stretch of the seed's ensemble, so that a
  /// larger training set contains the smaller one (but for its momenta under `centring: systems`, which depend on
  /// all that are drawn) and leaves validation and test as they are.
  public func first(of split: Split) -> Int { Int(split.rawValue) * 100_000_000 }

  /// The first frame of the one chunk that is kept of system `index`: the frames are cut into pieces of `chunk`,
  /// and one is drawn.
  public func chunkStart(ofSystem index: Int, frames: Int) throws -> Int {
    guard frames >= chunk else {
      throw NoetherError(
        "data.chunk: \(chunk) points are wanted, a trajectory has \(frames); lower data.chunk or keep more frames"
      )
    }
    var generator = SeededGenerator(seed: seed, path: 0x6368_756E_6B, UInt64(index))
    return chunk * generator.index(below: frames / chunk)
  }
}
