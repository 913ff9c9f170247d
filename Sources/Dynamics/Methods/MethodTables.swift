// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// An explicit Runge–Kutta method for ż = f(z): kₛ = f(z + h Σⱼ aₛⱼ kⱼ), z ← z + h Σₛ bₛ kₛ.
public struct RungeKuttaTable: Sendable {
  /// Row s holds aₛⱼ for j < s.
  public let a: [[Double]]
  public let b: [Double]

  public init(a: [[Double]], b: [Double]) {
    self.a = a
    self.b = b
  }

  public var stages: Int { b.count }

  /// The classic method of order 4 (Kutta 1901).
  public static let classic4 = RungeKuttaTable(
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]], b: [1 / 6, 1 / 3, 1 / 3, 1 / 6])

  /// Kutta's 3/8 rule, order 4 (Kutta 1901): what torchdiffeq calls `rk4`, and so the rule of the LieConv paper.
  public static let threeEighths = RungeKuttaTable(
    a: [[], [1 / 3], [-1 / 3, 1], [1, -1, 1]], b: [1 / 8, 3 / 8, 3 / 8, 1 / 8])
}

/// A symplectic splitting for H = T(p) + V(q): kicks p ← p + c·h·F(q) and drifts q ← q + c·h·p/m in turn.
public struct SplittingTable: Sendable {
  public enum Substep: Sendable, Equatable {
    case kick(Double)
    case drift(Double)
  }
  /// The substeps of one step, in order. Where a step ends and begins with a kick, the force is used twice.
  public let substeps: [Substep]

  public init(substeps: [Substep]) { self.substeps = substeps }

  /// Kick–drift–kick Störmer–Verlet of the step fractions γ₁, γ₂, …, one after another; adjacent kicks merged.
  public init(verletFractions fractions: [Double]) {
    var substeps: [Substep] = []
    var pending = 0.0
    for fraction in fractions {
      substeps.append(.kick(pending + fraction / 2))
      substeps.append(.drift(fraction))
      pending = fraction / 2
    }
    substeps.append(.kick(pending))
    self.substeps = substeps
  }

  /// Störmer–Verlet, kick–drift–kick: order 2.
  public static let verlet = SplittingTable(verletFractions: [1])

  /// Yoshida (1990), order 4: γ₁ = γ₃ = 1/(2 − 2^⅓), γ₂ = 1 − 2γ₁.
  public static let yoshida4: SplittingTable = {
    let outer = 1 / (2 - Double.pow(2, 1 / 3.0))
    return SplittingTable(verletFractions: [outer, 1 - 2 * outer, outer])
  }()
}
