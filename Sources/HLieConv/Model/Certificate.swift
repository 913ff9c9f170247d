// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// What a model's symmetry comes to in numbers, each the largest met over random states and random motions. Of a model with
/// friction it is that of H alone: F = −∂V/∂q.
public struct Certificate: Sendable {
  public enum Quantity: String, Sendable, CaseIterable {
    /// |H(g·z) − H(z)| for motions that keep distances, of V alone for others; over T + Σ|Vᵢ|. Over T + |H| for a
    /// learned H(q, p).
    case invariance
    /// |F(g·q) − g_*F(q)| over Σ|Fᵢ(g·q)|, where g_* carries forces as it does momenta. Of (q̇, ṗ) in place of F for a
    /// model that is no potential.
    case equivariance
    /// |ΣFᵢ| over Σ|Fᵢ|, with F = ṗ.
    case netForce = "net_force"
    /// |Σ xᵢ×Fᵢ| over Σ|xᵢ||Fᵢ|, about the origin; |Σ xᵢ×ṗᵢ + q̇ᵢ×pᵢ| over Σ|xᵢ||ṗᵢ| + |q̇ᵢ||pᵢ| for a model that is no
    /// potential.
    case netTorque = "net_torque"

    /// Why there is no such thing for `model`; nil where there is.
    public func absence(from model: HamiltonianModel) -> String? {
      switch self {
      case .invariance where !model.dynamics.hasEnergy: "the model has no energy"
      case .netTorque where model.dimension == 1: "nothing turns on a line"
      default: nil
      }
    }
  }

  public struct Entry: Sendable {
    public let quantity: Quantity
    /// "float32" or "float64".
    public let precision: String
    public let value: Double
  }

  /// Every quantity that applies to the model in both precisions, in that order; NaN where none of the motions stays in the model's domain.
  public internal(set) var entries: [Entry] = []
  /// The groups whose elements moved the states.
  public let motions: [any LieGroup.Type]
  /// How many states were measured, and how many were left out since the model is not defined there.
  public let states: Int
  public let skipped: Int
  /// What the model promises of each quantity that applies to it by the way it is built.
  public let promises: [Quantity: Conservation]

  public func value(_ quantity: Quantity, _ precision: String) -> Double? {
    entries.first { $0.quantity == quantity && $0.precision == precision }?.value
  }
}

extension HamiltonianModel {
  /// Measures the symmetry of H and of its forces in float32 and float64.
  ///
  /// - Parameters:
  ///   - systems: where the states come from; all of equally many bodies.
  ///   - group: whose elements move the states; nil for the model's own group and, where it is centred,
  ///     translations, or for a model without any motions those of space, which it then fails.
  ///   - seed: of the random elements exp(a), with every component of a uniform in [−1, 1).
  ///
  /// Throws where the systems do not fit the model, or none of the states is in its domain.
  public func certify(
    on systems: [ScenarioSystem], group: (any LieGroup.Type)? = nil, seed: UInt64, threads: Int
  ) throws -> Certificate {
    for system in systems {
      try check(system.system)
      guard system.system.bodies.count == systems[0].system.bodies.count else {
        throw NoetherError(
          "certify: the systems have different numbers of bodies; certify those of one size at a time")
      }
    }
    let inside = systems.filter { fault(at: $0.initial.q.span) == nil }
    guard !inside.isEmpty else {
      let first = systems.first.flatMap { system in
        fault(at: system.initial.q.span).map {
          "body '\(system.system.bodies.names[$0.body])' of the first is \($0.why)"
        }
      }
      throw NoetherError(
        "none of \(systems.count) states is in the domain of the model: \(first ?? "there are none")")
    }
    let motions = group.map { [$0] } ?? ownMotions
    try checkMemory(systems: min(inside.count, Self.portion), bodies: inside[0].system.bodies.count)
    var certificate = Certificate(
      motions: motions, states: inside.count, skipped: systems.count - inside.count,
      promises: promises(of: motions))
    var (single, double) = ([Certificate.Quantity: Double](), [Certificate.Quantity: Double]())
    for first in stride(from: 0, to: inside.count, by: Self.portion) {
      let states = Array(inside[first..<min(first + Self.portion, inside.count)])
      let draws = MotionDraw.all(motions, of: self, at: states, seed: seed)
      let measure = { try worst($0, of: states, draws, threads: threads) }
      single.merge(try measure(.float32), uniquingKeysWith: maximum)
      double.merge(try measure(.float64), uniquingKeysWith: maximum)
    }
    certificate.entries = Certificate.Quantity.allCases.filter { $0.absence(from: self) == nil }.flatMap {
      quantity in
      [(Float.precisionName, single), (Double.precisionName, double)].map { precision, worst in
        Certificate.Entry(quantity: quantity, precision: precision, value: worst[quantity] ?? .nan)
      }
    }
    return certificate
  }

