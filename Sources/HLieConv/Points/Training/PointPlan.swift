// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How a network on points is trained, and how long: the `optimizer` and `training` blocks of its configuration.
public struct PointPlan: Sendable {
  public let schedule: CosineSchedule
  public let epochs: Int
  public let batch: Int
  public let precision: Precision
  /// Training samples.
  public let samples: Int

  /// Reads both blocks of a configuration for `samples` training samples.
  public init(_ config: ConfigReader, samples: Int, others: [String] = []) throws {
    let optimizer = try ConfigReader(
      config.required("optimizer", "optimizer: {method: adam, learning_rate: 3e-3}"),
      keys: ["method", "learning_rate", "schedule", "floor"])
    _ = try optimizer["method"]?.choice(["adam"])
    schedule = try CosineSchedule(optimizer)
    let training = try ConfigReader(
      config.required("training", "training: {epochs: 20, batch: 32}"),
      keys: ["epochs", "batch", "precision"] + others)
    epochs = try training.required("epochs", "epochs: 20").integer(in: 1...1_000_000)
    batch = try training["batch"]?.integer(in: 2...100_000) ?? 32
    let precisions = Precision.allCases.map(\.rawValue)
    precision =
      try training["precision"].flatMap { Precision(rawValue: try $0.choice(precisions)) } ?? .float32
    if let node = training["batch"], batch > samples {
      throw node.error("\(batch) is more than data.train, \(samples); lower it")
    }
    self.samples = samples
  }

  /// The reader of a whole configuration of a training of `format`, whose blocks are `data`, `model`, `optimizer` and `training`.
  public static func reader(_ node: ConfigNode, format: String, version: Int) throws -> ConfigReader {
    let reader = try ConfigReader(
      node, keys: ["format", "version", "name", "description", "data", "model", "optimizer", "training"])
    try reader.requireFormat(format, version: version)
    _ = try reader["name"]?.string()
    _ = try reader["description"]?.string()
    return reader
  }

  /// Whether a training configuration says that it is of `format`.
  public static func isMeant(by node: ConfigNode, format: String) -> Bool {
    (try? node["format"]?.string()) == format
  }

  public var stepsPerEpoch: Int { (samples + batch - 1) / batch }
  public var steps: Int { epochs * stepsPerEpoch }
}
