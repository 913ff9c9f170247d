// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What the output of a network makes of the motion.
public enum LearnedDynamics: Sendable {
  /// V(q), T = Σ|pᵢ|²/2mᵢ being given: q̇ = p/m, ṗ = −∂V/∂q.
  case potential
  /// H(q, p): q̇ = ∂H/∂p, ṗ = −∂H/∂q.
  case hamiltonian
  /// q̇ and ṗ themselves, which derive from no energy.
  case vectorField

  public var hasEnergy: Bool { self != .vectorField }

  /// What is learned, in words.
  var output: String {
    switch self {
    case .potential: "V(q)"
    case .hamiltonian: "all of H(q, p)"
    case .vectorField: "dq/dt and dp/dt, without any energy"
    }
  }
}

extension HamiltonianModel {
  public var dynamics: LearnedDynamics { config.dynamics }

  /// The learned law for the bodies of `truth`: a `HamiltonianSystem` where the model has a potential and no friction.
  ///
  /// Throws where the bodies do not fit the model.
  public func law(
    like truth: any MechanicalSystem, precision: Precision = .float64
  ) throws -> any DynamicalSystem {
    if dynamics == .potential {
      let system = try system(like: truth, precision: precision)
      if let friction { return DampedSystem(system, friction: friction) }
      return system
    }
    try check(truth)
    try checkMemory(systems: 1, bodies: truth.bodies.count)
    return LearnedFlow(self, bodies: truth.bodies, features: truth.features, precision: precision)
  }

  /// Throws where the model has no potential V(q).
  func checkPotential() throws {
    if dynamics == .potential { return }
    throw NoetherError(
      "\(config.kind.rawValue) learns no potential V(q), but \(dynamics.output); ask for the law it learns, or take a "
        + "model that does: hlieconv with kinetic: given, vogn, hfc")
  }
}
