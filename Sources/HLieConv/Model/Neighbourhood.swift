// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Which bodies a convolution sums over.
///
/// Distances are the group's own: for `cutoff` the root of its smooth separation, for the others its distance with
/// the weight `alpha`. All but `all` and `cutoff` make V jump where a body enters or leaves, so that no energy is
/// conserved exactly. A body is its own neighbour always.
public enum Neighbourhood: Sendable, Equatable {
  case all
  /// Weights exp(−s/(1 − s)), s = d²/r², that fall smoothly to zero at r.
  case cutoff(radius: Double)
  /// All within a distance (Finzi et al. 2020, section 4.4).
  case ball(Reach)
  /// The `count` nearest, the body itself being the first.
  case nearest(count: Int)
  /// At most `count` members of a ball, the body itself among them, drawn once for each pair from the model's seed.
  /// Forces then depend on the order of the bodies.
  case sample(Reach, count: Int)

  public enum Reach: Sendable, Equatable {
    case radius(Double)
    /// The mean share of all pairs that lie inside, a body and itself included; training finds the radius once, from
    /// the chunks it starts with, and the model keeps that.
    case fill(Double)
  }

  private static let kinds = ["all", "cutoff", "ball", "nearest", "sample"]

  /// Reads `{kind: ball, radius: 2}`.
  init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node, keys: ["kind", "radius", "fill", "count"], alternatives: [["radius", "fill"]])
    let kind = try reader.required("kind", "one of: " + Self.kinds.joined(separator: ", ")).choice(Self.kinds)
    func refuse(_ keys: String...) throws {
      for key in keys {
        if let node = reader[key] { throw node.error("does not go with kind: \(kind); leave it out") }
      }
    }
    func radius() throws -> Double { try reader.required("radius", "radius: 2").double(.positive) }
    func count() throws -> Int { try reader.required("count", "count: 8").integer(in: 1...1_000_000) }
    func reach() throws -> Reach {
      guard let fill = reader["fill"] else { return .radius(try radius()) }
      let share = try fill.double(.positive)
      if share > 1 { throw fill.error("\(share) is not allowed; write a share of all pairs, at most 1") }
      return .fill(share)
    }
    switch kind {
    case "cutoff":
      try refuse("fill", "count")
      let radius = try radius()
      // 1/r² must exist in float32, too.
      if !Float(1 / (radius * radius)).isFinite {
        throw (reader["radius"] ?? node).error("\(radius) is too small for float32; write radius: 2")
      }
      self = .cutoff(radius: radius)
    case "ball":
      try refuse("count")
      self = .ball(try reach())
    case "nearest":
      try refuse("radius", "fill")
      self = .nearest(count: try count())
    case "sample": self = .sample(try reach(), count: try count())
    default:
      try refuse("radius", "fill", "count")
      self = .all
    }
  }

  var node: ConfigNode {
    func entry(_ reach: Reach) -> (radius: ConfigNode?, fill: ConfigNode?) {
      switch reach {
      case .radius(let radius): (.number(radius), nil)
      case .fill(let fill): (nil, .number(fill))
      }
    }
    switch self {
    case .all: return .mapping(["kind": .string("all")])
    case .cutoff(let radius): return .mapping(["kind": .string("cutoff"), "radius": .number(radius)])
    case .ball(let reach):
      let (radius, fill) = entry(reach)
      return .mapping(["kind": .string("ball"), "radius": radius, "fill": fill])
    case .nearest(let count): return .mapping(["kind": .string("nearest"), "count": .integer(count)])
    case .sample(let reach, let count):
      let (radius, fill) = entry(reach)
      return .mapping([
        "kind": .string("sample"), "radius": radius, "fill": fill, "count": .integer(count),
      ])
    }
  }

  /// The share of pairs that a radius is still to be found for.
  var openFill: Double? {
    switch self {
    case .ball(.fill(let fill)), .sample(.fill(let fill), _): fill
    default: nil
    }
  }

  /// The same with a radius in place of the share.
  func settled(radius: Double) -> Neighbourhood {
    switch self {
    case .ball(.fill): .ball(.radius(radius))
    case .sample(.fill, let count): .sample(.radius(radius), count: count)
    default: self
    }
  }

  /// Whether it has a sharp edge, and so needs the group's distance.
  var isHard: Bool {
    switch self {
    case .all, .cutoff: false
    case .ball, .nearest, .sample: true
    }
  }

  /// What decides who belongs to a body; nil for smooth weights, and while a radius is missing.
  func rule(seed: UInt64) -> NeighbourMask.Rule? {
    switch self {
    case .ball(.radius(let radius)): .ball(radius: radius)
    case .nearest(let count): .nearest(count: count)
    case .sample(.radius(let radius), let count): .sample(radius: radius, count: count, seed: seed)
    case .all, .cutoff, .ball(.fill), .sample(.fill, _): nil
    }
  }
}
