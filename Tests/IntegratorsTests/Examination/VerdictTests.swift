// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// What the verdicts say of methods whose behaviour is known (Hairer, Lubich & Wanner, Geometric Numerical Integration, IX and X).
@Suite struct VerdictTests {
  private func energy(_ method: IntegrationMethod, _ problem: Problem, step: Double, steps: Int) throws
    -> DriftBehaviour
  {
    let run = try problem.trajectory(
      method, .fixed(step: step), end: Double(steps) * step, frames: 1001)
    return DriftBehaviour(of: run.diagnostics.map(\.dH), at: run.diagnostics.map(\.t))
  }

  @Test(arguments: [IntegrationMethod.verlet, .symplecticEuler, .yoshida4, .gauss4])
  func symplecticMethodsAreBounded(method: IntegrationMethod) throws {
    let behaviour = try energy(method, .kepler, step: 2 * .pi / 200, steps: 10_000)
    #expect(behaviour.verdict == .bounded, "\(behaviour.exponent)")
    #expect(abs(behaviour.halves - 1) < 0.1)
    #expect(behaviour.largest > 1e-8, "there is an error to be bounded")
  }

  @Test(arguments: [IntegrationMethod.rk4, .nystrom4])
  func othersLoseEnergyInProportionToTime(method: IntegrationMethod) throws {
    let behaviour = try energy(method, .kepler, step: 2 * .pi / 500, steps: 25_000)
    #expect(behaviour.verdict == .secular, "\(behaviour.exponent)")
    #expect(behaviour.halves > 1.7 && abs(behaviour.slope) > 20 * behaviour.slopeBound)
  }
}
