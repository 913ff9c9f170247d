// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import RealModule
import TestSupport
import Testing

@testable import Integrators

/// Frames between fixed steps.
@Suite struct InterpolationTests {
  private func frames(
    _ problem: Problem, _ method: IntegrationMethod, step: Double, end: Double, every: Double
  ) throws -> (frames: [Frame], rows: [DiagnosticsRow]) {
    let stepping = Stepping.fixed(step: step)
    var result: (frames: [Frame], rows: [DiagnosticsRow]) = ([], [])
    _ = try integrate(
      problem.system, from: problem.initial, method: method, stepping: stepping,
      plan: FramePlan(start: 0, end: end, every: every, stepping: stepping, interpolate: true),
      onFrame: {
        result.frames.append($0)
        result.rows.append($1)
      })
    return result
  }

  @Test func framesLieAtTheirTimes() throws {
    let plan = try FramePlan(start: 1, end: 2, every: 0.25, stepping: .fixed(step: 0.3), interpolate: true)
    #expect(plan.steps == 4 && plan.count == 5)
    #expect((0..<5).map(plan.time(ofFrame:)) == [1, 1.25, 1.5, 1.75, 2])
    #expect((0..<5).map(plan.step(ofFrame:)) == [0, 1, 2, 3, 4])
    let back = try FramePlan(start: 0, end: -1, frames: 5, stepping: .fixed(step: -0.3), interpolate: true)
    #expect((0..<5).map(back.time(ofFrame:)) == [0, -0.25, -0.5, -0.75, -1])
    // Multiples of the step are no matter of interpolation.
    let whole = try FramePlan(start: 0, end: 1, every: 0.3, stepping: .fixed(step: 0.1), interpolate: true)
    let plain = try FramePlan(start: 0, end: 1, every: 0.3, stepping: .fixed(step: 0.1))
    for index in 0..<plain.count {
      #expect(whole.place(ofFrame: index)?.fraction == 1)
      #expect(whole.step(ofFrame: index) == plain.step(ofFrame: index))
      #expect(whole.time(ofFrame: index) == plain.time(ofFrame: index))
    }
  }

  /// Against the closed form of the circular orbit: q errs by O(h⁶), p by O(h⁵) beside the method's own O(h⁸).
  @Test func interpolationHasItsOrder() throws {
    func errors(_ n: Int) throws -> (q: Double, p: Double) {
      let h = 2 / Double(n)
      var worst = (q: 0.0, p: 0.0)
      for frame in try frames(Problem.circle, .kahanLi8, step: h, end: 2, every: 0.37 * h).frames {
        let (c, s) = (Double.cos(frame.t), Double.sin(frame.t))
        worst.q = max(worst.q, Double.hypot(frame.state.q[2] - c, frame.state.q[3] - s))
        worst.p = max(worst.p, Double.hypot(frame.state.p[2] + s, frame.state.p[3] - c))
      }
      return worst
    }
    let (coarse, fine) = (try errors(8), try errors(16))
    #expect((Double.log2(coarse.q / fine.q) - 6).magnitude < 0.2, "\(coarse) \(fine)")
    #expect((Double.log2(coarse.p / fine.p) - 5).magnitude < 0.2, "\(coarse) \(fine)")
  }

