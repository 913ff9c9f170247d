// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// An explicit Runge–Kutta–Nyström method on q̇ = p/m, ṗ = F(q); see `NystromTable`.
struct NystromStepper: Stepper {
  private let table: NystromTable
  private let system: any HamiltonianSystem
  /// b̄_s(1) and b_s(1).
  private let positionWeights: [Double]
  private let velocityWeights: [Double]
  private var work: StageWork

  init(_ table: NystromTable, system: any HamiltonianSystem, input: StepperInput, step: Double) {
    self.table = table
    positionWeights = table.positionWeights(at: 1)
    velocityWeights = table.velocityWeights(at: 1)
    self.system = system
    work = StageWork(stages: table.stages, input: input, step: step)
  }

  mutating func advance(_ point: inout PhasePoint, toward target: Double) {
    for stage in 0..<table.stages {
      // Q_s = q + h (c_s p + h Σ a_sj F_j)/m.
      combine(point.p, table.c[stage], table.a[stage])
      assign(point.q, to: &work.q)
      add(work.h, work.inverseMasses, work.p, to: &work.q)
      work.evaluateForce(of: system, stage: stage)
    }
    // The increments before h.
    combine(point.p, 1, positionWeights)
    multiply(work.inverseMasses, work.p, into: &work.q)
    clear(&work.p)
    add(1, velocityWeights, ofRows: work.forces, to: &work.p)
    work.finish(&point)
  }

  /// p ← c p₀ + h Σ_s w_s F_s.
  private mutating func combine(_ start: [Double], _ c: Double, _ weights: [Double]) {
    clear(&work.p)
    add(c, start, to: &work.p)
    add(work.h, weights, ofRows: work.forces, to: &work.p)
  }
}

extension IntegrationMethod {
  /// An explicit Runge–Kutta–Nyström method from its table.
  init(name: String, order: Int, nystrom table: NystromTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: false, isReversible: false, takes: .step, isForSeparable: true,
      isCompensable: true, summary: summary,
      stepper: { input in
        try NystromStepper(
          table, system: input.separable(for: name), input: input, step: input.fixedStep(for: name))
      })
  }
}
