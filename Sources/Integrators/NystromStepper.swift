// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// An explicit Runge–Kutta–Nyström method on q̇ = p/m, ṗ = F(q); see `NystromTable`.
struct NystromStepper: Stepper {
  private let system: any HamiltonianSystem
  private let h: Double
  private let start: Double
  private let compensated: Bool
  private let inverseMasses: [Double]
  private let table: NystromTable
  /// b̄_s(1) and b_s(1).
  private let positionWeights: [Double]
  private let velocityWeights: [Double]
  /// F(Q_s).
  private var forces: [[Double]]
  private var q: [Double]
  private var p: [Double]

  init(_ table: NystromTable, input: StepperInput, step: Double) {
    system = input.system
    h = step
    start = input.plan.start
    compensated = input.compensated
    inverseMasses = input.system.bodies.inverseMasses
    let zero = [Double](repeating: 0, count: inverseMasses.count)
    self.table = table
    positionWeights = table.positionWeights(at: 1)
    velocityWeights = table.velocityWeights(at: 1)
    forces = [[Double]](repeating: zero, count: table.stages)
    q = zero
    p = zero
  }

  mutating func advance(_ point: inout PhasePoint, toward target: Double) {
    for stage in forces.indices {
      // Q_s = q + h (c_s p + h Σ a_sj F_j)/m.
      combine(point.p, table.c[stage], table.a[stage])
      assign(point.q, to: &q)
      add(h, inverseMasses, p, to: &q)
      system.force(at: q, into: &forces[stage])
    }
    // The increments before h: with compensation each is added in one sum.
    combine(point.p, 1, positionWeights)
    multiply(inverseMasses, p, into: &q)
    clear(&p)
    for (weight, force) in zip(velocityWeights, forces) { add(weight, force, to: &p) }
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

  /// p ← c p₀ + h Σ_s w_s F_s.
  private mutating func combine(_ start: [Double], _ c: Double, _ weights: [Double]) {
    clear(&p)
    add(c, start, to: &p)
    for (weight, force) in zip(weights, forces) where weight != 0 { add(h * weight, force, to: &p) }
  }
}

extension IntegrationMethod {
  /// An explicit Runge–Kutta–Nyström method from its table.
  init(name: String, order: Int, nystrom table: NystromTable, summary: String) {
    self.init(
      name: name, order: order, isSymplectic: false, isReversible: false, takes: .step, summary: summary,
      stepper: { input in
        guard case .fixed(let step) = input.stepping else {
          throw NoetherError("integrator: \(name) takes fixed steps; give step instead of tolerance")
        }
        return NystromStepper(table, input: input, step: step)
      })
  }
}