  /// The steps are those of a run without: frames that fall on steps have the same bits.
  @Test(arguments: IntegrationMethods.all.filter { $0.takesStep && $0.order > 1 && $0.name != "gsl-bsimp" })
  func stepsStayAsTheyAre(method: IntegrationMethod) throws {
    let problem = Problem.cluster(seed: 5, dimension: 3, softening: 0.3)
    let plain = try problem.trajectory(method, .fixed(step: 1.0 / 64), end: 2, frames: 129)
    let dense = try frames(problem, method, step: 1.0 / 64, end: 2, every: 1.0 / 160)
    let onSteps = dense.frames.enumerated().filter { $0.offset % 5 == 0 }.map(\.element.state)
    #expect(onSteps == plain.frames.enumerated().filter { $0.offset % 2 == 0 }.map(\.element.state))
    #expect(dense.frames.count == 321)
    // Between them, momentum is kept as on them, but for rounding of q over h.
    let P = dense.rows[0].P
    for row in dense.rows {
      for (a, b) in zip(row.P, P) { #expect((a - b).magnitude < 1e-12) }
    }
  }

  /// Steps that a tolerance chooses are the same, to the bit, whatever the frames; and these lie on the circle. Without interpolation, the
  /// control, more frames make other steps.
  @Test(arguments: ["gsl-rkf45", "gsl-rk8pd", "gsl-msadams", "gsl-bsimp"])
  func stepsOfATolerance(name: String) throws {
    let method = try IntegrationMethods.named(name)
    let stepping = Stepping.adaptive(tolerance: 1e-12)
    func run(_ count: Int, _ interpolate: Bool, end: Double) throws -> [Frame] {
      var frames: [Frame] = []
      _ = try integrate(
        Problem.circle.system, from: Problem.circle.initial, method: method, stepping: stepping,
        plan: FramePlan(start: 0, end: end, frames: count, stepping: stepping, interpolate: interpolate),
        onFrame: { frame, _ in frames.append(frame) })
      return frames
    }
    for end in [5.0, -5] {
      let (few, many) = (try run(2, true, end: end), try run(1001, true, end: end))
      #expect(many.count == 1001 && many.last == few.last)
      #expect(many.last?.step != (try run(1001, false, end: end)).last?.step)
      for (index, frame) in many.enumerated() {
        let t = end * (Double(index) / 1000)
        let error = Double.hypot(frame.state.q[2] - Double.cos(t), frame.state.q[3] - Double.sin(t))
        #expect(
          frame.t == t && error < (name == "gsl-rk8pd" || name == "gsl-bsimp" ? 1e-4 : 1e-9), "\(t): \(error)"
        )
      }
    }
  }

  @Test(arguments: [
    (IntegrationMethod.verlet, Stepping.fixed(step: 0.01)), (.gslRK8PD, .adaptive(tolerance: 1e-9)),
    (.gslMSAdams, .adaptive(tolerance: 1e-6)),
  ])
  func runsGoOnToTheSameBits(method: IntegrationMethod, stepping: Stepping) throws {
    let problem = Problem.springs(seed: 3)
    let plan = try FramePlan(start: 0, end: 1, every: 0.0037, stepping: stepping, interpolate: true)
    func run(_ snapshot: Snapshot?, stopAfter limit: Int) throws -> ([Frame], [DiagnosticsRow], Outcome) {
      var (frames, rows, steps) = ([Frame](), [DiagnosticsRow](), 0)
      let outcome = try integrate(
        problem.system, from: problem.initial, method: method, stepping: stepping, plan: plan,
        resuming: snapshot,
        shouldStop: {
          steps += 1
          return steps >= limit
        },
        onFrame: {
          frames.append($0)
          rows.append($1)
        })
      return (frames, rows, outcome)
    }
    let whole = try run(nil, stopAfter: .max)
    #expect(whole.0.count == plan.count && plan.count > 270)
    var (frames, rows) = ([Frame](), [DiagnosticsRow]())
    var snapshot: Snapshot?
    repeat {
      let piece = try run(snapshot, stopAfter: 3)
      frames += piece.0
      rows += piece.1
      snapshot = if case .stopped(let here) = piece.2 { here } else { nil }
    } while snapshot != nil
    #expect(frames == whole.0 && rows == whole.1)
  }

  /// Laws without H = T + V have cubic ones.
  @Test func generalLawsAreInterpolatedByCubics() throws {
    struct Veiled: DynamicalSystem {
      let law: any HamiltonianSystem
      var bodies: Bodies { law.bodies }
      func energy(q: Span<Double>, p: Span<Double>) -> Double? { nil }
      func rates(
        q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
      ) { law.rates(q: q, p: p, qdot: &qdot, pdot: &pdot) }
    }
    func error(_ n: Int) throws -> Double {
      let h = 4 / Double(n)
      var state = Problem.circle.initial
      _ = try integrate(
        Veiled(law: Problem.circle.system), from: Problem.circle.initial, method: .gauss6,
        stepping: .fixed(step: h),
        plan: FramePlan(start: 0, end: 4 - h / 2, frames: 2, stepping: .fixed(step: h), interpolate: true),
        diagnosedBy: Problem.circle.system, onFrame: { frame, _ in state = frame.state })
      let (c, s) = (Double.cos(4 - h / 2), Double.sin(4 - h / 2))
      return state.distance(to: PhaseState(q: [0, 0, c, s], p: [0, 0, -s, c]))
    }
    let order = try Double.log2(error(128) / error(256))
    #expect((order - 4).magnitude < 0.2, "\(order)")
  }
}
