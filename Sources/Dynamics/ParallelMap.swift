// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Synchronization

/// `(0..<count).map(body)` on up to `threads` threads, in the order of the indices.
///
/// Every worker takes the next index from a shared counter, so uneven work is balanced; what index i gives
/// depends on i alone, so the result does not depend on `threads`. If calls throw, the error of the smallest
/// failing index is thrown, and work not yet begun beyond it is left. Forces that `body` asks for share the threads: where
/// there is a call for each, every one keeps to its own.
public func parallelMap<T: Sendable>(
  count: Int, threads: Int, _ body: @Sendable (Int) throws -> T
) throws -> [T] {
  let workers = max(1, min(threads, count))
  let before = ThreadLimit.current
  ThreadLimit.set(threads / workers)
  defer { ThreadLimit.set(before) }
  if workers == 1 { return try (0..<max(0, count)).map(body) }

  let next = Atomic<Int>(0)
  let stopAt = Atomic<Int>(count)
  let gathered = Mutex<(results: [T?], errors: [Int: any Error])>(
    (results: Array(repeating: nil, count: count), errors: [:]))
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      if index >= count || index > stopAt.load(ordering: .relaxed) { return }
      do {
        let value = try body(index)
        gathered.withLock { $0.results[index] = value }
      } catch {
        stopAt.min(index, ordering: .relaxed)
        gathered.withLock { $0.errors[index] = error }
      }
    }
  }
  return try gathered.withLock { gathered in
    if let first = gathered.errors.keys.min(), let error = gathered.errors[first] { throw error }
    return gathered.results.compactMap { $0 }
  }
}
