// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

private let fixedStep = IntegrationMethods.all.filter { $0.takes == .step }
private let adaptive = IntegrationMethods.all.filter { $0.takes == .tolerance }

@Suite struct OrderTests {
  @Test(arguments: fixedStep, [800, 1600, 3200])
  func measuredOrderIsTheMethodsOwn(method: IntegrationMethod, steps: Int) throws {
    let order = try measuredOrder(of: method, steps: steps)
    #expect((order - Double(method.order)).magnitude < 0.1, "\(method.name) shows order \(order)")
  }

  /// The measure tells orders apart: Verlet's is not 4, nor Yoshida's 2.
  @Test func measureTellsOrdersApart() throws {
    #expect(try measuredOrder(of: .verlet, steps: 800) < 2.1)
    #expect(try measuredOrder(of: .yoshida4, steps: 800) > 3.9)
  }

  /// Energy error and position error after 100 orbits of Kepler's ellipse (e = 0.6), h = 2π/n; computed
  /// independently from the definitions of the methods.
  @Test(arguments: [
    ("verlet", 200, 7.35e-3, 0.82), ("verlet", 1000, 2.93e-4, 0.499),
    ("yoshida4", 200, 9.54e-5, 0.178), ("yoshida4", 1000, 1.56e-7, 2.95e-4),
    ("rk4", 200, 6.7e-4, 0.573), ("rk4", 1000, 2.2e-7, 2.2e-4),
  ])
  func keplerAfter100Orbits(name: String, n: Int, energyError: Double, distance: Double) throws {
    let h = 2 * Double.pi / Double(n)
    let run = try Problem.kepler.trajectory(
      IntegrationMethods.named(name), .fixed(step: h), end: 100 * Double(n) * h, frames: 100 * n + 1)
    let worst = try #require(run.diagnostics.map(\.dH.magnitude).max())
    #expect((worst / energyError - 1).magnitude < 0.02)
    let q = try #require(run.frames.last).state.q
    #expect((Double.hypot(q[2] - 0.4, q[3]) / distance - 1).magnitude < 0.02)

    // The whole of L for the splittings, whatever their energy error; not for Runge–Kutta.
    let worstL = try #require(run.diagnostics.map(\.dL).max())
    if try IntegrationMethods.named(name).isSymplectic {
      #expect(worstL < 1e-13)
    } else {
      #expect(worstL > 1e-9)
    }
  }

  /// A symplectic method's energy error does not grow from the first half of a run to the second.
  @Test(arguments: fixedStep)
  func energyErrorGrowsUnlessSymplectic(method: IntegrationMethod) throws {
    let h = 2 * Double.pi / 200
    let run = try Problem.kepler.trajectory(method, .fixed(step: h), end: 20_000 * h, frames: 2001)
    let errors = run.diagnostics.map(\.dH.magnitude)
    let first = try #require(errors.prefix(1000).max())
    let second = try #require(errors.suffix(1000).max())
    #expect(method.isSymplectic ? second < 1.1 * first : second > 1.8 * first)
  }

  /// An adaptive method's error at t = 4 follows its tolerance, over six decades.
  @Test(arguments: adaptive)
  func errorFollowsTheTolerance(method: IntegrationMethod) throws {
    for tolerance in [1e-6, 1e-9, 1e-12] {
      let q = try Problem.kepler.state(method, .adaptive(tolerance: tolerance), at: 4).q
      let error = Double.hypot(q[2] - Problem.keplerAt4[0], q[3] - Problem.keplerAt4[1])
      #expect(error < 1000 * tolerance)
      #expect(error > tolerance / 100, "more exact than asked for, and so slower")
    }
  }

  /// Compensated summation removes the rounding of many short steps. The exact circular orbit tells.
  @Test(arguments: fixedStep.filter { $0.order == 4 })
  func compensationRemovesRounding(method: IntegrationMethod) throws {
    let circle = Problem(
      "circle", Problem.kepler.system, PhaseState(q: [0, 0, 1, 0], p: [0, 0, 0, 1]))
    func error(compensated: Bool) throws -> Double {
      let state = try circle.state(
        method, .fixed(step: 2.0 / 65536), at: 32, compensated: compensated)
      return Double.hypot(state.q[2] - Double.cos(32), state.q[3] - Double.sin(32))
    }
    let (plain, compensated) = (try error(compensated: false), try error(compensated: true))
    #expect(compensated < 1e-14)
    #expect(plain > 10 * compensated)
  }
}
