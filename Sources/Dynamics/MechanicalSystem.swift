// SPDX-License-Identifier: GPL-3.0-or-later

/// A system with H(q, p) = T(q, p) + V(q), q̇ = ∂H/∂p, ṗ = −∂H/∂q.
///
/// Scenarios are made of these. Where T depends on p alone the system is a `HamiltonianSystem`, which every method takes.
public protocol MechanicalSystem: DynamicalSystem {
  /// T(q, p).
  func kineticEnergy(q: Span<Double>, p: Span<Double>) -> Double

  /// V(q), for positions `q` [bodies × dimension].
  func potentialEnergy(at q: Span<Double>) -> Double

  /// The momenta of bodies at `q` that move with the velocities `v`, all [bodies × dimension].
  func momenta(ofVelocities v: [Double], at q: [Double]) -> [Double]

  /// What a network is told of each body [bodies][features]: for springs m and k, for gravity m.
  var features: [[Double]] { get }
  /// Names of the columns of `features`: ["m", "k"].
  var featureNames: [String] { get }
}

extension MechanicalSystem {
  /// H = T + V.
  public func energy(q: Span<Double>, p: Span<Double>) -> Double? {
    kineticEnergy(q: q, p: p) + potentialEnergy(at: q)
  }

  /// H = T + V.
  public func energy(of state: PhaseState) -> Double {
    kineticEnergy(q: state.q.span, p: state.p.span) + potentialEnergy(at: state.q.span)
  }

  /// p = mv; of a test particle, its velocity.
  public func momenta(ofVelocities v: [Double], at q: [Double]) -> [Double] {
    v.indices.map { bodies.inertias[$0 / bodies.dimension] * v[$0] }
  }

  /// The system as one with H = T(p) + V(q); throws where it has none.
  public func separable() throws -> any HamiltonianSystem {
    if let system = self as? any HamiltonianSystem { return system }
    throw NoetherError(
      "the kinetic energy of this law depends on positions too, and here one with H = T(p) + V(q) is needed")
  }
}
