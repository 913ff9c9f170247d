// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The networks there are, by the names of `model.kind`: LieConv, and the baselines of the spring study of Finzi,
/// Stanton, Izmailov & Wilson 2020, section 6.1.
public enum ModelKind: String, Sendable, CaseIterable {
  /// V(q) by LieConv, T given.
  case hlieconv
  /// V(q) by a multilayer perceptron, T given.
  case hfc
  /// V(q) by a graph network, T given.
  case vogn
  /// H(q, p) by a graph network.
  case hogn
  /// q̇ and ṗ by LieConv.
  case flieconv
  /// q̇ and ṗ by a multilayer perceptron.
  case fc
  /// q̇ and ṗ by a graph network.
  case ogn

  /// What the network's output makes of the motion where T is given.
  var dynamics: LearnedDynamics {
    switch self {
    case .hlieconv, .hfc, .vogn: .potential
    case .hogn: .hamiltonian
    case .flieconv, .fc, .ogn: .vectorField
    }
  }
  /// Whether the network is made for a number of bodies.
  var countsBodies: Bool { self == .hfc || self == .fc }
  /// Whether it has as many layers as the configuration says.
  var hasLayers: Bool { hasGroup || countsBodies }
  /// Whether it carries the symmetry of a group.
  var hasGroup: Bool { self == .hlieconv || self == .flieconv }

  /// Those of the keys of `hlieconv` that the kind knows: a vector field of bodies has no energy to be read out or pooled.
  func keys(of all: [String]) -> [String] {
    self == .flieconv
      ? all.filter {
        ![
          "pool", "readout", "kernel", "scales", "charges", "channels", "hidden", "normalise", "kinetic",
          "friction",
        ].contains($0)
      } : all
  }

  /// The kind that a `model` block names, hlieconv where it names none.
  init(of model: ConfigNode) throws {
    let names = Self.allCases.map(\.rawValue)
    self = try model["kind"].flatMap { ModelKind(rawValue: try $0.choice(names)) } ?? .hlieconv
  }
}

extension ModelConfig {
  /// What the network's output makes of the motion.
  public var dynamics: LearnedDynamics {
    kind.dynamics == .potential && kinetic == .diagonal ? .hamiltonian : kind.dynamics
  }

  /// The group of the networks that carry the symmetry of none.
  static let noGroup = "Trivial"

  /// A baseline of that kind with the published width, for `bodies` bodies where it counts them.
  public init(baseline kind: ModelKind, bodies: Int? = nil) {
    self.kind = kind
    self.bodies = bodies
    group = Self.noGroup
    width = kind == .vogn ? 512 : 256
  }

  /// Reads the `model` block of a kind without a group.
  init(baseline kind: ModelKind, _ node: ConfigNode) throws {
    self.init(baseline: kind)
    let reader = try ConfigReader(
      node,
      keys: ["kind", "width", "centre", "seed"] + (kind.countsBodies ? ["bodies"] : [])
        + (kind.hasLayers ? ["layers"] : []))
    if kind.countsBodies {
      let example = "bodies: 6, the number that the network is made for"
      bodies = try reader.required("bodies", example).integer(in: 1...1_000_000)
    }
    if let node = reader["width"] { width = try node.integer(in: 1...4096) }
    if let node = reader["layers"] { layers = try node.integer(in: 1...32) }
    if let node = reader["centre"] { centre = try node.bool() }
    if let node = reader["seed"] { seed = try node.seed() }
  }

  /// The block of a kind without a group.
  var baselineNode: ConfigNode {
    .mapping([
      "kind": .string(kind.rawValue), "bodies": bodies.map { .integer($0) }, "width": .integer(width),
      "layers": kind.hasLayers ? .integer(layers) : nil, "centre": .bool(centre), "seed": .integer(seed),
    ])
  }

  /// What the model is called in a line: "T2", "flieconv T2", "vogn".
  public var title: String {
    kind == .hlieconv ? group : kind.hasGroup ? "\(kind.rawValue) \(group)" : kind.rawValue
  }

  /// The network of this configuration for bodies of `features` features each.
  ///
  /// Throws where the number of bodies is missing that it is to be made for, or a group is named that it has no use for.
  func program(
    group: any LieGroup.Type, features: Int, normalisation: Normalisation? = nil
  ) throws -> Program {
    if !kind.hasGroup, self.group != Self.noGroup {
      throw NoetherError(
        "model.group: \(kind.rawValue) carries no group, not even \(self.group); leave group out")
    }
    let dimension = group.spaceDimension
    switch kind {
    case .hlieconv:
      return HLieConvNetwork.program(
        self, group: group, features: features, normalisation: normalisation)
    case .flieconv: return FLieConvNetwork.program(self, group: group, features: features)
    case .vogn: return GraphNetwork.potential(self, dimension: dimension, features: features)
    case .hogn: return GraphNetwork.hamiltonian(self, dimension: dimension, features: features)
    case .ogn: return GraphNetwork.vectorField(self, dimension: dimension, features: features)
    case .hfc:
      return try Perceptron.potential(self, bodies: ownBodies(), dimension: dimension, features: features)
    case .fc:
      return try Perceptron.vectorField(self, bodies: ownBodies(), dimension: dimension, features: features)
    }
  }

  private func ownBodies() throws -> Int {
    if let bodies { return bodies }
    throw NoetherError("model.bodies: missing; write bodies: 6, the number that the network is made for")
  }

  /// Throws where the network is made for another number of bodies than `count`; `whose` begins "the scenario has".
  func checkBodies(_ count: Int, whose: String) throws {
    guard let bodies, bodies != count else { return }
    throw NoetherError(
      "\(kind.rawValue) is a network for \(bodies) bodies, \(whose) \(count); take systems of \(bodies), train another "
        + "with model.bodies: \(count), or one of a kind for any number: hlieconv, flieconv, vogn, hogn, ogn")
  }
}
