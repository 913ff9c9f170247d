// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels
import Dynamics
import Foundation
import Synchronization

/// Work that a team can share.
protocol TeamWork: AnyObject {
  /// Does one member's share, which may `meet` the others on the way.
  func work(_ share: Share)
}

/// Threads that share the work of one force, which takes so little time that they must not sleep in between.
///
/// A member waits for the others by looking again and again: it learns of them after some 0.1 µs, where waking a
/// sleeping thread takes 50. Without work for a while the threads do sleep. There is one team for the whole program;
/// whoever finds it busy works alone.
final class Team: Sendable {
  static let shared = Team(size: min(maximalSize, ProcessInfo.processInfo.activeProcessorCount))
  /// Beyond that, parts are too small to be worth the waiting.
  private static let maximalSize = 4
  /// Looks in a row, for about a microsecond.
  private static let haste = 1 << 9
  /// Looks with pauses, for some ten microseconds, before a member lets others run: it may be that the one it waits for is
  /// waiting for its core.
  private static let patience = 1 << 8
  /// How often it only yields. Then it sleeps for a moment, since yielding alone was seen to leave two members on one core
  /// for sixty milliseconds while another core had none.
  private static let mostYields = 100
  /// The same for a thread without work, before it sleeps: some ten milliseconds, since one that is woken often begins on
  /// the core that is in use, and it takes the scheduler as long to move it.
  private static let idlePatience = 1 << 18

  private let size: Int
  private let limit: @Sendable () -> Int
  private let isBusy = Atomic(false)
  /// What is being worked on; set before `run` announces it, and alive until all members have met at its end.
  private nonisolated(unsafe) unowned(unsafe) var current: (any TeamWork)?
  /// The number of works so far · 256 + the number of members that the last one has.
  private let run = Atomic(0)
  /// How often members have come to a meeting. It only grows, so that who is late still sees that all have come.
  private let arrivals = Atomic(0)
  /// What `arrivals` was when the current work began.
  private nonisolated(unsafe) var origin = 0
  private nonisolated(unsafe) var hasStarted = false
  private let sleepers = Atomic(0)
  private let bed = NSCondition()

  /// As many threads as `limit` allows for each work, `size` at most; they live as long as the program.
  init(size: Int, limit: @escaping @Sendable () -> Int = { ThreadLimit.current }) {
    self.size = size
    self.limit = limit
  }

  /// Makes the threads, when there is something to share for the first time.
  private func start() {
    hasStarted = true
    for index in 1..<max(1, size) {
      let thread = Thread { self.serve(index) }
      thread.name = "noether team \(index)"
      thread.start()
    }
  }

  /// Has `work` done by all, or says that it cannot be shared.
  func share(_ work: any TeamWork) -> Bool {
    let count = min(size, limit())
    guard count > 1, isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    if !hasStarted { start() }
    current = work
    origin = arrivals.load(ordering: .relaxed)
    run.store((run.load(ordering: .relaxed) >> 8 + 1) << 8 | count, ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
      bed.lock()
      bed.broadcast()
      bed.unlock()
    }
    work.work(Share(index: 0, count: count))
    meet(count)
    isBusy.store(false, ordering: .releasing)
    return true
  }

  /// Works shared so far.
  var works: Int { run.load(ordering: .relaxed) >> 8 }

  /// Returns when all of `count` members have called it equally often.
  func meet(_ count: Int) {
    if count == 1 { return }
    // Read before coming: as soon as the last one has come, the next work may begin.
    let origin = origin
    let ticket = arrivals.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
    let all = origin + (ticket - origin + count - 1) / count * count
    var yields = 0
    while !looks(Self.patience, until: { arrivals.load(ordering: .acquiring) >= all }) {
      yields += 1
      if yields < Self.mostYields { sched_yield() } else { usleep(20) }
    }
  }

  /// Whether the condition has come true while it was looked at.
  private func looks(_ patience: Int, until condition: () -> Bool) -> Bool {
    // A pause would make a meeting of members that come together last three times as long.
    for _ in 0..<Self.haste where condition() { return true }
    for _ in 0..<patience {
      if condition() { return true }
      noether_pause()
    }
    return false
  }

  /// What the thread of a member does all its life.
  private func serve(_ index: Int) {
    var done = 0
    while true {
      if !looks(Self.idlePatience, until: { run.load(ordering: .acquiring) != done }) { sleep(after: done) }
      done = run.load(ordering: .acquiring)
      let count = done & 255
      if index < count, let work = current {
        work.work(Share(index: index, count: count))
        meet(count)
      }
    }
  }

  private func sleep(after done: Int) {
    bed.lock()
    sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
    while run.load(ordering: .sequentiallyConsistent) == done { bed.wait() }
    sleepers.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    bed.unlock()
  }
}
