// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import RealModule
import TestSupport
import Testing

@testable import Integrators

@Suite struct EventTests {
  private func run(
    _ problem: Problem, _ events: EventConditions, _ method: IntegrationMethod = .kahanLi8,
    _ stepping: Stepping = .fixed(step: 1.0 / 64), end: Double = 8, frames: Int = 3,
    resuming snapshot: Snapshot? = nil, stopAfter limit: Int = .max
  ) throws -> (events: [Event], frames: [Frame], outcome: Outcome) {
    var (found, frames_, steps) = ([Event](), [Frame](), 0)
    let outcome = try integrate(
      problem.system, from: problem.initial, method: method, stepping: stepping,
      plan: FramePlan(start: 0, end: end, frames: frames, stepping: stepping), events: events,
      resuming: snapshot,
      shouldStop: {
        steps += 1
        return steps >= limit
      },
      onEvent: { found.append($0) }, onFrame: { frame, _ in frames_.append(frame) })
    return (found, frames_, outcome)
  }

  /// A circular orbit of period 2π crosses y = 0 upward at 2π k, downward at π + 2π k.
  @Test(arguments: [
    (EventConditions.Section.Direction.up, [2 * Double.pi]), (.down, [Double.pi]),
    (.both, [Double.pi, 2 * Double.pi]),
  ])
  func sectionsAreFoundAtTheirTimes(
    direction: EventConditions.Section.Direction, times: [Double]
  ) throws {
    let events = EventConditions(sections: [.init(body: 1, axis: 1, value: 0, direction: direction)])
    for (method, stepping) in [
      (IntegrationMethod.kahanLi8, Stepping.fixed(step: 1.0 / 64)), (.gslRK8PD, .adaptive(tolerance: 1e-13)),
    ] {
      let result = try run(Problem.circle, events, method, stepping)
      #expect(result.outcome == .finished && result.events.count == times.count)
      // Long adaptive steps are interpolated less well.
      let bound = method.takesTolerance ? 1e-10 : 1e-12
      for (event, t) in zip(result.events, times) {
        #expect((event.t - t).magnitude < bound, "\(event.t - t)")
        #expect(event.state.q[3].magnitude < 1e-15 && event.bodies == [1] && event.kind == .section)
        #expect((event.state.q[2].magnitude - 1).magnitude < bound)
      }
    }
  }

  /// Kepler's ellipse is nearer than 1 from −t₁ to t₁ about its perihelion: E = acos((1 − r/a)/e) = π/2, t₁ = E − e sin E.
  @Test func encountersEndTheRun() throws {
    let far = Problem(
      "from aphelion", Problem.kepler.system, PhaseState(q: [0, 0, -1.6, 0], p: [0, 0, 0, -0.5]))
    let result = try run(far, EventConditions(encounter: 1), end: 4, frames: 257)
    let event = try #require(result.events.first)
    // The step is rounded to a quarter of it by what the method itself errs.
    #expect((event.t - (Double.pi - (Double.pi / 2 - 0.6))).magnitude < 1e-10)
    #expect((Double.hypot(event.state.q[2], event.state.q[3]) - 1).magnitude < 1e-14)
    #expect(result.outcome == .ended(event) && result.events.count == 1 && event.bodies == [0, 1])
    // The frames up to it, and none beyond.
    #expect(result.frames.count == Int(event.t * 64) + 1)
    #expect(result.frames.allSatisfy { $0.t <= event.t })
  }

  /// A fly-by that is near only within a step is met all the same; one that stays outside is not.
  @Test func closeApproachesWithinAStepAreMet() throws {
    let free = GravitySystem(bodies: Bodies(dimension: 2, masses: [1, 1]), G: 1e-12, softening: 0)
    let pass = Problem("pass", free, PhaseState(q: [-0.5, 0.01, 0, 0], p: [1, 0, 0, 0]))
    let near = try run(pass, EventConditions(encounter: 0.02), .verlet, .fixed(step: 1), end: 2)
    let event = try #require(near.events.first)
    #expect((event.t - (0.5 - (0.02 * 0.02 - 0.01 * 0.01).squareRoot())).magnitude < 1e-9)
    #expect(near.outcome == .ended(event) && near.frames.count == 1)
    let far = try run(pass, EventConditions(encounter: 0.009), .verlet, .fixed(step: 1), end: 2)
    #expect(far.events.isEmpty && far.outcome == .finished && far.frames.count == 3)
  }

  /// Distances of escape are from the centre of mass, which moves.
  @Test func escapesEndTheRun() throws {
    let free = GravitySystem(bodies: Bodies(dimension: 2, masses: [1, 3]), G: 1e-12, softening: 0)
    let apart = Problem("apart", free, PhaseState(q: [0, 0, 0.1, 0], p: [-1, 0, 9, 0]))
    let result = try run(apart, EventConditions(escape: 5), .verlet, .fixed(step: 0.1))
    let event = try #require(result.events.first)
    // v = −1 and 3, V = 2, so body 1 leaves the centre with 3: |−0.075 − 3t| = 5.
    #expect((event.t - 4.925 / 3).magnitude < 1e-9 && event.bodies == [0] && event.kind == .escape)
    #expect(result.outcome == .ended(event))
  }

  @Test func startsBeyondALimitAreRefused() {
    for events in [EventConditions(encounter: 0.5), EventConditions(escape: 0.1)] {
      let error = #expect(throws: NoetherError.self) { try run(.kepler, events) }
      #expect(error?.message.contains("already") == true)
    }
  }

  /// Stopped after every few steps, a run finds the same events to the bit.
  @Test func resumedRunsFindTheSame() throws {
    let events = EventConditions(
      encounter: 0.41,
      sections: [
        .init(body: 1, axis: 0, value: -1, direction: .both),
        .init(body: 1, axis: 1, value: 0.1, direction: .up),
      ])
    let problem = Problem(
      "from aphelion", Problem.kepler.system, PhaseState(q: [0, 0, -1.6, 0], p: [0, 0, 0, -0.5]))
    let whole = try run(problem, events, .verlet, .fixed(step: 1.0 / 256))
    #expect(whole.events.count >= 2 && whole.events.last?.kind == .encounter)
    var (found, snapshot): ([Event], Snapshot?) = ([], nil)
    while true {
      let piece = try run(
        problem, events, .verlet, .fixed(step: 1.0 / 256), resuming: snapshot, stopAfter: 7)
      found += piece.events
      guard case .stopped(let here) = piece.outcome else { break }
      snapshot = here
    }
    #expect(found == whole.events)
  }
}
