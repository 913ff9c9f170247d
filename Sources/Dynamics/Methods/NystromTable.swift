// SPDX-License-Identifier: GPL-3.0-or-later

/// An explicit Runge–Kutta–Nyström method for q̈ = a(q), which is what H = T(p) + V(q) gives with a = F/m:
///
///     Q_s = q + c_s h v + h² Σ_j a_sj a(Q_j),
///     q(θ) = q + θ h v + h² Σ_s b̄_s(θ) a(Q_s),   v(θ) = v + h Σ_s b_s(θ) a(Q_s),   0 ≤ θ ≤ 1,
///
/// where b_s are polynomials without a constant term and b̄_s their integrals (Hairer, Nørsett & Wanner, Solving
/// Ordinary Differential Equations I, II.14). θ = 1 is the step; smaller θ are points on the way.
public struct NystromTable: Sendable {
  public let c: [Double]
  /// Row s holds a_sj for j < s.
  public let a: [[Double]]
  /// Row s holds the factors of θ, θ², … in b_s.
  public let b: [[Double]]

  public init(c: [Double], a: [[Double]], b: [[Double]]) {
    self.c = c
    self.a = a
    self.b = b
  }

  public var stages: Int { c.count }

  /// b_s(θ).
  public func velocityWeights(at θ: Double) -> [Double] {
    b.map { factors in factors.reversed().reduce(0) { ($0 + $1) * θ } }
  }

  /// b̄_s(θ) = ∫₀^θ b_s.
  public func positionWeights(at θ: Double) -> [Double] {
    b.map { factors in
      let integrated = factors.enumerated().map { $1 / Double($0 + 2) }
      return integrated.reversed().reduce(0) { ($0 + $1) * θ } * θ
    }
  }

  /// Nyström's method of order 4 with three stages, at the start, the middle and the end of the step (Nyström 1925).
  ///
  /// Between them the accelerations are interpolated by a parabola: b_s integrates its base polynomials, and gives
  /// the method's own weights 1/6, 2/3, 1/6 and 1/6, 1/3, 0 at the end. On the way v(θ) errs by O(h⁴) in a step, q(θ)
  /// by O(h⁵).
  public static let nystrom4 = NystromTable(
    c: [0, 1 / 2, 1], a: [[], [1 / 8], [0, 1 / 2]],
    b: [[1, -3 / 2, 2 / 3], [0, 2, -4 / 3], [0, -1 / 2, 2 / 3]])
}
