// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A chunk by an explicit Runge–Kutta method, one step per interval of the data.
struct RungeKuttaRollout<T: NetworkScalar> {
  let motion: TileMotion<T>
  let a: [[T]]
  let b: [T]

  init(_ table: RungeKuttaTable, motion: TileMotion<T>) {
    self.motion = motion
    a = table.a.map { $0.map { T($0) } }
    b = table.b.map { T($0) }
  }

  func states(from q: [T], _ p: [T]) -> [(q: [T], p: [T])] {
    let h = motion.h
    var states = [(q: q, p: p)]
    for step in 0..<motion.points - 1 {
      var (q, p) = states[step]
      // Stage s: Q = q + h Σ a_sj P_j/m, P = p + h Σ a_sj F(Q_j).
      var momenta: [[T]] = []
      var forces: [[T]] = []
      for s in b.indices {
        var (stageQ, stageP) = states[step]
        for j in 0..<s where a[s][j] != 0 {
          axpy(h * a[s][j], momenta[j], scaledBy: motion.inverseMasses, &stageQ)
          axpy(h * a[s][j], forces[j], &stageP)
        }
        forces.append(motion.force(step * b.count + s, at: stageQ))
        momenta.append(stageP)
      }
      for s in b.indices {
        axpy(h * b[s], momenta[s], scaledBy: motion.inverseMasses, &q)
        axpy(h * b[s], forces[s], &p)
      }
      states.append((q, p))
    }
    return states
  }

  func reverse(_ cotangents: [(q: [T], p: [T])], addingTo gradient: UnsafeMutablePointer<T>) {
    let h = motion.h
    var (qbar, pbar) = cotangents[motion.points - 1]
    for step in stride(from: motion.points - 2, through: 0, by: -1) {
      // With λ the cotangent of the step's end: k̄_s = h b_s λ + h Σ_{r>s} a_rs Z̄_r, Z̄_s = (∂f/∂z)ᵀ k̄_s for
      // f(q, p) = (p/m, F(q)), and λ ← λ + Σ Z̄_s (Hairer, Lubich & Wanner, Geometric Numerical Integration, VI.4).
      var stageQ = [[T]](repeating: [], count: b.count)
      var stageP = stageQ
      for s in b.indices.reversed() {
        var velocity = motion.zero
        var force = motion.zero
        axpy(h * b[s], qbar, &velocity)
        axpy(h * b[s], pbar, &force)
        for r in s + 1..<b.count where a[r][s] != 0 {
          axpy(h * a[r][s], stageQ[r], &velocity)
          axpy(h * a[r][s], stageP[r], &force)
        }
        stageQ[s] = motion.reverseForce(step * b.count + s, force, addingTo: gradient)
        stageP[s] = motion.zero
        axpy(1, velocity, scaledBy: motion.inverseMasses, &stageP[s])
      }
      for s in b.indices {
        axpy(1, stageQ[s], &qbar)
        axpy(1, stageP[s], &pbar)
      }
      axpy(1, cotangents[step].q, &qbar)
      axpy(1, cotangents[step].p, &pbar)
    }
  }
}
