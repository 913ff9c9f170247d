// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

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
    let fact = "system \(worst.index) moves with a shortest period of about \(period.short) at the start"
    if isVerlet, hω > 2 {
      // Störmer–Verlet is stable for hω < 2 (Hairer, Lubich & Wanner, Geometric Numerical Integration, I.5).
      return "the step \(h) is unstable: \(fact), and it must stay below \((2 / worst.ω).short)"
    }
    guard hω > 2 * Double.pi / 20 else { return nil }
    return "the step \(h) is coarse: \(fact); a twentieth of that, \((period / 20).short), is a fair step"
  }

  /// The fastest oscillation about `q`: ω² is the largest eigenvalue λ of M⁻¹V″, where it is above 0. Those below are no
  /// oscillations; gravity has one of twice the size, along the line between two bodies.
  static func fastestRate(of system: any HamiltonianSystem, at q: [Double]) -> Double {
    let bodies = system.bodies
    let root = bodies.inverseMasses.map { $0.squareRoot() }
    let isTestParticle = bodies.masses.map { $0 == 0 }
    // Test particles feel forces and exert none: the matrix is block triangular, and its eigenvalues are those of the two blocks.
    let λ = Set(isTestParticle).map { block in
      let weights = root.indices.map { isTestParticle[$0 / bodies.dimension] == block ? root[$0] : 0 }
      // M^−½ V″ M^−½ has the eigenvalues of M⁻¹V″ and is symmetric.
      return LanczosIteration.largestEigenvalue(dimension: q.count) { v in
        let direction = zip(weights, v).map { $0 * $1 }
        var product = [Double](repeating: 0, count: q.count)
        var span = product.mutableSpan
        system.hessianProduct(at: q.span, along: direction.span, into: &span)
        return zip(weights, product).map { $0 * $1 }
      }
    }
    .reduce(0, max)
    return λ.isFinite ? λ.squareRoot() : 0
  }
}
