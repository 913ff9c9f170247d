// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A chunk by an explicit Runge–Kutta–Nyström method that steps over `stride` intervals of the data at a time, the
/// last step perhaps over fewer; the points on the way are the method's own interpolation.
struct NystromRollout<T: NetworkScalar> {
  let motion: TileMotion<T>
  let table: NystromTable
  let stride: Int

  /// One step over the points after `first`.
  private struct Step {
    let first: Int
    let intervals: Int
  }

  /// b̄_s(θ) h² and b_s(θ) h at the k-th of the points that a step passes.
  private struct Weights {
    let θh: T
    let position: [T]
    let velocity: [T]

    init(_ table: NystromTable, point: Int, of step: Step, h: T) {
      let θ = Double(point) / Double(step.intervals)
      θh = T(θ) * h
      position = table.positionWeights(at: θ).map { T($0) * h * h }
      velocity = table.velocityWeights(at: θ).map { T($0) * h }
    }
  }

  static func evaluations(_ table: NystromTable, points: Int, stride: Int) -> Int {
    (points - 1 + stride - 1) / stride * table.stages
  }

  private var steps: [Step] {
    Swift.stride(from: 0, to: motion.points - 1, by: stride).map {
      Step(first: $0, intervals: min(stride, motion.points - 1 - $0))
    }
  }

  func states(from q: [T], _ p: [T]) -> [(q: [T], p: [T])] {
    var states = [(q: q, p: p)]
    for (index, step) in steps.enumerated() {
      let h = T(step.intervals) * motion.h
      let (q, p) = states[step.first]
      var forces: [[T]] = []
      for s in table.c.indices {
        // Q_s = q + c_s h p/m + h² Σ a_sj F_j/m.
        var stage = q
        axpy(T(table.c[s]) * h, p, scaledBy: motion.inverseMasses, &stage)
        for j in 0..<s where table.a[s][j] != 0 {
          axpy(T(table.a[s][j]) * h * h, forces[j], scaledBy: motion.inverseMasses, &stage)
        }
        forces.append(motion.force(index * table.stages + s, at: stage))
      }
      for point in 1...step.intervals {
        let weights = Weights(table, point: point, of: step, h: h)
        var (q, p) = (q, p)
        axpy(weights.θh, states[step.first].p, scaledBy: motion.inverseMasses, &q)
        for s in forces.indices {
          axpy(weights.position[s], forces[s], scaledBy: motion.inverseMasses, &q)
          axpy(weights.velocity[s], forces[s], &p)
        }
        states.append((q, p))
      }
    }
    return states
  }

  func reverse(_ cotangents: [(q: [T], p: [T])], addingTo gradient: UnsafeMutablePointer<T>) {
    // λ, the cotangent of the state at the end of the step, is there also one of its points.
    var λ = (q: motion.zero, p: motion.zero)
    for (index, step) in steps.enumerated().reversed() {
      let h = T(step.intervals) * motion.h
      var (qbar, pbar) = (motion.zero, motion.zero)
      var forces = table.c.map { _ in motion.zero }
      for point in 1...step.intervals {
        var (q, p) = cotangents[step.first + point]
        if point == step.intervals {
          axpy(1, λ.q, &q)
          axpy(1, λ.p, &p)
        }
        let weights = Weights(table, point: point, of: step, h: h)
        axpy(1, q, &qbar)
        axpy(1, p, &pbar)
        axpy(weights.θh, q, scaledBy: motion.inverseMasses, &pbar)
        for s in forces.indices {
          axpy(weights.position[s], q, scaledBy: motion.inverseMasses, &forces[s])
          axpy(weights.velocity[s], p, &forces[s])
        }
      }
      for s in table.c.indices.reversed() {
        // Q̄_s = (∂F/∂q)ᵀ F̄_s, which the stage's position hands on to q, p and the earlier forces.
        let stage = motion.reverseForce(index * table.stages + s, forces[s], addingTo: gradient)
        axpy(1, stage, &qbar)
        axpy(T(table.c[s]) * h, stage, scaledBy: motion.inverseMasses, &pbar)
        for j in 0..<s where table.a[s][j] != 0 {
          axpy(T(table.a[s][j]) * h * h, stage, scaledBy: motion.inverseMasses, &forces[j])
        }
      }
      λ = (qbar, pbar)
    }
  }
}
