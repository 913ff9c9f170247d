// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// An explicit Runge–Kutta method on z = (q, p): kₛ = f(z + h Σⱼ aₛⱼ kⱼ), z ← z + h Σₛ bₛ kₛ.
final class RungeKuttaStepper: Stepper {
  private let system: any HamiltonianSystem
  private let table: RungeKuttaTable
  private let h: Double
  private let start: Double
  private let compensated: Bool
  private let inverseMasses: [Double]
  /// q̇ and ṗ of every stage.
  private var velocities: [[Double]]
  private var forces: [[Double]]
  private var q: [Double]
  private var p: [Double]

  init(_ table: RungeKuttaTable, input: StepperInput, step: Double) {
    system = input.system
    self.table = table
    h = step
    start = input.plan.start
    compensated = input.compensated
    inverseMasses = input.system.bodies.inverseMasses
    q = Array(repeating: 0, count: inverseMasses.count)
    p = q
    velocities = Array(repeating: q, count: table.stages)
    forces = velocities
  }

  func advance(_ point: inout PhasePoint, toward target: Double) {
    for stage in 0..<table.stages { evaluate(stage, from: point) }
    for index in q.indices {
      var Δq = 0.0
      var Δp = 0.0
      for stage in 0..<table.stages {
        Δq += table.b[stage] * velocities[stage][index]
        Δp += table.b[stage] * forces[stage][index]
      }
      if compensated {
        addCompensated(h * Δq, to: &point.q[index], rest: &point.qRest[index])
        addCompensated(h * Δp, to: &point.p[index], rest: &point.pRest[index])
      } else {
        point.q[index] += h * Δq
        point.p[index] += h * Δp
      }
    }
    point.step += 1
    point.t = start + Double(point.step) * h
  }

  private func evaluate(_ stage: Int, from point: PhasePoint) {
    let a = table.a[stage]
    for index in q.indices {
      var Δq = 0.0
      var Δp = 0.0
      for earlier in a.indices {
        Δq += a[earlier] * velocities[earlier][index]
        Δp += a[earlier] * forces[earlier][index]
      }
      q[index] = point.q[index] + h * Δq
      p[index] = point.p[index] + h * Δp
      velocities[stage][index] = inverseMasses[index] * p[index]
    }
    system.force(at: q, into: &forces[stage])
  }
}

extension IntegrationMethod {
  /// An explicit Runge–Kutta method from its table.
  init(name: String, order: Int, rungeKutta table: RungeKuttaTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: false, isReversible: false, takes: .step, summary: summary,
      stepper: { input in
        guard case .fixed(let step) = input.stepping else {
          throw NoetherError("integrator: \(name) takes fixed steps; give step instead of tolerance")
        }
        return RungeKuttaStepper(table, input: input, step: step)
      })
  }
}
