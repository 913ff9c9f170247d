// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@Suite struct FramePlanTests {
  private func steps(_ plan: FramePlan) -> [Int?] { (0..<plan.count).map(plan.step(ofFrame:)) }
  private func times(_ plan: FramePlan) -> [Double] { (0..<plan.count).map(plan.time(ofFrame:)) }

  @Test func framesAreRoundedToSteps() throws {
    let plan = try FramePlan(start: 0, end: 10, frames: 5, stepping: .fixed(step: 1))
    #expect(plan.steps == 10)
    #expect(steps(plan) == [0, 3, 5, 8, 10])
  }

  @Test func manyStepsDoNotOverflow() throws {
    let plan = try FramePlan(start: 0, steps: 1 << 52, step: 1e-3, frames: 1 << 30)
    #expect(plan.step(ofFrame: 1 << 29).map { abs($0 - 1 << 51) < 1 << 23 } == true)
    #expect(plan.step(ofFrame: plan.count - 1) == 1 << 52)
  }

  /// 1000 additions of 0.1 give 99.9999999999986; counting gives 100.
  @Test func timeComesFromTheCounter() throws {
    let plan = try FramePlan(start: 0, end: 100, frames: 1001, stepping: .fixed(step: 0.1))
    #expect(plan.time(ofFrame: 1000) == 100)
    #expect(plan.time(ofFrame: 3) == 3 * 0.1)
    let run = try Problem.kepler.trajectory(.verlet, .fixed(step: 0.1), end: 100, frames: 1001)
    #expect(run.frames.map(\.t) == times(plan))
  }

  @Test func everyKeepsTheEndToo() throws {
    let fixed = try FramePlan(start: 1, end: 2, every: 0.3, stepping: .fixed(step: 0.1))
    #expect(steps(fixed) == [0, 3, 6, 9, 10])
    let adaptive = try FramePlan(start: 1, end: 2, every: 0.25, stepping: .adaptive(tolerance: 1e-9))
    #expect(times(adaptive) == [1, 1.25, 1.5, 1.75, 2])
    let uneven = try FramePlan(start: 0, end: 1, every: 0.4, stepping: .adaptive(tolerance: 1e-9))
    #expect(times(uneven) == [0, 0.4, 0.8, 1])
    #expect(uneven.step(ofFrame: 1) == nil)
  }

  @Test func backwardInTime() throws {
    let fixed = try FramePlan(start: 0, end: -1, frames: 3, stepping: .fixed(step: -0.25))
    #expect(times(fixed) == [0, -0.5, -1])
    let adaptive = try FramePlan(start: 0, end: -1, every: 0.5, stepping: .adaptive(tolerance: 1e-9))
    #expect(times(adaptive) == [0, -0.5, -1])
  }

  @Test func stepsThatDoNotFitAreNamedWithThoseThatDo() {
    #expect(
      throws: NoetherError(
        "step: 0.3 does not divide the time from 0.0 to 1.0 into whole steps; 0.3333333333333333 or 0.25 would, or output: {interpolate: true}"
      )
    ) {
      try FramePlan(start: 0, end: 1, frames: 2, stepping: .fixed(step: 0.3))
    }
    #expect(
      throws: NoetherError(
        "every: 0.25 is no multiple of the step 0.1; 0.30000000000000004 would be; or give frames, or interpolate: true"
      )
    ) {
      try FramePlan(start: 0, end: 1, every: 0.25, stepping: .fixed(step: 0.1))
    }
  }

  @Test(arguments: [
    (0, 1, 1, Stepping.fixed(step: 0.1)), (0, 1, 12, .fixed(step: 0.1)), (0, 0, 2, .fixed(step: 0.1)),
    (0, 1, 2, .fixed(step: 0)), (0, 1, 2, .fixed(step: -0.1)), (0, 1, 2, .fixed(step: .nan)),
    (0, 1, 2, .fixed(step: 2)), (0, .infinity, 2, .fixed(step: 1)), (0, 1, 2, .adaptive(tolerance: 0)),
    (0, 1, 2, .adaptive(tolerance: -1e-9)), (0, 1, 2, .adaptive(tolerance: .nan)),
    (0, 1e300, 2, .fixed(step: 1e-300)),
  ])
  func nonsenseIsRefused(start: Double, end: Double, frames: Int, stepping: Stepping) {
    #expect(throws: NoetherError.self) {
      try FramePlan(start: start, end: end, frames: frames, stepping: stepping)
    }
  }

  @Test func intervalsThatAreNoneAreRefused() {
    for every in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: NoetherError.self) {
        try FramePlan(start: 0, end: 1, every: every, stepping: .adaptive(tolerance: 1e-9))
      }
    }
  }
}
