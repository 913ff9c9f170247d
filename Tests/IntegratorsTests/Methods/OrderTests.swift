// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import RealModule
import TestSupport
import Testing

@testable import Integrators

private let fixedStep = IntegrationMethods.all.filter(\.takesStep)
/// Those that can follow Kepler's ellipse with fixed steps: GSL's bsimp fails where a coordinate passes by zero.
private let onKepler = fixedStep.filter { $0.name != "gsl-bsimp" }
private let adaptive = IntegrationMethods.all.filter(\.takesTolerance)

@Suite struct OrderTests {
  /// Steps short enough for the order to show, and not so short that rounding hides it.
  private static func steps(_ method: IntegrationMethod) -> [Int] {
    switch (method.order, method.name) {
    case (...1, _): [1024, 2048]
    case (2...4, _): [512, 1024]
    case (5, _): [256, 512]
    case (6, _): [64, 128]
    case (_, "yoshida8"): [128, 256]
    default: [32, 64]
    }
  }

  @Test(arguments: onKepler.filter { $0.name != "gsl-rk8pd" })
  func measuredOrderIsTheMethodsOwn(method: IntegrationMethod) throws {
    for steps in Self.steps(method) {
      let order = try measuredOrder(of: method, steps: steps)
      #expect((order - Double(method.order)).magnitude < 0.1, "\(method.name) shows order \(order)")
    }
  }

  /// On the ellipse the error of rk8pd passes by zero as h shrinks, so that its order would jump about; on the figure-eight, where no two
  /// bodies come near, it does so less, and over three halvings hardly at all.
  @Test func orderOfRK8PD() throws {
    let exact = try Problem.figureEight.state(.kahanLi8, .fixed(step: 0.8 / 512), at: 0.8, compensated: true)
    func error(_ n: Int) throws -> Double {
      try Problem.figureEight.state(.gslRK8PD, .fixed(step: 0.8 / Double(n)), at: 0.8).distance(to: exact)
    }
    let order = try Double.log2(error(2) / error(16)) / 3
    #expect(abs(order - 8) < 0.3, "\(order)")
  }

  /// The measure tells orders apart: Verlet's is not 4, nor Yoshida's 2.
  @Test func measureTellsOrdersApart() throws {
    #expect(try measuredOrder(of: .verlet, steps: 800) < 2.1)
    #expect(try measuredOrder(of: .yoshida4, steps: 800) > 3.9)
  }

  /// Over a whole period errors of the first order cancel, and symplectic Euler passes for a method of order 2.
  @Test func aWholePeriodHidesTheOrder() throws {
    func error(_ n: Int) throws -> Double {
      let q = try Problem.kepler.state(
        .symplecticEuler, .fixed(step: 2 * Double.pi / Double(n)), at: 2 * Double.pi
      ).q
      return Double.hypot(q[2] - 0.4, q[3])
    }
    #expect(abs(try Double.log2(error(2048) / error(4096)) - 2) < 0.1)
    #expect(abs(try measuredOrder(of: .symplecticEuler, steps: 2048) - 1) < 0.1)
  }

  /// Energy error and position error after 100 orbits of Kepler's ellipse (e = 0.6), h = 2π/n; computed
  /// independently from the definitions of the methods.
  @Test(arguments: [
    ("verlet", 200, 7.35e-3, 0.82), ("verlet", 1000, 2.93e-4, 0.499),
    ("yoshida4", 200, 9.54e-5, 0.178), ("yoshida4", 1000, 1.56e-7, 2.95e-4),
    ("rk4", 200, 6.7e-4, 0.573), ("rk4", 1000, 2.2e-7, 2.2e-4),
    ("symplectic-euler", 200, 1.07e-1, 2.0), ("symplectic-euler", 1000, 1.78e-2, 0.97),
    ("yoshida6", 200, 2.66e-7, 5.0e-4), ("yoshida6", 1000, 1.72e-11, 3.2e-8),
    ("kahan-li6", 200, 3.81e-8, 7.1e-5), ("kahan-li8", 200, 5.0e-12, 9.3e-9),
    ("gauss2", 200, 8.36e-3, 1.59), ("gauss2", 1000, 3.3e-4, 0.58),
    ("gauss4", 200, 1.24e-6, 2.3e-3), ("gauss4", 1000, 2.0e-9, 3.8e-6), ("gauss6", 200, 2.15e-9, 4.0e-6),
    ("gsl-rk4", 200, 2.1e-5, 2.03e-2), ("gsl-rkf45", 200, 1.06e-4, 0.1), ("gsl-rkck", 200, 1.47e-5, 1.39e-2),
    ("gsl-rk8pd", 200, 2.17e-10, 1.98e-7), ("gsl-rk2imp", 200, 2.09e-3, 1.82),
    ("gsl-rk4imp", 200, 7.8e-8, 1.47e-4),
  ])
  func keplerAfter100Orbits(name: String, n: Int, energyError: Double, distance: Double) throws {
    let h = 2 * Double.pi / Double(n)
    let run = try Problem.kepler.trajectory(
      IntegrationMethods.named(name), .fixed(step: h), end: 100 * Double(n) * h, frames: 100 * n + 1)
    let worst = try #require(run.diagnostics.map(\.dH.magnitude).max())
    #expect((worst / energyError - 1).magnitude < 0.025)
    let q = try #require(run.frames.last).state.q
    #expect((Double.hypot(q[2] - 0.4, q[3]) / distance - 1).magnitude < 0.025)

    // The whole of L for the splittings, whatever their energy error; not for Runge–Kutta.
    let worstL = try #require(run.diagnostics.map(\.dL).max())
    if try IntegrationMethods.named(name).isSymplectic {
      #expect(worstL < 1.3e-13)
    } else {
      #expect(worstL > 1e-12)
    }
  }

