// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

/// A group with a lift and a neighbourhood, or another kind of network: what a model can be built of.
struct ModelCase: Sendable, CustomTestStringConvertible {
  let group: any LieGroup.Type
  var lift = Lift.isotropic
  var neighbourhood = Neighbourhood.all
  var centre = false
  var samples: Int?
  var kind = ModelKind.hlieconv
  var kinetic = Kinetic.given

  var testDescription: String {
    if kind == .flieconv { return "flieconv \(group.name)\(centre ? " centred" : "")" }
    if !kind.hasGroup { return "\(kind) in \(group.spaceDimension)D\(centre ? " centred" : "")" }
    if kinetic != .given { return "\(group.name) with T \(kinetic) in \(group.spaceDimension)D" }
    return "\(group.name) \(lift) \(neighbourhood) in \(group.spaceDimension)D\(centre ? " centred" : "")"
  }

  /// Every group under every lift that differs from the others.
  static let all = Groups.all.flatMap { group in
    (group.framed == nil ? [.isotropic] : Lift.allCases).map {
      ModelCase(group: group, lift: $0, centre: group.needsCentring, samples: $0 == .haar ? 2 : nil)
    }
  }
  /// Those whose V has the group's symmetry to round-off.
  static let exact = all.filter { $0.lift != .haar }

  /// The kinds without a group, in the plane and in space.
  static let baselines = ModelKind.allCases.filter { !$0.hasGroup }.flatMap { kind in
    ([Trivial2.self, Trivial3.self] as [any LieGroup.Type]).map {
      ModelCase(group: $0, centre: true, kind: kind)
    }
  }
  /// Those of them that are potentials.
  static let potentials = baselines.filter { $0.kind.dynamics == .potential }
  /// All that learn no potential.
  static let flows =
    baselines.filter { $0.kind.dynamics != .potential }
    + ([SE2.self, T3.self] as [any LieGroup.Type]).map { ModelCase(group: $0, kinetic: .diagonal) }
    + ([T2.self, T3.self, Tx.self, Trivial2.self] as [any LieGroup.Type]).map {
      ModelCase(group: $0, centre: true, kind: .flieconv)
    }

  func with(_ neighbourhood: Neighbourhood) -> ModelCase {
    var changed = self
    changed.neighbourhood = neighbourhood
    return changed
  }

  func config(seed: UInt64 = 3) -> ModelConfig {
    var config =
      kind.hasGroup ? ModelConfig() : ModelConfig(baseline: kind, bodies: kind.countsBodies ? 5 : nil)
    config.kind = kind
    (config.group, config.lift, config.neighbourhood) = (group.name, lift, neighbourhood)
    (config.width, config.seed, config.centre) = (16, seed, centre)
    if kind.hasLayers { config.layers = 1 }
    config.samples = samples
    config.kinetic = kinetic
    return config
  }

  /// A model whose initial weights are scaled up, so that no path through it is too faint to be tested.
  func model(seed: UInt64 = 3, weights: UInt64 = 3, features: [String] = ["m"]) throws -> HamiltonianModel {
    try HamiltonianModel(
      config(seed: seed), dimension: group.spaceDimension, featureNames: features, precision: "float64"
    ) { layout in layout.initialValues(seed: weights).map { 2 * $0 } }
  }

  /// Its energy for so many bodies, the masses all different.
  func system(bodies: Int, seed: UInt64 = 3, weights: UInt64 = 3) throws -> LearnedSystem {
    let masses = (0..<bodies).map { 0.5 + 0.4 * Double($0) }
    return LearnedSystem(
      try model(seed: seed, weights: weights),
      bodies: Bodies(dimension: group.spaceDimension, masses: masses), features: masses.map { [$0] })
  }

  /// Random positions in the group's domain.
  func positions(bodies: Int, seed: UInt64 = 8) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return (0..<bodies * group.spaceDimension).map { _ in
      group.isRestricted ? generator.uniform(2, 4) : generator.normal()
    }
  }

  /// Where derivatives are most easily lost: bodies on a line, opposite each other, nearly or exactly in one place.
  var specialPositions: [(String, [Double])] {
    let d = group.spaceDimension
    func place(_ points: [[Double]]) -> [Double] {
      points.flatMap { point in (0..<d).map { group.isRestricted ? 3 + point[$0] / 2 : point[$0] } }
    }
    func line(_ direction: [Double]) -> [Double] {
      place([-1.5, -0.4, 0.7, 1.9].map { s in direction.map { s * $0 } })
    }
    let (a, b) = ([0.9, -0.5, 0.4], [0.3, 1.1, -0.8])
    func apart(_ gap: Double) -> [Double] {
      place([a, zip(a, [0.6, 0.64, -0.48]).map { $0 + gap * $1 }, b, [-1.2, 0.2, 0.5]])
    }
    return [
      ("random", positions(bodies: 4)), ("on the x axis", line([1, 0, 0])),
      ("on the y axis", line([0, 1, 0])),
      ("on a slanted line", line([0.6, 0.48, 0.64])),
      ("opposite", place([a, a.map { -$0 }, b, b.map { -$0 }])),
      ("1e-6 apart", apart(1e-6)), ("1e-9 apart", apart(1e-9)), ("in one place", apart(0)),
    ]
  }
}
