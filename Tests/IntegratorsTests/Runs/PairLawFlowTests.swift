// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// Motion under every registered law of pairs.
@Suite struct PairLawFlowTests {
  /// P and L stay where they are unless a body is pinned; H does as well as Verlet's order lets it: a quarter of the
  /// drift with half the step.
  @Test(arguments: Problem.ofEveryPairLaw) func conserves(problem: Problem) throws {
    func drifts(steps n: Int) throws -> DiagnosticsRow {
      let trajectory = try problem.trajectory(
        .verlet, .fixed(step: 2 / Double(n)), end: 2)
      return try #require(trajectory.diagnostics.last)
    }
    let (coarse, fine) = (try drifts(steps: 2000), try drifts(steps: 4000))
    #expect(abs(coarse.dH) < 1e-3 && abs(coarse.dH / fine.dH - 4) < 0.1, "\(coarse.dH), \(fine.dH)")
    let pinned = problem.system.bodies.pinned.contains(true)
    #expect(pinned ? fine.dP > 1e-3 : fine.dP < 1e-14 && fine.dL < 1e-14, "\(fine.dP), \(fine.dL)")
    let end = try problem.state(.verlet, .fixed(step: 1e-3), at: 2)
    #expect(end.distance(to: problem.initial) > 0.1)
  }

  @Test(arguments: Problem.ofEveryPairLaw) func goesBackTheWayItCame(problem: Problem) throws {
    #expect(try reversalDefect(of: problem, by: .verlet, steps: 500, of: 0.004).state < 1e-12)
    #expect(try reversalDefect(of: problem, by: .rk4, steps: 50, of: 0.04).state > 1e-11)
  }

  /// An electron about a pinned nucleus goes round Kepler's ellipse.
  @Test func oppositeChargesMoveAsPlanetsDo() throws {
    let atom = Problem(
      "atom",
      PairSystem<Coulomb>(bodies: Problem.kepler.system.bodies, constants: [0], columns: [[1, -1]]),
      Problem.kepler.initial)
    let q = try atom.state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: 4).q
    #expect(abs(q[2] - Problem.keplerAt4[0]) < 1e-11 && abs(q[3] - Problem.keplerAt4[1]) < 1e-11)
  }
}