  /// h = 2π/1000, where the errors of the methods come near to rounding, or below it; with compensation that goes too.
  @Test(arguments: [
    ("kahan-li6", false, 2.65e-12, 1.3e-13), ("gauss6", false, 1.6e-13, 1.3e-13),
    ("kahan-li8", false, 2.9e-13, 1.5e-13), ("kahan-li8", true, 5e-15, 5e-15),
    ("gauss6", true, 1.6e-13, 5e-15),
  ])
  func keplerDownToRounding(name: String, compensated: Bool, energyError: Double, L: Double) throws {
    let run = try Problem.kepler.trajectory(
      IntegrationMethods.named(name), .fixed(step: 2 * Double.pi / 1000),
      end: 100 * (1000 * (2 * Double.pi / 1000)),
      frames: 20_001, compensated: compensated)
    let worst = try #require(run.diagnostics.map(\.dH.magnitude).max())
    let worstL = try #require(run.diagnostics.map(\.dL).max())
    #expect(worst < energyError && worstL < L, "\(worst), \(worstL)")
    if name == "kahan-li6" { #expect(worst > 2.55e-12) }
  }

  /// Without compensation the rounding of L is a matter of chance: the median of five steps a thousandth apart.
  @Test func angularMomentumOfKahanLi8DownToRounding() throws {
    let worst = try [998.0, 999, 1000, 1001, 1002].map { n -> Double in
      let h = 2 * Double.pi / n
      let run = try Problem.kepler.trajectory(
        .kahanLi8, .fixed(step: h), end: 100_000 * h, frames: 20_001)
      return run.diagnostics.map(\.dL).max() ?? .nan
    }
    #expect(worst.sorted()[2] < 1.3e-13, "\(worst)")
  }

  /// Hairer, Lubich & Wanner, I.2.3: the same ellipse with h = 0.05 over 4000 steps, and by explicit Euler, which spirals out, with
  /// h = 0.0005 over 400,000.
  @Test(arguments: [
    (IntegrationMethod.symplecticEuler, 0.05, 0.193), (.gauss2, 0.05, 0.0213), (.verlet, 0.05, 0.0188),
    (.explicitEuler, 0.0005, 0.378),
  ])
  func longStepsOnKepler(method: IntegrationMethod, h: Double, energyError: Double) throws {
    let run = try Problem.kepler.trajectory(method, .fixed(step: h), end: 200, frames: 4001)
    let worst = try #require(run.diagnostics.map(\.dH.magnitude).max())
    #expect(abs(worst / energyError - 1) < 0.01, "\(worst)")
    let distance = run.frames.map { Double.hypot($0.state.q[2], $0.state.q[3]) }.max() ?? 0
    #expect(method.name == "explicit-euler" ? distance > 2 : distance < 1.9, "\(distance)")
    #expect(run.diagnostics.allSatisfy { $0.dL < 1e-13 } == method.isSymplectic)
  }

  /// L of the classic Runge–Kutta method: lost in proportion to time too.
  @Test func kuttasMethodLosesAngularMomentum() throws {
    let h = 2 * Double.pi / 200
    let run = try Problem.kepler.trajectory(.rk4, .fixed(step: h), end: 20_000 * h, frames: 2001)
    let losses = run.diagnostics.map { abs($0.L[0] / 0.8 - 1) }
    #expect(abs((losses.max() ?? 0) / 7.4e-5 - 1) < 0.02, "\(losses.max() ?? 0)")
    #expect(abs(losses[1000] / losses[2000] - 0.5) < 0.02)
    let energies = run.diagnostics.map(\.dH.magnitude)
    #expect(abs((energies.prefix(1001).max() ?? 0) / 3.3e-4 - 1) < 0.025)
  }

  /// A symplectic method's energy error does not grow from the first half of a run to the second.
  @Test(arguments: onKepler.filter { $0.order > 1 || $0.isSymplectic })
  func energyErrorGrowsUnlessSymplectic(method: IntegrationMethod) throws {
    let h = 2 * Double.pi / 200
    let run = try Problem.kepler.trajectory(method, .fixed(step: h), end: 20_000 * h, frames: 2001)
    let errors = run.diagnostics.map(\.dH.magnitude)
    let first = try #require(errors.prefix(1000).max())
    let second = try #require(errors.suffix(1000).max())
    #expect(method.isSymplectic ? second < 1.1 * first : second > 1.8 * first)
  }

  /// An adaptive method's error at t = 4 follows its tolerance, over six decades; over two where the order is low, which
  /// makes more of the steps, and so of the error. Extrapolation does better than it is asked to.
  @Test(arguments: adaptive)
  func errorFollowsTheTolerance(method: IntegrationMethod) throws {
    let tolerances =
      method.order == 1 ? [1e-4, 1e-6] : method.order == 2 ? [1e-6, 1e-8] : [1e-6, 1e-9, 1e-12]
    for tolerance in tolerances {
      let q = try Problem.kepler.state(method, .adaptive(tolerance: tolerance), at: 4).q
      let error = Double.hypot(q[2] - Problem.keplerAt4[0], q[3] - Problem.keplerAt4[1])
      #expect(error < (method.order == 1 ? 2e4 : method.order == 2 ? 2e3 : 1e3) * tolerance)
      if method.name == "gsl-bsimp" { continue }
      #expect(error > tolerance / 100, "more exact than asked for, and so slower")
    }
  }

  /// Steps that change from one to the next are not symplectic, whatever the rule: the energy drifts.
  @Test(arguments: ["gsl-rk2imp", "gsl-rk4imp"])
  func adaptiveStepsLoseSymplecticity(name: String) throws {
    let method = try IntegrationMethods.named(name)
    let end = 200 * Double.pi
    func halves(_ stepping: Stepping) throws -> (Double, Double) {
      let errors = try Problem.kepler.trajectory(method, stepping, end: end, frames: 2001).diagnostics
        .map(\.dH.magnitude)
      return (errors.prefix(1000).max() ?? .nan, errors.suffix(1000).max() ?? .nan)
    }
    let (first, second) = try halves(.adaptive(tolerance: 1e-6))
    #expect(second > 1.8 * first)
    let fixed = try halves(.fixed(step: end / 20_000))
    #expect(fixed.1 < 1.1 * fixed.0)
  }

  /// GSL's bsimp calls a step a success that it has not taken, and stands still with all energy conserved; ours ends the
  /// run. On springs, whose coordinates keep away from zero, the same steps are exact.
  @Test func bsimpDoesNotStandStill() throws {
    let h = 2 * Double.pi / 200
    let error = #expect(throws: IntegrationFailure.self) {
      try Problem.kepler.trajectory(.gslBSImp, .fixed(step: h), end: 200 * h)
    }
    #expect(error?.message.contains("the extrapolation within the step") == true)
    #expect(error?.lastGood.state.isFinite == true)
    let cluster = Problem.cluster(seed: 5, dimension: 3, softening: 0.3)
    let exact = try cluster.state(.gslRK8PD, .adaptive(tolerance: 1e-14), at: 1)
    #expect(try cluster.state(.gslBSImp, .fixed(step: 1.0 / 64), at: 1).distance(to: exact) < 1e-11)
  }

  /// Compensated summation removes the rounding of many short steps. The exact circular orbit tells.
  @Test(arguments: fixedStep.filter { $0.isCompensable && $0.order >= 4 })
  func compensationRemovesRounding(method: IntegrationMethod) throws {
    func error(compensated: Bool) throws -> Double {
      let state = try Problem.circle.state(
        method, .fixed(step: 2.0 / 65536), at: 2, compensated: compensated)
      return Double.hypot(state.q[2] - Double.cos(2), state.q[3] - Double.sin(2))
    }
    let (plain, compensated) = (try error(compensated: false), try error(compensated: true))
    #expect(compensated < 1e-14)
    #expect(plain > 10 * compensated)
  }
}
