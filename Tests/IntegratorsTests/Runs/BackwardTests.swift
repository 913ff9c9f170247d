// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// Time that runs backward.
@Suite struct BackwardTests {
  /// From the end of a run back to its start; with frames on the way that are those of the way there.
  @Test(arguments: MethodUse.all.filter { $0.method.name != "gsl-bsimp" || $0.isAdaptive })
  func everyMethodGoesBack(use: MethodUse) throws {
    let problem = Problem.cluster(seed: 5, dimension: 2, softening: 0.3)
    func run(_ from: PhaseState, _ start: Double, _ end: Double) throws -> [Frame] {
      let stepping = use.stepping(step: end > start ? 1.0 / 256 : -1.0 / 256, tolerance: 1e-10)
      var frames: [Frame] = []
      _ = try integrate(
        problem.system, from: from, method: use.method, stepping: stepping,
        plan: FramePlan(start: start, end: end, frames: 5, stepping: stepping),
        onFrame: { frame, _ in frames.append(frame) })
      return frames
    }
    let there = try run(problem.initial, 0, 2)
    let back = try run(there[4].state, 2, 0)
    #expect(back.map(\.t) == [2, 1.5, 1, 0.5, 0])
    let bound = use.method.order == 1 ? 0.3 : use.method.order < 4 ? 1e-3 : 1e-6
    for (a, b) in zip(there, back.reversed()) {
      let distance = a.state.distance(to: b.state)
      #expect(distance < (use.isSymplectic && use.method.isReversible ? 1e-12 : bound), "\(distance)")
    }
    #expect(there[4].state.distance(to: problem.initial) > 0.1)
  }

  @Test func stepsThatLeadAwayAreRefused() {
    for (end, step) in [(-1.0, 0.1), (1, -0.1)] {
      let error = #expect(throws: NoetherError.self) {
        try FramePlan(start: 0, end: end, frames: 2, stepping: .fixed(step: step))
      }
      #expect(error?.message.contains("leads away from the end") == true)
      #expect(error?.message.contains("change its sign") == true)
    }
  }
}
