// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What explicit one-step methods with several stages per step share: the step, and the work arrays.
struct StageWork {
  let h: Double
  private let start: Double
  private let compensated: Bool
  let inverseMasses: [Double]
  /// ṗ of each stage, one row of coordinates after the other.
  var forces: [Double]
  /// The state of a stage, then the increments of the step before h.
  var q: [Double]
  var p: [Double]

  init(stages: Int, input: StepperInput, step: Double) {
    h = step
    start = input.plan.start
    compensated = input.compensated
    inverseMasses = input.system.bodies.inverseMasses
    forces = Array(repeating: 0, count: stages * inverseMasses.count)
    q = Array(repeating: 0, count: inverseMasses.count)
    p = q
  }

  /// Row `stage` of the forces ← F(q).
  mutating func evaluateForce(of system: any HamiltonianSystem, stage: Int) {
    system.force(at: q, into: &forces, row: stage)
  }

  /// z ← z + h·(q, p), and the time that belongs to it. With compensation the whole increment is added in one sum.
  func finish(_ point: inout PhasePoint) {
    if compensated {
      addCompensated(h, q, to: &point.q, rest: &point.qRest)
      addCompensated(h, p, to: &point.p, rest: &point.pRest)
    } else {
      add(h, q, to: &point.q)
      add(h, p, to: &point.p)
    }
    point.step += 1
    point.t = start + Double(point.step) * h
  }
}
