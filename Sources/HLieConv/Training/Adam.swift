// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import RealModule

/// Adam (Kingma & Ba 2015, algorithm 1) with its usual constants, on the flat parameter vector.
struct Adam<T: NetworkScalar> {
  private(set) var first: [T]
  private(set) var second: [T]
  /// Updates done.
  private(set) var steps: Int

  init(count: Int) {
    first = [T](repeating: 0, count: count)
    second = first
    steps = 0
  }

  /// The state that a checkpoint holds.
  init(first: [T], second: [T], steps: Int) {
    self.first = first
    self.second = second
    self.steps = steps
  }

  mutating func update(
    _ parameters: UnsafeMutableBufferPointer<T>, along gradient: UnsafeMutableBufferPointer<T>, rate: Double,
    threads: Int
  ) {
    steps += 1
    let (beta1, beta2) = (0.9, 0.999)
    let step = AdamStep(
      rate: rate, beta1: beta1, beta2: beta2, epsilon: 1e-8, correction1: 1 - Double.pow(beta1, steps),
      correction2: 1 - Double.pow(beta2, steps))
    let count = first.count
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        guard let theta = parameters.baseAddress, let g = gradient.baseAddress, let m = first.baseAddress,
          let v = second.baseAddress
        else { return }
        nonisolated(unsafe) let pointers = (theta, g, m, v)
        DispatchQueue.concurrentPerform(iterations: threads) { member in
          let (theta, g, m, v) = pointers
          let part = Share(index: member, count: threads).part(of: count, grain: 64)
          let at = part.lowerBound
          T.adam(part.count, step, gradient: g + at, first: m + at, second: v + at, parameters: theta + at)
        }
      }
    }
  }
}
