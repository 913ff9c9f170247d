// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A learned H = T + V with learned friction, q̇ = p/m, ṗ = −∂V/∂q − γq̇ (Rayleigh's dissipation function ½γΣ|q̇|²; Goldstein,
/// Classical Mechanics, 1.5): energy falls as dH/dt = −γΣ|q̇|², and no momentum is kept.
public struct DampedSystem: DynamicalSystem {
  /// The name of γ among the parameters.
  static let parameter = "friction"

  private let conservative: LearnedSystem
  /// γ, a mass per time; below zero it would drive the motion.
  public let friction: Double
  public var bodies: Bodies { conservative.bodies }

  init(_ conservative: LearnedSystem, friction: Double) {
    self.conservative = conservative
    self.friction = friction
  }

  public func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    conservative.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
    for k in 0..<bodies.coordinates { pdot[k] -= friction * qdot[k] }
  }

  /// δṗ = −∇²V δq − γ δq̇.
  public func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    conservative.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
    for k in 0..<bodies.coordinates { δpdot[k] -= friction * δqdot[k] }
  }

  public func energy(q: Span<Double>, p: Span<Double>) -> Double? { conservative.energy(q: q, p: p) }

  public func fault(at q: Span<Double>) -> String? { conservative.fault(at: q) }
}

extension HamiltonianModel {
  /// γ where friction was learned.
  public var friction: Double? {
    layout.views.first { $0.name == DampedSystem.parameter }.map { parameters[$0.offset] }
  }
}
