// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A chunk by an explicit Runge–Kutta method, one step per interval of the data, for a learned vector field ż = f(z).
///
/// Inside, states are flat [systems × bodies × 2 dimension], q before p for each body. The evaluations of f are kept in
/// the engine, so the reverse pass stores nothing else.
struct VectorFieldRollout<T: NetworkScalar> {
  let motion: TileMotion<T>
  let a: [[T]]
  let b: [T]
  private let dimension: Int

  init(_ table: RungeKuttaTable, motion: TileMotion<T>) {
    self.motion = motion
    a = table.a.map { $0.map { T($0) } }
    b = table.b.map { T($0) }
    dimension = motion.engine.program.dimension
  }

  func states(from q: [T], _ p: [T]) -> [(q: [T], p: [T])] {
    var states = [(q: q, p: p)]
    var z = joined(q, p)
    for step in 0..<motion.points - 1 {
      // Stage s: k_s = f(z + h Σ a_sj k_j); z ← z + h Σ b_s k_s.
      var rates: [[T]] = []
      for s in b.indices {
        var stage = z
        for j in 0..<s where a[s][j] != 0 { axpy(motion.h * a[s][j], rates[j], &stage) }
        rates.append(velocity(step * b.count + s, at: stage))
      }
      for s in b.indices { axpy(motion.h * b[s], rates[s], &z) }
      states.append(parted(z))
    }
    return states
  }

  func reverse(_ cotangents: [(q: [T], p: [T])], addingTo gradient: UnsafeMutablePointer<T>) {
    let last = cotangents[motion.points - 1]
    var zbar = joined(last.q, last.p)
    for step in stride(from: motion.points - 2, through: 0, by: -1) {
      // k̄_s = h b_s λ + h Σ_{r>s} a_rs Z̄_r, Z̄_s = (∂f/∂z)ᵀ k̄_s, λ ← λ + Σ Z̄_s, as in `RungeKuttaRollout`.
      var stages = [[T]](repeating: [], count: b.count)
      for s in b.indices.reversed() {
        var rate = motion.zero
        axpy(motion.h * b[s], zbar, &rate)
        for r in s + 1..<b.count where a[r][s] != 0 { axpy(motion.h * a[r][s], stages[r], &rate) }
        stages[s] = reverseVelocity(step * b.count + s, rate, addingTo: gradient)
      }
      for stage in stages { axpy(1, stage, &zbar) }
      axpy(1, joined(cotangents[step].q, cotangents[step].p), &zbar)
    }
  }

  private func velocity(_ evaluation: Int, at z: [T]) -> [T] {
    var velocity = motion.zero
    motion.engine.velocity(motion.keepsEvaluations ? evaluation : 0, at: z, into: &velocity)
    hold(&velocity)
    return velocity
  }

  private func reverseVelocity(
    _ evaluation: Int, _ cotangent: [T], addingTo gradient: UnsafeMutablePointer<T>
  ) -> [T] {
    var (cotangent, product) = (cotangent, motion.zero)
    hold(&cotangent)
    motion.engine.reverseVelocity(evaluation, cotangent, addingTo: gradient, into: &product)
    return product
  }

  /// Pinned bodies stay where they are, and so do their momenta.
  private func hold(_ velocity: inout [T]) {
    for k in velocity.indices { velocity[k] *= motion.isFree[coordinate(k)] }
  }

  /// The coordinate, in arrays [systems × bodies × dimension], that the number at k in a state belongs to.
  private func coordinate(_ k: Int) -> Int { k / (2 * dimension) * dimension + k % dimension }

  private func isMomentum(_ k: Int) -> Bool { k % (2 * dimension) >= dimension }

  private func joined(_ q: [T], _ p: [T]) -> [T] {
    (0..<2 * q.count).map { isMomentum($0) ? p[coordinate($0)] : q[coordinate($0)] }
  }

  private func parted(_ z: [T]) -> (q: [T], p: [T]) {
    (z.indices.filter { !isMomentum($0) }.map { z[$0] }, z.indices.filter(isMomentum).map { z[$0] })
  }
}
