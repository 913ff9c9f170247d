// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The motion within one fixed step, between the states at its ends, after Hermite.
///
/// Under H = T + V the positions are the polynomial of degree 5 that has q, q̇ = p/m and q̈ = F/m of both ends, and the
/// momenta its derivative, p = m q̇: they err by O(h⁶) and O(h⁵) within a step. Under any other law q and p are the
/// polynomials of degree 3 that have the values and rates of both ends, and err by O(h⁴). The steps stay as they are.
struct StepInterpolant {
  /// Powers of θ = (t − t₀)/h, from 0 up, of each coordinate.
  private let q: [[Double]]
  /// The same of p; nil where p is m q̇.
  private let p: [[Double]]?
  private let start: [Double]
  private let h: Double
  private let bodies: Bodies

  /// Two forces, or rates, are evaluated, at the states `before` and `after` a step of `h`.
  init(from before: PhasePoint, to after: PhasePoint, h: Double, system: any DynamicalSystem) {
    bodies = system.bodies
    self.h = h
    start = before.p
    let (v₀, F₀) = rates(of: system, at: PhaseState(q: before.q, p: before.p))
    let (v₁, F₁) = rates(of: system, at: PhaseState(q: after.q, p: after.p))
    if system is any HamiltonianSystem {
      let w = bodies.inverseMasses
      q = Self.quintic(
        before.q, after.q, zip(v₀, v₁).map { (h * $0, h * $1) },
        w.indices.map { (h * h * w[$0] * F₀[$0], h * h * w[$0] * F₁[$0]) })
      p = nil
    } else {
      q = Self.cubic(before.q, after.q, zip(v₀, v₁).map { (h * $0, h * $1) })
      p = Self.cubic(before.p, after.p, zip(F₀, F₁).map { (h * $0, h * $1) })
    }
  }

  /// The state at the fraction θ of the step.
  func state(at θ: Double) -> PhaseState {
    let position = q.map { Self.value($0, θ) }
    guard let p else {
      let momentum = q.indices.map { k -> Double in
        let body = k / bodies.dimension
        return bodies.pinned[body] ? start[k] : bodies.inertias[body] * Self.slope(q[k], θ) / h
      }
      return PhaseState(q: position, p: momentum)
    }
    return PhaseState(q: position, p: p.map { Self.value($0, θ) })
  }

  /// The coordinate q_k at θ, and dq_k/dθ.
  func coordinate(_ k: Int, at θ: Double) -> (value: Double, slope: Double) {
    (Self.value(q[k], θ), Self.slope(q[k], θ))
  }

  /// From values, dx/dθ and d²x/dθ² at both ends.
  private static func quintic(
    _ x₀: [Double], _ x₁: [Double], _ first: [(Double, Double)], _ second: [(Double, Double)]
  ) -> [[Double]] {
    x₀.indices.map { k in
      let (Δ, d, e) = (x₁[k] - x₀[k], first[k], second[k])
      return [
        x₀[k], d.0, e.0 / 2, 10 * Δ - 6 * d.0 - 4 * d.1 - (3 * e.0 - e.1) / 2,
        -15 * Δ + 8 * d.0 + 7 * d.1 + (3 * e.0 - 2 * e.1) / 2, 6 * Δ - 3 * (d.0 + d.1) - (e.0 - e.1) / 2,
      ]
    }
  }

  /// From values and dx/dθ at both ends.
  private static func cubic(
    _ x₀: [Double], _ x₁: [Double], _ first: [(Double, Double)]
  ) -> [[Double]] {
    x₀.indices.map { k in
      let (Δ, d) = (x₁[k] - x₀[k], first[k])
      return [x₀[k], d.0, 3 * Δ - 2 * d.0 - d.1, -2 * Δ + d.0 + d.1]
    }
  }

  private static func value(_ c: [Double], _ θ: Double) -> Double {
    c.reversed().reduce(0) { $0 * θ + $1 }
  }

  private static func slope(_ c: [Double], _ θ: Double) -> Double {
    c.indices.dropFirst().reversed().reduce(0) { $0 * θ + Double($1) * c[$1] }
  }
}
