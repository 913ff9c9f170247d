// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

/// Pendulums, stars and planets against closed forms and published figures.
@Suite struct FieldReferenceTests {
  /// T = 4√(l/g) K(sin θ₀/2) = 2π√(l/g)/M(1, cos θ₀/2), with the arithmetic-geometric mean M.
  @Test(arguments: [0.1, 1, 2.5, 3.1]) func pendulumsHaveTheirPeriod(θ: Double) throws {
    var (a, b) = (1.0, Double.cos(θ / 2))
    while abs(a - b) > 1e-15 { (a, b) = ((a + b) / 2, (a * b).squareRoot()) }
    let T = 2 * Double.pi * (0.7 / 9.81).squareRoot() / a
    let problem = Problem(
      "pendulum", SimplePendulum(bodies: Bodies(dimension: 1, masses: [1.5]), g: 9.81, length: 0.7),
      PhaseState(q: [θ], p: [0]))
    let half = try problem.state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: T / 2)
    #expect(abs(half.q[0] + θ) < 1e-9 && abs(half.p[0]) < 1e-9)
    let full = try problem.state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: T)
    #expect(full.distance(to: problem.initial) < 2e-9)
  }

  /// Small swings of two equal rods: ω² = (2 ± √2) g/l, with θ₂ = ∓√2 θ₁ (Landau & Lifshitz, Mechanics, paragraph 23).
  @Test(arguments: [1.0, -1]) func doublePendulumsHaveTheirModes(sign: Double) throws {
    let ω² = 2 + sign * Double(2).squareRoot()
    let small = 1e-5
    let system = MultiplePendulum(bodies: Bodies(dimension: 1, masses: [1, 1]), g: 1, lengths: [1, 1])
    let initial = PhaseState(q: [small, -sign * Double(2).squareRoot() * small], p: [0, 0])
    let end = 2 * Double.pi / ω².squareRoot()
    var states: [PhaseState] = []
    _ = try integrate(
      system, from: initial, method: .rk4, stepping: .fixed(step: end / 2000),
      plan: FramePlan(start: 0, end: end, frames: 3, stepping: .fixed(step: end / 2000))
    ) { frame, row in
      states.append(frame.state)
      #expect(row.P.isEmpty && row.L.isEmpty && row.dP == 0)
      // T and V are those of the law: H = −3 + O(θ²).
      #expect(abs(row.H + 3) < 1e-9 && abs(row.dH) < 1e-13)
    }
    #expect(states[2].distance(to: initial) < 1e-6 * small)
    #expect(abs(states[1].q[0] + small) < 1e-6 * small)
  }

  /// What is not separable is refused by the methods that need it, with those that do not.
  @Test func splittingsRefuseDoublePendulums() {
    let system = MultiplePendulum(bodies: Bodies(dimension: 1, masses: [1, 1]), g: 1, lengths: [1, 1])
    for method in IntegrationMethods.all {
      let refused = (try? method.check(system)) == nil
      #expect(refused == method.isForSeparable, "\(method.name)")
    }
  }

  /// Double pendulums keep their energy under every method that takes them.
  @Test func energyOfRods() throws {
    let system = MultiplePendulum(
      bodies: Bodies(dimension: 1, masses: [1, 0.5, 2]), g: 9.81, lengths: [1, 0.6, 0.8])
    let initial = PhaseState(q: [2, -1, 0.5], p: [0.3, 0.2, -0.1])
    for use in MethodUse.all where !use.method.isForSeparable && use.method.order > 1 {
      // Extrapolation fails with fixed steps where an angle passes by zero.
      if use.method.name == "gsl-bsimp", !use.isAdaptive { continue }
      let stepping = use.stepping(step: 1e-3, tolerance: 1e-10)
      _ = try integrate(
        system, from: initial, method: use.method, stepping: stepping,
        plan: FramePlan(start: 0, end: 1, frames: 11, stepping: stepping)
      ) { _, row in #expect(abs(row.dH) < (use.method.order < 4 ? 1e-3 : 1e-6), "\(use)") }
    }
  }

  /// 2·10⁷ days in steps of 200: 1.96e-3 in the first hundredth and no more in the rest, momenta to rounding.
  @Test func outerSolarSystemDoesNotDrift() throws {
    let run = try Problem.outerSolarSystem.trajectory(.verlet, .fixed(step: 200), end: 2e7, frames: 20_001)
    let worst = run.diagnostics.map(\.dH.magnitude)
    let (first, second) = (worst[..<10_000].max() ?? 0, worst[10_000...].max() ?? 1)
    #expect(abs(first / 1.97e-3 - 1) < 0.02)
    #expect(second < 1.01 * first)
    #expect(run.diagnostics.allSatisfy { $0.dL < 4e-13 })
  }

  /// A test particle on Kepler's ellipse goes where a body of mass would.
  @Test func testParticlesFollowKepler() throws {
    let kepler = Problem.kepler
    let system = GravitySystem(
      bodies: Bodies(dimension: 2, names: ["sun", "dust"], masses: [1, 0], pinned: [true, false]), G: 1,
      softening: 0)
    let end = try Problem("dust", system, kepler.initial).state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: 4)
    #expect(Double.hypot(end.q[2] - Problem.keplerAt4[0], end.q[3] - Problem.keplerAt4[1]) < 1e-10)
  }
}
