// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import RealModule

/// The architecture of a LieConv network on points, shared by all samples or their own (Finzi, Stanton, Izmailov & Wilson 2020,
/// section 6.2, with the authors' program for what the paper leaves open).
public struct PointNetworkConfig: Sendable, Equatable {
  /// What the kernels see of two lifted points besides their orbits.
  public enum Embedding: String, Sendable, CaseIterable {
    /// u_j⁻¹u_i itself, whose rotations are (cos θ, sin θ): no cut at half a turn.
    case element
    /// log(u_j⁻¹u_i), as published.
    case log
  }

  /// Whom a convolution sums over.
  public enum Neighbours: String, Sendable, CaseIterable {
    /// Up to `neighbours` of the points in a ball, drawn by lot.
    case ball
    /// The `neighbours` nearest points.
    case nearest
  }

  /// The group whose symmetry the network carries: "SE2".
  public var group = "T2"
  public var embedding = Embedding.element
  /// How points become elements of a group that turns about each of them: `isotropic` or `haar`, by rotations of each
  /// point's own, drawn from the seed.
  public var lift = Lift.haar
  /// Lifts of each point under `haar`; nil for 2 where the group has a fibre to draw from.
  public var samples: Int?
  /// The weight of the group's part in distances; nil for the published one.
  public var alpha: Double?
  /// Channels of the first block; they grow as the points become fewer.
  public var width = 128
  /// Bottleneck blocks.
  public var layers = 6
  /// The share of the points that is left after all blocks.
  public var downsampling = 0.1
  /// The share of the first block's points that a ball holds on average; it grows as the points become fewer.
  public var fill = 0.1
  public var neighbourhood = Neighbours.ball
  /// The most neighbours of a point.
  public var neighbours = 25
  public var pool = Pooling.mean
  /// Of the initial values, the lifts, the neighbourhoods and the points that are kept.
  public var seed: UInt64 = 0

  public init() {}

  private static let leastDownsampling = 1e-4
  public static let keys = [
    "group", "embedding", "lift", "samples", "alpha", "width", "layers", "downsampling", "fill",
    "neighbourhood", "neighbours", "pool", "seed",
  ]

  /// Reads a `model` block for points on `dimension` axes.
  public init(_ node: ConfigNode, dimension: Int) throws {
    let reader = try ConfigReader(node, keys: Self.keys)
    func share(_ key: String, _ value: inout Double) throws {
      guard let node = reader[key] else { return }
      value = try node.double(.positive)
      if value > 1 { throw node.error("\(value) is not allowed; write a share of the points, at most 1") }
    }
    let names = Groups.names(dimension: dimension)
    let choice = try reader.required("group", "one of: \(names.joined(separator: ", "))")
    group = try choice.string()
    if let complaint = Groups.complaint(about: group, dimension: dimension) { throw choice.error(complaint) }
    group = try choice.choice(names)
    if let node = reader["embedding"] {
      embedding = Embedding(rawValue: try node.choice(Embedding.allCases.map(\.rawValue))) ?? embedding
    }
    if let node = reader["lift"] {
      lift = Lift(rawValue: try node.choice([Lift.isotropic, .haar].map(\.rawValue))) ?? lift
    }
    if let node = reader["samples"] {
      samples = try node.integer(in: 1...64)
      if lift != .haar { throw node.error("goes with lift: haar; leave it out") }
    }
    if let node = reader["alpha"] {
      let value = try node.double()
      if !(0...1).contains(value) {
        throw node.error("\(value) is not allowed; write a number from 0 to 1")
      }
      alpha = value
    }
    if let node = reader["width"] { width = try node.integer(in: 4...2048) }
    if let node = reader["layers"] { layers = try node.integer(in: 1...32) }
    try share("downsampling", &downsampling)
    if downsampling < Self.leastDownsampling, let node = reader["downsampling"] {
      throw node.error("\(downsampling) is not allowed; write a share of at least \(Self.leastDownsampling)")
    }
    try share("fill", &fill)
    if let node = reader["neighbourhood"] {
      neighbourhood = Neighbours(rawValue: try node.choice(Neighbours.allCases.map(\.rawValue))) ?? .ball
      if neighbourhood == .nearest, let node = reader["fill"] {
        throw node.error("goes with neighbourhood: ball; leave it out")
      }
    }
    if let node = reader["neighbours"] { neighbours = try node.integer(in: 1...1024) }
    if let node = reader["pool"] {
      pool = Pooling(rawValue: try node.choice(Pooling.allCases.map(\.rawValue))) ?? pool
    }
    if let node = reader["seed"] { seed = try node.seed() }
    if let known = Groups.named(group, dimension: dimension), known.framed == nil, let samples, samples > 1 {
      throw (reader["samples"] ?? node).error(
        "every point has one lift under \(group), not \(samples); leave samples out")
    }
  }

  public var node: ConfigNode {
    .mapping([
      "group": .string(group), "embedding": .string(embedding.rawValue), "lift": .string(lift.rawValue),
      "samples": samples.map { .integer($0) }, "alpha": alpha.map { .number($0) }, "width": .integer(width),
      "layers": .integer(layers), "downsampling": .number(downsampling),
      "fill": neighbourhood == .ball ? .number(fill) : nil,
      "neighbourhood": .string(neighbourhood.rawValue), "neighbours": .integer(neighbours),
      "pool": .string(pool.rawValue), "seed": .integer(seed),
    ])
  }

  /// α of the authors' program.
  var distanceWeight: Double { alpha ?? ["RxSO2": 0.3, "SE2": 0.05][group] ?? 0.2 }

  /// Lifts of each point with this group.
  public func samples(of group: any LieGroup.Type) -> Int {
    lift == .haar && group.framed != nil ? samples ?? 2 : 1
  }

  /// ds, the share of its points that a block keeps.
  private var kept: Double { Double.pow(downsampling, 1 / Double(layers)) }

  /// k_i = ⌊k/ds^{i/2}⌋ channels before block i, and after the last one.
  var channels: [Int] {
    (0...layers).map { max(4, Int(Double(width) / Double.pow(kept, Double($0) / 2))) }
  }

  /// ds^i times `nodes` points, rounded block by block.
  func counts(of nodes: Int) -> [Int] {
    (0..<layers).reduce(into: [nodes]) { counts, _ in
      counts.append(max(1, Int((Double(counts.last ?? 1) * kept).rounded())))
    }
  }

  /// fill/ds^i, at most 1.
  func fill(ofBlock block: Int) -> Double { min(1, fill / Double.pow(kept, Double(block))) }
}
