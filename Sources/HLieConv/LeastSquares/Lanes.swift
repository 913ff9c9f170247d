// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Synchronization

/// Work divided into fixed lanes, which threads take as they become free; results come in the order of the lanes, so that
/// sums over them have the same bits at any number of threads.
enum Lanes {
  static let count = 8

  /// Runs `body` once per lane of `0..<items`, on as many threads as there are workers, each with a worker of its own.
  static func forEach<Worker, Result>(
    of items: Int, workers: [Worker], _ body: (Worker, Range<Int>) -> Result
  ) -> [Result] {
    let next = Atomic(0)
    nonisolated(unsafe) let workers = workers
    nonisolated(unsafe) var results = [Result?](repeating: nil, count: count)
    let lock = Mutex(())
    withoutActuallyEscaping(body) { body in
      nonisolated(unsafe) let run = body
      DispatchQueue.concurrentPerform(iterations: workers.count) { w in
        while true {
          let lane = next.wrappingAdd(1, ordering: .relaxed).oldValue
          if lane >= count { return }
          nonisolated(unsafe) let result = run(
            workers[w], lane * items / count..<(lane + 1) * items / count)
          lock.withLock { _ in results[lane] = result }
        }
      }
    }
    return results.compactMap { $0 }
  }
}
