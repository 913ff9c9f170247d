// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import Integrators

/// A method, with compensation or without, on a problem: what a run can be stopped in.
private struct Case: Sendable, CustomStringConvertible {
  let method: IntegrationMethod
  let compensated: Bool
  let stepping: Stepping
  var description: String { "\(method.name), \(stepping)" + (compensated ? ", compensated" : "") }

  static let all = MethodUse.all.flatMap { use in
    (use.method.isCompensable ? [false, true] : [false]).map {
      Case(
        method: use.method, compensated: $0, stepping: use.stepping(step: 1.0 / 256, tolerance: 1e-6))
    }
  }

  func run(
    _ problem: Problem, frames: Int, resuming snapshot: Snapshot? = nil, stopAfter limit: Int = .max,
    end: Double = 4
  ) throws -> (trajectory: Trajectory, outcome: Outcome) {
    var result = Trajectory(bodies: problem.system.bodies)
    var steps = 0
    let outcome = try integrate(
      problem.system, from: problem.initial, method: method, stepping: stepping, compensated: compensated,
      plan: FramePlan(start: 0, end: end, frames: frames, stepping: stepping), resuming: snapshot,
      shouldStop: {
        steps += 1
        return steps >= limit
      },
      onFrame: { frame, row in
        result.frames.append(frame)
        result.diagnostics.append(row)
      })
    return (result, outcome)
  }
}

@Suite struct ResumeTests {
  /// Stopped after 1, 2, 3, … steps, in the middle between frames and on them, the snapshot written to JSON
  /// and read back each time: frames and rows are the same bits as those of one run.
  @Test(arguments: Case.all, [1, 3, 7, 20])
  private func resumedRunsAreTheSame(case run: Case, stride: Int) throws {
    // What a multistep method repeats at every stop would take minutes.
    if run.method.restartInterval != nil, stride < 20 { return }
    for problem in [
      Problem.springs(seed: 3), .cluster(seed: 5, dimension: 3, softening: 0.1),
      .pairs(LennardJones.self, seed: 1, dimension: 2),
    ] {
      let whole = try run.run(problem, frames: 9, end: 1).trajectory
      var pieces = Trajectory(bodies: problem.system.bodies)
      var snapshot: Snapshot?
      var stops = 0
      while true {
        let piece = try run.run(problem, frames: 9, resuming: snapshot, stopAfter: stride, end: 1)
        pieces.frames += piece.trajectory.frames
        pieces.diagnostics += piece.trajectory.diagnostics
        guard case .stopped(let here) = piece.outcome else { break }
        stops += 1
        snapshot = try JSONDecoder().decode(Snapshot.self, from: JSONEncoder().encode(here))
        #expect(snapshot == here)
      }
      #expect(pieces == whole)
      #expect(stops > 2 || stride > 2)
    }
  }

  /// Multistep methods begin anew every thousand steps; stopped before such a step, at it and after it, they go on to the
  /// same bits.
  @Test(arguments: ["gsl-msadams", "gsl-msbdf"], [999, 1000, 1001, 1700])
  private func multistepMethodsRememberTheirSteps(name: String, stop: Int) throws {
    let run = Case(
      method: try IntegrationMethods.named(name), compensated: false, stepping: .adaptive(tolerance: 1e-12))
    let problem = Problem.figureEight
    let whole = try run.run(problem, frames: 9, end: 14)
    let first = try run.run(problem, frames: 9, stopAfter: stop, end: 14)
    guard case .stopped(let snapshot) = first.outcome else {
      Issue.record("the run was over before step \(stop)")
      return
    }
    let second = try run.run(problem, frames: 9, resuming: snapshot, end: 14)
    #expect(first.trajectory.frames + second.trajectory.frames == whole.trajectory.frames)
    #expect(second.outcome == .finished && (whole.trajectory.frames.last?.step ?? 0) > 2000)
  }

  /// The control: a state that went through 16 decimal digits is not the same state.
  @Test func roundedSnapshotsAreNotTheSame() throws {
    let problem = Problem.springs(seed: 3)
    let rounded = Problem(
      "rounded", problem.system,
      PhaseState(
        q: problem.initial.q.map { ($0 * 1e15).rounded() / 1e15 }, p: problem.initial.p))
    let run = Case.all[0]
    #expect(try run.run(problem, frames: 3).trajectory != run.run(rounded, frames: 3).trajectory)
  }

  @Test(arguments: Case.all.filter { $0.method.name != "gsl-bsimp" })
  private func runsAreTheSameOnAnyNumberOfThreads(case run: Case) throws {
    func ensemble(_ threads: Int) throws -> [Trajectory] {
      try parallelMap(count: 16, threads: threads) { index in
        try run.run(.springs(seed: UInt64(index)), frames: 3, end: 0.5).trajectory
      }
    }
    let one = try ensemble(1)
    #expect(try ensemble(4) == one)
    #expect(one[0] != one[1])
  }

  /// Frames end an adaptive step early; the step after goes on with the length there was before. Multistep methods
  /// remember the short one.
  @Test(arguments: MethodUse.adaptive.filter { $0.method.restartInterval == nil })
  func framesDoNotShortenTheStepsAfterThem(use: MethodUse) throws {
    func steps(frames: Int) throws -> Int {
      let run = try Problem.cluster(seed: 5, dimension: 2, softening: 0.1)
        .trajectory(use.method, use.stepping(step: .nan, tolerance: 1e-9), end: 4, frames: frames)
      return try #require(run.frames.last).step
    }
    let (few, many) = (try steps(frames: 2), try steps(frames: 41))
    // Each frame may cost the step it cuts in two, and no more.
    #expect(many <= few + 41)
  }

  @Test func foreignSnapshotsAreRefused() throws {
    let run = Case.all[0]
    let other = try #require(Case.all.first { $0.method.name != run.method.name })
    let stopped = try run.run(.springs(seed: 3), frames: 3, stopAfter: 20).outcome
    guard case .stopped(let snapshot) = stopped else {
      Issue.record("the run was not stopped")
      return
    }
    #expect(throws: NoetherError.self) { try other.run(.springs(seed: 3), frames: 3, resuming: snapshot) }
    #expect(throws: NoetherError.self) { try run.run(.kepler, frames: 3, resuming: snapshot) }
    // Another plan, in which this step lies beyond the next frame, and another tolerance.
    #expect(throws: NoetherError.self) { try run.run(.springs(seed: 3), frames: 4001, resuming: snapshot) }
    let coarser = Case(method: run.method, compensated: false, stepping: .adaptive(tolerance: 1e-4))
    #expect(throws: NoetherError.self) {
      try coarser.run(.springs(seed: 3), frames: 3, resuming: snapshot)
    }
  }

  @Test func damagedSnapshotsAreRefused() throws {
    guard case .stopped(let snapshot) = try Case.all[0].run(.kepler, frames: 3, stopAfter: 1).outcome else {
      Issue.record("the run was not stopped")
      return
    }
    let text = String(decoding: try JSONEncoder().encode(snapshot), as: UTF8.self)
    let pattern = try #require(text.firstRange(of: #""q":""#))
    let damaged = text.replacingCharacters(
      in: pattern.upperBound..<text.index(after: pattern.upperBound), with: "x")
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(Snapshot.self, from: Data(damaged.utf8))
    }
  }
}
