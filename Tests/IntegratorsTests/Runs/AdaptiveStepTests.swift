// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// A unit mass that flies freely where x < 0 and meets a spring wall V = 50x² beyond; at x ≥ 0.2 there is no law.
private struct Walled: HamiltonianSystem {
  var bodies = Bodies(dimension: 2, masses: [1])
  var features: [[Double]] { [[1]] }
  var featureNames: [String] { ["m"] }

  func potentialEnergy(at q: Span<Double>) -> Double { q[0] > 0 ? 50 * q[0] * q[0] : 0 }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    force[0] = q[0] >= 0.2 ? .nan : q[0] > 0 ? -100 * q[0] : 0
    force[1] = 0
  }
}

/// Methods with steps of their own where these are hard to choose.
@Suite struct AdaptiveStepTests {
  /// A body that starts next to the origin, or next to rest, costs no more steps than it would elsewhere.
  @Test(arguments: MethodUse.adaptive)
  func tinyStartsDoNotStopAdaptiveRuns(use: MethodUse) throws {
    let eight = Problem.figureEight
    var nearOrigin = eight.initial
    nearOrigin.q[4] = 1e-9
    var nearRest = eight.initial
    nearRest.p = [1e-9, 0, 0, 0.3, 0, -0.3]
    for start in [nearOrigin, nearRest] {
      var steps = 0
      let stepping = use.stepping(step: .nan, tolerance: 1e-10)
      let outcome = try integrate(
        eight.system, from: start, method: use.method, stepping: stepping,
        plan: FramePlan(start: 0, end: 1, frames: 2, stepping: stepping),
        shouldStop: {
          steps += 1
          return steps > (use.method.order < 4 ? 20_000 : 2000)
        }, onFrame: { _, _ in })
      #expect(outcome == .finished)
    }
  }

  /// In free flight the steps grow until one would end beyond the wall, where there is no force: it is halved,
  /// and the body bounces.
  @Test(arguments: MethodUse.adaptive)
  func trialsBeyondTheDomainAreTakenBack(use: MethodUse) throws {
    let stepping = Stepping.adaptive(tolerance: 1e-8)
    var last: Frame?
    let outcome = try integrate(
      Walled(), from: PhaseState(q: [-100, 0], p: [1, 0]), method: use.method, stepping: stepping,
      plan: FramePlan(start: 0, end: 200, frames: 2, stepping: stepping)
    ) { frame, _ in last = frame }
    #expect(outcome == .finished)
    // From −100 to the wall's foot at 0, half a swing of π/ω there, and back with the same speed.
    let end = try #require(last).state
    // A kink in the force is a jump of the Jacobian.
    let isImplicit = use.method.name.hasSuffix("imp")
    #expect((end.p[0] + 1).magnitude < (isImplicit ? 1e-2 : 1e-5))
    #expect((end.q[0] - (-200 + 100 + Double.pi / 10)).magnitude < (isImplicit ? 1 : 1e-4))
  }
}
