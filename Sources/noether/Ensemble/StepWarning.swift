// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// What a fixed step is likely to do to a system, judged before the run by the fastest motion at the start.
enum StepWarning {
  /// A message where a step of `h` is unstable or coarse for the worst of `systems`; nil where it is neither.
  ///
  /// Only of Störmer and Verlet's method, in any of its forms, is it known where steps become unstable.
  static func judge(_ h: Double, systems: [ScenarioSystem], isVerlet: Bool) -> String? {
    // An ensemble's first hundred systems say enough.
    let rates = systems.prefix(100).compactMap { system in
      (system.system as? any HamiltonianSystem).map {
        (index: system.index, ω: fastestRate(of: $0, at: system.initial.q))
      }
    }
    guard let worst = rates.max(by: { $0.ω < $1.ω }), worst.ω > 0 else { return nil }
    let period = 2 * Double.pi / worst.ω
    let hω = h.magnitude * worst.ω
    let fact = "system \(worst.index) moves with a shortest period of about \(short(period)) at the start"
    if isVerlet, hω > 2 {
      // Störmer–Verlet is stable for hω < 2 (Hairer, Lubich & Wanner, Geometric Numerical Integration, I.5).
      return "the step \(h) is unstable: \(fact), and it must stay below \(short(2 / worst.ω))"
    }
    guard hω > 2 * Double.pi / 20 else { return nil }
    return "the step \(h) is coarse: \(fact); a twentieth of that, \(short(period / 20)), is a fair step"
  }

  /// The fastest oscillation about `q`: ω² is the largest eigenvalue λ of M⁻¹V″ that is above 0. Those below are no
  /// oscillations; gravity has one of twice the size, along the line between two bodies.
  ///
  /// By power iteration, which finds the largest |λ|: that of M⁻¹V″, and then, with no eigenvalue below 0, of M⁻¹V″ + |λ|. In a few dozen
  /// iterations that tells λ to some part of |λ|, so that oscillations beside which something flies apart far faster cannot be told: 0.
  static func fastestRate(of system: any HamiltonianSystem, at q: [Double]) -> Double {
    let shift = largestEigenvalue(of: system, at: q, shift: 0)
    let λ = largestEigenvalue(of: system, at: q, shift: shift) - shift
    return λ > 0.1 * shift && λ.isFinite ? λ.squareRoot() : 0
  }

  /// The largest |λ + shift| over the eigenvalues λ of M⁻¹V″, which is taken by central differences of the force.
  private static func largestEigenvalue(
    of system: any HamiltonianSystem, at q: [Double], shift: Double
  ) -> Double {
    let inverse = system.bodies.inverseMasses
    let size = max(q.lazy.map(abs).max() ?? 0, 1e-12)
    let ε = 1e-6 * size
    func force(_ q: [Double]) -> [Double] {
      var force = [Double](repeating: 0, count: q.count)
      var span = force.mutableSpan
      system.force(at: q.span, into: &span)
      return force
    }
    // Any start with a share of every mode; a fixed one, so that a warning does not come and go.
    var generator = SeededGenerator(seed: 0)
    var v = q.map { _ in generator.normal() }
    var λ = 0.0
    for _ in 0..<40 {
      let norm = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 0, norm.isFinite else { return 0 }
      v = v.map { $0 / norm }
      let ahead = force(zip(q, v).map { $0 + ε * $1 })
      let behind = force(zip(q, v).map { $0 - ε * $1 })
      v = q.indices.map { shift * v[$0] - inverse[$0] * (ahead[$0] - behind[$0]) / (2 * ε) }
      λ = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    return λ.isFinite ? λ : 0
  }

  /// Three digits, which are more than an estimate carries.
  static func short(_ value: Double) -> String { String(format: "%.3g", value) }
}
