// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import Synchronization

/// Many systems that are integrated alike, on all threads.
///
/// What becomes of a system depends on nothing but itself, so the result does not depend on the number of
/// threads, nor on when the run was stopped and taken up again.
struct Ensemble: Sendable {
  struct Member: Sendable {
    var index: Int
    /// Makes the law that moves the bodies. Made when its turn comes: a learned law carries its own memory.
    var law: @Sendable () throws -> any DynamicalSystem
    /// The true law, where `law` is a learned one.
    var truth: (any MechanicalSystem)?
    var initial: PhaseState
  }

  var members: [Member]
  var method: IntegrationMethod
  var stepping: Stepping
  var compensated: Bool
  var plan: FramePlan
  /// What to look out for in every step.
  var events: EventConditions?
  /// The laws are learned ones that have an energy of their own.
  var hasLearnedEnergy = false

  /// Runs every member to its end, its failure, or the first Ctrl-C; in the order of `members`. `saved` is where
  /// each goes on from, nil where it begins.
  ///
  /// A failure ends its own system only: the others go on, and the run keeps the frames before it.
  func run(
    from saved: [SystemRun?], threads: Int, checkpoints: Checkpoints, progress: Progress
  ) throws -> [SystemRun] {
    let meter = Meter(systems: members.count, progress: progress)
    let runs = try parallelMap(count: members.count, threads: threads) { index in
      try advance(members[index], from: saved[index], checkpoints: checkpoints, meter: meter)
    }
    if Interruption.isRequested { try checkpoints.flush() }
    return runs
  }

  private func advance(
    _ member: Member, from saved: SystemRun?, checkpoints: Checkpoints, meter: Meter
  ) throws -> SystemRun {
    var run = saved ?? SystemRun(index: member.index)
    var done = run.frames.last.map { fraction(at: $0.t) } ?? 0
    meter.add(done)
    let law = try member.law()
    while !run.isOver, !Interruption.isRequested {
      do {
        try goOn(member, law, &run, until: .now + .seconds(checkpoints.interval)) { t, steps, dH in
          let now = fraction(at: t)
          meter.add(
            now - done, steps: steps, note: "t = \(t.short), dH = \(dH.short)")
          done = now
        }
      } catch let failure as IntegrationFailure {
        run.snapshot = nil
        run.failure = failure.message
      }
      if run.isOver { try checkpoints.note(run) } else { try checkpoints.save(run) }
    }
    if run.isOver { meter.add(1 - done) }
    return run
  }

  /// Integrates until the run is over, its time is up, or Ctrl-C is pressed.
  private func goOn(
    _ member: Member, _ law: any DynamicalSystem, _ run: inout SystemRun,
    until deadline: ContinuousClock.Instant,
    report: @escaping (_ t: Double, _ steps: Int, _ dH: Double) -> Void
  ) throws {
    var (steps, dH) = (0, run.rows.last?.dH ?? 0)
    let outcome = try integrate(
      law, from: member.initial, method: method, stepping: stepping, compensated: compensated,
      plan: plan, events: events, diagnosedBy: member.truth, resuming: run.snapshot,
      shouldStop: {
        if Interruption.isRequested { return true }
        // The clock costs as much as a short step: it is asked now and then.
        return steps % 256 == 0 && .now > deadline
      },
      onStep: { _, t in
        steps += 1
        if steps % 64 == 0 { report(t, 64, dH) }
      },
      onEvent: { run.events.append($0) },
      onFrame: { frame, row in
        run.frames.append(frame)
        run.rows.append(row)
        dH = row.dH
      })
    switch outcome {
    case .finished, .ended:
      run.snapshot = nil
      run.isFinished = true
    case .stopped(let snapshot): run.snapshot = snapshot
    }
  }

  private func fraction(at t: Double) -> Double { (t - plan.start) / (plan.end - plan.start) }
}

/// Adds up what the threads have done and shows it: of many systems how many are done, of one how it does.
private final class Meter: Sendable {
  private let systems: Int
  private let progress: Progress
  private let start = ContinuousClock.now
  private let done = Mutex((parts: 0.0, steps: 0))

  init(systems: Int, progress: Progress) {
    self.systems = systems
    self.progress = progress
  }

  /// `part` of one system has been done since the last call, in so many `steps`.
  func add(_ part: Double, steps: Int = 0, note: @autoclosure () -> String = "") {
    let total = done.withLock { done in
      done.parts += part
      done.steps += steps
      return done
    }
    progress.update(total.parts / Double(systems), note: words(total, note()))
  }

  private func words(_ total: (parts: Double, steps: Int), _ note: String) -> String {
    if systems > 1 { return "\(Int(total.parts)) of \(systems) systems" }
    let rate = Double(total.steps) / ((.now - start) / .seconds(1))
    return note.isEmpty ? "" : "\(note), \(rate.short) steps/s"
  }
}
