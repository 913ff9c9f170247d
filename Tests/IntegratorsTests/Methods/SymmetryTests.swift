// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

private let fixedStep = IntegrationMethods.all.filter { $0.takes == .step }

@Suite struct SymmetryTests {
  /// Ten thousand steps of an eccentric orbit there and back again; Runge–Kutta is the control that fails.
  @Test(arguments: fixedStep)
  func reversal(method: IntegrationMethod) throws {
    let defect = try reversalDefect(of: .kepler, by: method, steps: 10_000, of: 2 * Double.pi / 200)
    #expect(method.isReversible ? defect < 1e-10 : defect > 0.1)
  }

  /// Verlet of step h conserves p² + ω²q²(1 − h²ω²/4) exactly (Hairer, Lubich & Wanner, IX): a law without
  /// truncation error. The true energy, the control, swings by h²ω²/4.
  @Test func verletConservesTheModifiedEnergyOfTheOscillator() throws {
    let (ω, h) = (1.3, 0.5)
    let run = try Problem.oscillator(ω: ω).trajectory(
      .verlet, .fixed(step: h), end: 10_000 * h, frames: 10_001)
    func modified(_ state: PhaseState, _ factor: Double) -> Double {
      (2..<4).reduce(0) {
        $0 + state.p[$1] * state.p[$1] + ω * ω * state.q[$1] * state.q[$1] * factor
      }
    }
    let factor = 1 - h * h * ω * ω / 4
    let start = modified(run.frames[0].state, factor)
    let energy = modified(run.frames[0].state, 1)
    let defect = run.frames.map { (modified($0.state, factor) / start - 1).magnitude }.max() ?? .infinity
    let swing = run.frames.map { (modified($0.state, 1) / energy - 1).magnitude }.max() ?? 0
    #expect(defect < 1e-12)
    #expect(swing > 0.05)
  }

  /// Its frequency on the oscillator is (2/h) asin(hω/2), and so the motion is known to the last digit.
  @Test func verletOscillatesAtItsOwnFrequency() throws {
    let (ω, h) = (1.3, 0.5)
    let problem = Problem.oscillator(ω: ω)
    let state = try problem.state(.verlet, .fixed(step: h), at: 100 * h)
    let Ω = 2 / h * Double.asin(h * ω / 2)
    let factor = (1 - h * h * ω * ω / 4).squareRoot()
    for axis in 2..<4 {
      let (q, p) = (problem.initial.q[axis], problem.initial.p[axis])
      let expected = q * Double.cos(Ω * 100 * h) + p / (ω * factor) * Double.sin(Ω * 100 * h)
      #expect((state.q[axis] - expected).magnitude < 1e-12)
    }
  }

  /// Every method moves the total momenta by round-off only (all are linear in the forces, which balance), and
  /// comes near the truth at the same time: a method that stands still would conserve everything.
  @Test(arguments: IntegrationMethods.all, [2, 3])
  func momentaAreConserved(method: IntegrationMethod, dimension: Int) throws {
    let problem = Problem.cluster(seed: 11, dimension: dimension, softening: 0.2)
    let stepping = Stepping.suited(to: method, step: 1.0 / 512, tolerance: 1e-10)
    let run = try problem.trajectory(method, stepping, end: 4, frames: 65)
    let exact = try problem.state(.gslRK8PD, .adaptive(tolerance: 1e-14), at: 4)
    let end = try #require(run.frames.last).state
    #expect(end.distance(to: exact) < 1e-4)
    #expect(end.distance(to: problem.initial) > 0.1)
    let worstP = run.diagnostics.map(\.dP).max() ?? .infinity
    let worstL = run.diagnostics.map(\.dL).max() ?? .infinity
    #expect(worstP < 1e-13)
    if method.isSymplectic { #expect(worstL < 1e-13) }
    #expect(worstL < 1e-8)
  }

  /// A force from outside, the control, shows as drift of the momentum.
  @Test func momentumOfAPinnedSystemIsNotConserved() throws {
    let run = try Problem.chain(seed: 3, dimension: 3)
      .trajectory(.verlet, .fixed(step: 0.01), end: 1, frames: 11)
    #expect((run.diagnostics.map(\.dP).max() ?? 0) > 1e-2)
    #expect(run.frames.allSatisfy { $0.state.q.prefix(3) == run.frames[0].state.q.prefix(3) })
  }
}
