// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The kicks and drifts of several steps, with the force evaluation that each kick uses.
///
/// A kick at the end of one step and the one at the start of the next meet the same positions and share one force.
struct SplittingPlan: Sendable {
  enum Move: Sendable {
    case kick(Double, evaluation: Int)
    case drift(Double)
    /// A data point is reached.
    case point(Int)
  }
  private(set) var moves: [Move] = [.point(0)]
  private(set) var evaluations = 0

  init(_ table: SplittingTable, steps: Int) {
    var isForceCurrent = false
    for step in 0..<steps {
      for substep in table.substeps {
        switch substep {
        case .kick(let c):
          if !isForceCurrent { evaluations += 1 }
          isForceCurrent = true
          moves.append(.kick(c, evaluation: evaluations - 1))
        case .drift(let c):
          isForceCurrent = false
          moves.append(.drift(c))
        }
      }
      moves.append(.point(step + 1))
    }
  }
}

/// A chunk by a symplectic splitting, one step per interval of the data.
struct SplittingRollout<T: NetworkScalar> {
  let motion: TileMotion<T>
  let plan: SplittingPlan

  init(_ table: SplittingTable, motion: TileMotion<T>) {
    self.motion = motion
    plan = SplittingPlan(table, steps: motion.points - 1)
  }

  func states(from q: [T], _ p: [T]) -> [(q: [T], p: [T])] {
    var (q, p) = (q, p)
    var states: [(q: [T], p: [T])] = []
    var force: [T] = []
    var evaluated = -1
    for move in plan.moves {
      switch move {
      case .kick(let c, let evaluation):
        if evaluation != evaluated {
          force = motion.force(evaluation, at: q)
          evaluated = evaluation
        }
        axpy(T(c) * motion.h, force, &p)
      case .drift(let c): axpy(T(c) * motion.h, p, scaledBy: motion.inverseMasses, &q)
      case .point: states.append((q, p))
      }
    }
    return states
  }

  func reverse(_ cotangents: [(q: [T], p: [T])], addingTo gradient: UnsafeMutablePointer<T>) {
    var (qbar, pbar) = (motion.zero, motion.zero)
    // F̄ of the force that kicks since the last drift have used, seen from the end.
    var forceCotangent = motion.zero
    var pending: Int?
    func settle() {
      guard let evaluation = pending else { return }
      axpy(1, motion.reverseForce(evaluation, forceCotangent, addingTo: gradient), &qbar)
      forceCotangent = motion.zero
      pending = nil
    }
    for move in plan.moves.reversed() {
      switch move {
      case .kick(let c, let evaluation):
        axpy(T(c) * motion.h, pbar, &forceCotangent)
        pending = evaluation
      case .drift(let c):
        settle()
        axpy(T(c) * motion.h, qbar, scaledBy: motion.inverseMasses, &pbar)
      case .point(let k):
        axpy(1, cotangents[k].q, &qbar)
        axpy(1, cotangents[k].p, &pbar)
      }
    }
    settle()
  }
}
