// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

private let fixedStep = IntegrationMethods.all.filter(\.takesStep)

@Suite struct SymmetryTests {
  /// Ten thousand steps of an eccentric orbit there and back again, how far the planet ends from its start: 4e-11, what rounding comes to.
  /// That is a matter of chance, from 5e-12 to 1e-10 for one method by steps a thousandth apart, so that it is the median of five; where it
  /// is compensated every one. Runge–Kutta and symplectic Euler are the controls that fail, by as much as programs of their own have it,
  /// computed from the definitions of the methods.
  @Test(arguments: fixedStep.filter { !["gsl-bsimp", "gsl-rk1imp"].contains($0.name) })
  func reversal(method: IntegrationMethod) throws {
    func defect(_ factor: Double = 1, compensated: Bool = false) throws -> (position: Double, state: Double) {
      try reversalDefect(
        of: .kepler, by: method, steps: 10_000, of: factor * 2 * Double.pi / 200, compensated: compensated)
    }
    guard method.isReversible else {
      let plain = try defect().position
      #expect(plain > 1e-7, "\(plain)")
      if method.name == "rk4" { #expect(abs(plain / 0.305 - 1) < 0.01, "\(plain)") }
      if method.name == "symplectic-euler" { #expect(abs(plain / 0.805 - 1) < 0.01, "\(plain)") }
      return
    }
    let plain = try [0.998, 0.999, 1, 1.001, 1.002].map { try defect($0) }
    let median = plain.map(\.position).sorted()[2]
    // Its coefficients are as large as 1.96 and nearly cancel.
    #expect(median < (method.name == "yoshida8" ? 6e-11 : 4e-11), "\(plain)")
    #expect(plain.allSatisfy { $0.state < 1e-9 }, "\(plain)")
    if method.isCompensable {
      let compensated = try defect(compensated: true).position
      #expect(compensated < 4e-11, "\(compensated)")
    }
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

  /// A million steps: rounding adds up to 1e-12, and to a tenth of that at most where it is compensated.
  @Test func verletConservesItForAMillionSteps() throws {
    let (ω, h) = (1.3, 0.5)
    func defect(compensated: Bool) throws -> Double {
      let run = try Problem.oscillator(ω: ω).trajectory(
        .verlet, .fixed(step: h), end: 1_000_000 * h, frames: 1001, compensated: compensated)
      func modified(_ state: PhaseState) -> Double {
        (2..<4).reduce(0) { sum, k in
          let (q, p) = (state.q[k], state.p[k])
          return sum + p * p + ω * ω * q * q * (1 - h * h * ω * ω / 4)
        }
      }
      let start = modified(run.frames[0].state)
      return run.frames.map { (modified($0.state) / start - 1).magnitude }.max() ?? .infinity
    }
    #expect(try defect(compensated: false) < 1e-12)
    #expect(try defect(compensated: true) < 1e-13)
  }

  /// Verlet is stable on the oscillator for hω < 2, and for no more (Hairer, Lubich & Wanner, I.5).
  @Test(arguments: ["verlet", "verlet-dkd"])
  func verletIsStableBelowTwo(name: String) throws {
    func reach(_ hω: Double) throws -> Double {
      let run = try Problem.oscillator(ω: 1).trajectory(
        IntegrationMethods.named(name), .fixed(step: hω), end: 1000 * hω, frames: 1001)
      return run.frames.map { ($0.state.q[2] * $0.state.q[2] + $0.state.q[3] * $0.state.q[3]).squareRoot() }
        .max() ?? .nan
    }
    #expect(try reach(1.98) < 20)
    #expect(try reach(2.02) > 1e6)
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
  @Test(arguments: MethodUse.all, [2, 3])
  func momentaAreConserved(use: MethodUse, dimension: Int) throws {
    let problem = Problem.cluster(seed: 11, dimension: dimension, softening: 0.2)
    let stepping = use.stepping(step: 1.0 / 512, tolerance: 1e-10)
    let run = try problem.trajectory(use.method, stepping, end: 2, frames: 65)
    let exact = try problem.state(.gslRK8PD, .adaptive(tolerance: 1e-14), at: 2)
    let end = try #require(run.frames.last).state
    let isCoarse = use.method.order == 1
    #expect(end.distance(to: exact) < (isCoarse ? 0.6 : use.method.order < 4 ? 1e-3 : 1e-4))
    #expect(end.distance(to: problem.initial) > 0.1)
    let worstP = run.diagnostics.map(\.dP).max() ?? .infinity
    let worstL = run.diagnostics.map(\.dL).max() ?? .infinity
    #expect(worstP < 1e-13)
    if use.isSymplectic { #expect(worstL < 1e-13) }
    if !isCoarse { #expect(worstL < 1e-7) }
  }

  /// A force from outside, the control, shows as drift of the momentum.
  @Test func momentumOfAPinnedSystemIsNotConserved() throws {
    let run = try Problem.chain(seed: 3, dimension: 3)
      .trajectory(.verlet, .fixed(step: 0.01), end: 1, frames: 11)
    #expect((run.diagnostics.map(\.dP).max() ?? 0) > 1e-2)
    #expect(run.frames.allSatisfy { $0.state.q.prefix(3) == run.frames[0].state.q.prefix(3) })
  }
}
