// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Kicks p ← p + c·h·F(q) and drifts q ← q + c·h·p/m in the order of a table.
///
/// The force of a step's last kick is that of the next step's first kick: Verlet costs one force per step.
struct SplittingStepper: Stepper {
  private let system: any HamiltonianSystem
  private let substeps: [SplittingTable.Substep]
  private let h: Double
  private let start: Double
  private let compensated: Bool
  private let inverseMasses: [Double]
  private var force: [Double]
  private var velocity: [Double]
  /// `force` is that of the point's q. It then equals what a fresh evaluation would give, to the bit.
  private var forceIsCurrent = false

  init(_ table: SplittingTable, system: any HamiltonianSystem, input: StepperInput, step: Double) {
    self.system = system
    substeps = table.substeps
    h = step
    start = input.plan.start
    compensated = input.compensated
    inverseMasses = input.system.bodies.inverseMasses
    force = Array(repeating: 0, count: inverseMasses.count)
    velocity = force
  }

  mutating func advance(_ point: inout PhasePoint, toward target: Double) {
    for substep in substeps {
      switch substep {
      case .kick(let c): kick(&point, by: c * h)
      case .drift(let c): drift(&point, by: c * h)
      }
    }
    point.step += 1
    point.t = start + Double(point.step) * h
  }

  private mutating func kick(_ point: inout PhasePoint, by τ: Double) {
    if !forceIsCurrent {
      system.force(at: point.q, into: &force)
      forceIsCurrent = true
    }
    if compensated {
      addCompensated(τ, force, to: &point.p, rest: &point.pRest)
    } else {
      add(τ, force, to: &point.p)
    }
  }

  private mutating func drift(_ point: inout PhasePoint, by τ: Double) {
    forceIsCurrent = false
    if compensated {
      multiply(inverseMasses, point.p, into: &velocity)
      addCompensated(τ, velocity, to: &point.q, rest: &point.qRest)
    } else {
      add(τ, inverseMasses, point.p, to: &point.q)
    }
  }
}

extension IntegrationMethod {
  /// A symplectic splitting from its table; a table that reads the same backward makes it reversible.
  init(name: String, order: Int, splitting table: SplittingTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: true,
      isReversible: table.substeps == table.substeps.reversed(), takes: .step, isForSeparable: true,
      isCompensable: true, summary: summary,
      stepper: { input in
        try SplittingStepper(
          table, system: input.separable(for: name), input: input, step: input.fixedStep(for: name))
      })
  }
}