  private func worst(
    _ precision: Precision, of states: [ScenarioSystem], _ draws: [MotionDraw], threads: Int
  ) throws -> [Certificate.Quantity: Double] {
    switch (dynamics, precision) {
    case (.potential, .float32): try Measurement<Float>(self, states, draws, threads: threads).worst
    case (.potential, .float64): try Measurement<Double>(self, states, draws, threads: threads).worst
    default: try FlowMeasurement(self, states, draws, precision: precision, threads: threads).worst
    }
  }

  /// States that are measured at a time.
  private static let portion = 64

  /// The groups that a model is held against where none is named.
  private var ownMotions: [any LieGroup.Type] {
    var motions = group.algebraComponents.isEmpty ? [] : [group]
    let translations = VelocityField.translations(dimension: dimension)
    let fields = motions.flatMap(VelocityField.all)
    if config.centre, !translations.allSatisfy({ $0.isCombination(of: fields) }) {
      motions.append([T1.self, T2.self, T3.self][dimension - 1])
    }
    return motions.isEmpty ? [[T1.self, SE2.self, SE3.self][dimension - 1]] : motions
  }

  private func promises(of motions: [any LieGroup.Type]) -> [Certificate.Quantity: Conservation] {
    let symmetry = ModelSymmetry(self)
    func worst(_ fields: [VelocityField]) -> Conservation {
      let all = fields.map(symmetry.invariance)
      return all.contains(.no) ? .no : all.contains(.approximate) ? .approximate : .exact
    }
    let own = worst(motions.flatMap(VelocityField.all))
    // Without an energy a symmetry keeps no momentum.
    let kept = { (fields: [VelocityField]) in dynamics.hasEnergy ? worst(fields) : .no }
    let promises: [Certificate.Quantity: Conservation] = [
      .invariance: own, .equivariance: own,
      .netForce: kept(VelocityField.translations(dimension: dimension)),
      .netTorque: kept(VelocityField.rotations(dimension: dimension)),
    ]
    return promises.filter { $0.key.absence(from: self) == nil }
  }
}

/// One random element for every state: exp(a), or nil where it would carry the state out of the model's domain.
struct MotionDraw {
  let group: any LieGroup.Type
  let isIsometry: Bool
  let elements: [[Double]?]

  /// Elements of every group for every state.
  private static let perGroup = 4

  static func all(
    _ motions: [any LieGroup.Type], of model: HamiltonianModel, at states: [ScenarioSystem], seed: UInt64
  ) -> [MotionDraw] {
    motions.enumerated().flatMap { place, group in
      let isIsometry = VelocityField.all(of: group).allSatisfy(\.isIsometry)
      return (0..<perGroup).map { repetition in
        MotionDraw(
          group: group, isIsometry: isIsometry,
          elements: states.map { state in
            var random = SeededGenerator(
              seed: seed, path: 0x6365_7274, UInt64(place), UInt64(repetition), UInt64(state.index))
            let a = group.algebraComponents.map { _ in random.uniform(-1, 1) }
            let moved = CotangentLift(group, a, at: state.initial.q).q
            return model.fault(at: moved.span) == nil ? a : nil
          })
      }
    }
  }
}
