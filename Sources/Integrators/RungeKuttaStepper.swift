// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// An explicit Runge–Kutta method on z = (q, p): kₛ = f(z + h Σⱼ aₛⱼ kⱼ), z ← z + h Σₛ bₛ kₛ.
struct RungeKuttaStepper: Stepper {
  private let table: RungeKuttaTable
  private let system: any DynamicalSystem
  /// The law where it is one with H = T + V: its q̇ need not be asked for.
  private let separable: (any HamiltonianSystem)?
  private var work: StageWork
  /// q̇ of each stage, one row of coordinates after the other; beside it stands ṗ.
  private var velocities: [Double]

  init(_ table: RungeKuttaTable, input: StepperInput, step: Double) {
    self.table = table
    system = input.system
    separable = system as? any HamiltonianSystem
    work = StageWork(stages: table.stages, input: input, step: step)
    velocities = work.forces
  }

  mutating func advance(_ point: inout PhasePoint, toward target: Double) {
    for stage in 0..<table.stages {
      assign(point.q, to: &work.q)
      assign(point.p, to: &work.p)
      add(work.h, table.a[stage], ofRows: velocities, to: &work.q)
      add(work.h, table.a[stage], ofRows: work.forces, to: &work.p)
      if let separable {
        // q̇ = p/m, ṗ = F(q).
        multiply(work.inverseMasses, work.p, into: &velocities, row: stage)
        work.evaluateForce(of: separable, stage: stage)
      } else {
        system.rates(q: work.q, p: work.p, qdots: &velocities, pdots: &work.forces, row: stage)
      }
    }
    // Σ bₛkₛ.
    clear(&work.q)
    clear(&work.p)
    add(1, table.b, ofRows: velocities, to: &work.q)
    add(1, table.b, ofRows: work.forces, to: &work.p)
    work.finish(&point)
  }
}

extension IntegrationMethod {
  /// An explicit Runge–Kutta method from its table.
  init(name: String, order: Int, rungeKutta table: RungeKuttaTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: false, isReversible: false, takes: .step, isForSeparable: false,
      isCompensable: true, summary: summary,
      stepper: { input in
        RungeKuttaStepper(table, input: input, step: try input.fixedStep(for: name))
      })
  }
}
