// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Kicks p ← p + c·h·F(q) and drifts q ← q + c·h·p/m in the order of a table.
///
/// The force of a step's last kick is that of the next step's first kick: Verlet costs one force per step.
final class SplittingStepper: Stepper {
  private let system: any HamiltonianSystem
  private let substeps: [SplittingTable.Substep]
  private let h: Double
  private let start: Double
  private let compensated: Bool
  private let inverseMasses: [Double]
  private var force: [Double]
  /// `force` is that of the point's q; after a step this is a function of the table alone.
  private var forceIsCurrent = false

  init(_ table: SplittingTable, input: StepperInput, step: Double) {
    system = input.system
    substeps = table.substeps
    h = step
    start = input.plan.start
    compensated = input.compensated
    inverseMasses = input.system.bodies.inverseMasses
    force = Array(repeating: 0, count: inverseMasses.count)
  }

  func advance(_ point: inout PhasePoint, toward target: Double) {
    for substep in substeps {
      switch substep {
      case .kick(let c): kick(&point, by: c * h)
      case .drift(let c): drift(&point, by: c * h)
      }
    }
    point.step += 1
    point.t = start + Double(point.step) * h
  }

  private func kick(_ point: inout PhasePoint, by τ: Double) {
    if !forceIsCurrent {
      system.force(at: point.q, into: &force)
      forceIsCurrent = true
    }
    if compensated {
      for index in force.indices {
        addCompensated(τ * force[index], to: &point.p[index], rest: &point.pRest[index])
      }
    } else {
      add(τ, force, to: &point.p)
    }
  }

  private func drift(_ point: inout PhasePoint, by τ: Double) {
    forceIsCurrent = false
    if compensated {
      for index in force.indices {
        let increment = τ * (inverseMasses[index] * point.p[index])
        addCompensated(increment, to: &point.q[index], rest: &point.qRest[index])
      }
    } else {
      add(τ, inverseMasses, point.p, to: &point.q)
    }
  }
}

/// p ← p + τF.
private func add(_ τ: Double, _ F: [Double], to p: inout [Double]) {
  let F = F.span
  var p = p.mutableSpan
  for index in 0..<F.count { p[index] += τ * F[index] }
}

/// q ← q + τ p/m.
private func add(_ τ: Double, _ inverseMasses: [Double], _ p: [Double], to q: inout [Double]) {
  let p = p.span
  let inverseMasses = inverseMasses.span
  var q = q.mutableSpan
  for index in 0..<p.count { q[index] += τ * (inverseMasses[index] * p[index]) }
}

extension IntegrationMethod {
  /// A symplectic splitting from its table; a table that reads the same backward makes it reversible.
  init(name: String, order: Int, splitting table: SplittingTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: true,
      isReversible: table.substeps == table.substeps.reversed(), takes: .step, summary: summary,
      stepper: { input in
        guard case .fixed(let step) = input.stepping else {
          throw NoetherError("integrator: \(name) takes fixed steps; give step instead of tolerance")
        }
        return SplittingStepper(table, input: input, step: step)
      })
  }
}
