// SPDX-License-Identifier: GPL-3.0-or-later

/// A system with H(q, p) = T(p) + V(q), T = Σ |pᵢ|²/2mᵢ over the bodies that are not pinned.
///
/// The true laws and the learned ones conform alike, so one integrator and one set of diagnostics serve both:
/// q̇ = ∂H/∂p = p/m, ṗ = −∂H/∂q = F(q).
public protocol HamiltonianSystem: MechanicalSystem {
  /// Writes F = −∂V/∂q [bodies × dimension]; the entries of pinned bodies are zero.
  func force(at q: Span<Double>, into force: inout MutableSpan<Double>)

  /// The law of some of the bodies as if the others were not there, in the order of `indices`; nil where the law does
  /// not say what that would be.
  func subsystem(of indices: [Int]) -> (any HamiltonianSystem)?
}

extension HamiltonianSystem {
  public func subsystem(of indices: [Int]) -> (any HamiltonianSystem)? { nil }

  /// T(p) = Σ |pᵢ|²/2mᵢ.
  public func kineticEnergy(of p: Span<Double>) -> Double { bodies.kineticEnergy(of: p) }

  public func kineticEnergy(q: Span<Double>, p: Span<Double>) -> Double { bodies.kineticEnergy(of: p) }
}
