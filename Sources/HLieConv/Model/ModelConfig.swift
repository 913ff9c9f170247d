// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The architecture of a learned Hamiltonian, as a training configuration's `model` block gives it.
public struct ModelConfig: Sendable, Equatable {
  /// The group whose symmetry the potential carries: "T2".
  public var group = "T2"
  /// Channels k; the convolutions work on a quarter of them.
  public var width = 384
  /// Bottleneck blocks.
  public var layers = 4
  public var pool = Pooling.mean
  /// Subtract the mean position first, which makes any group's model invariant under translations.
  public var centre = true
  /// Of the initial values.
  public var seed: UInt64 = 0

  public init() {}

  /// Reads a `model` block; with `dimension` known, only the groups that act there are allowed.
  public init(_ node: ConfigNode, dimension: Int? = nil) throws {
    let reader = try ConfigReader(
      node, keys: ["kind", "group", "width", "layers", "pool", "readout", "kernel", "centre", "seed"])
    // One kind, readout and kernel so far; the keys are there so that a file says what it means.
    _ = try reader["kind"]?.choice(["hlieconv"])
    _ = try reader["readout"]?.choice(["node"])
    _ = try reader["kernel"]?.choice(["geometry"])
    let names = dimension.map(Groups.names) ?? Array(Set(Groups.all.map { $0.name })).sorted()
    group = try reader.required("group", "one of: \(names.joined(separator: ", "))").choice(names)
    if let node = reader["width"] {
      width = try node.integer(in: 4...4096)
      if width % 4 != 0 { throw node.error("\(width) is not a multiple of 4; write \(width / 4 * 4)") }
    }
    if let node = reader["layers"] { layers = try node.integer(in: 1...32) }
    if let node = reader["pool"] {
      pool = Pooling(rawValue: try node.choice(Pooling.allCases.map(\.rawValue))) ?? pool
    }
    if let node = reader["centre"] { centre = try node.bool() }
    if let node = reader["seed"] { seed = try node.seed() }
  }

  public var node: ConfigNode {
    .mapping([
      "kind": .string("hlieconv"), "group": .string(group), "width": .integer(width),
      "layers": .integer(layers),
      "pool": .string(pool.rawValue), "readout": .string("node"), "kernel": .string("geometry"),
      "centre": .bool(centre), "seed": .integer(seed),
    ])
  }
}
