// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels
import Dispatch

/// The accelerations of many gravitating bodies by direct summation over all pairs, in vectors of bodies and on several
/// threads.
///
/// Each body's sum runs over all others in a fixed order, so that the bits do not depend on the number of threads.
/// Every pair is met twice: that costs less than adding to two places at once.
struct DirectSum {
  /// From so many bodies on it is faster than going through the pairs once, one at a time.
  static let fewestBodies = 64
  /// Bodies whose accelerations one thread computes at a time.
  private static let block = 256

  private let count: Int
  private let dimension: Int
  /// x, y, z and m of all bodies, filled up to whole vectors.
  private var columns: [[Double]]

  /// At positions `q` [bodies × dimension].
  init(of bodies: Bodies, at q: Span<Double>) {
    count = bodies.count
    dimension = bodies.dimension
    let padded = (count + 7) / 8 * 8
    columns = [[Double]](repeating: [Double](repeating: 0, count: padded), count: 4)
    var reach = 0.0
    for axis in 0..<dimension {
      for body in 0..<count {
        let x = q[body * dimension + axis]
        columns[axis][body] = x
        reach = max(reach, x.magnitude)
      }
    }
    for body in 0..<count { columns[3][body] = bodies.masses[body] }
    // Those that fill up weigh nothing and lie where no body is.
    for body in count..<padded { columns[0][body] = 2 * reach + 1 }
  }

  /// Hands `body` and its acceleration aᵢ = Σⱼ mⱼ Δ/(|Δ|² + ε²)^{3/2} to `use`, for one body after the other.
  func forEachAcceleration(softening: Double, _ use: (_ body: Int, _ axis: Int, Double) -> Void) {
    let padded = columns[0].count
    var found = [Double](repeating: 0, count: 3 * padded)
    found.withUnsafeMutableBufferPointer { found in
      guard let base = found.baseAddress else { return }
      nonisolated(unsafe) let (ax, ay, az) = (base, base + padded, base + 2 * padded)
      let (x, y, z, m) = (columns[0], columns[1], columns[2], columns[3])
      let (count, ε²) = (count, softening * softening)
      let blocks = (count + Self.block - 1) / Self.block
      let workers = min(ThreadLimit.current, blocks)
      DispatchQueue.concurrentPerform(iterations: workers) { worker in
        for block in stride(from: worker, to: blocks, by: workers) {
          noether_attract_f64(
            padded, block * Self.block, min((block + 1) * Self.block, count), x, y, z, m, ε², ax, ay, az)
        }
      }
    }
    for body in 0..<count {
      for axis in 0..<dimension { use(body, axis, found[axis * padded + body]) }
    }
  }
}
