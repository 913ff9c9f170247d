// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// An explicit Runge–Kutta method on z = (q, p): kₛ = f(z + h Σⱼ aₛⱼ kⱼ), z ← z + h Σₛ bₛ kₛ.
struct RungeKuttaStepper: Stepper {
  /// What one stage gives.
  private struct Stage {
    let a: [Double]
    let b: Double
    /// q̇ = p/m and ṗ = F(q).
    var velocity: [Double]
    var force: [Double]
  }

  private let system: any HamiltonianSystem
  private let h: Double
  private let start: Double
  private let compensated: Bool
  private let inverseMasses: [Double]
  private var stages: [Stage]
  private var q: [Double]
  private var p: [Double]

  init(_ table: RungeKuttaTable, input: StepperInput, step: Double) {
    system = input.system
    h = step
    start = input.plan.start
    compensated = input.compensated
    inverseMasses = input.system.bodies.inverseMasses
    let zero = [Double](repeating: 0, count: inverseMasses.count)
    stages = zip(table.a, table.b).map { Stage(a: $0, b: $1, velocity: zero, force: zero) }
    q = zero
    p = zero
  }

  mutating func advance(_ point: inout PhasePoint, toward target: Double) {
    for index in stages.indices { evaluate(index, from: point) }
    // Σ bₛkₛ before h: with compensation the whole increment is added in one sum.
    clear(&q)
    clear(&p)
    for index in stages.indices {
      add(stages[index].b, stages[index].velocity, to: &q)
      add(stages[index].b, stages[index].force, to: &p)
    }
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

  private mutating func evaluate(_ index: Int, from point: PhasePoint) {
    assign(point.q, to: &q)
    assign(point.p, to: &p)
    for (earlier, a) in stages[index].a.enumerated() where a != 0 {
      add(h * a, stages[earlier].velocity, to: &q)
      add(h * a, stages[earlier].force, to: &p)
    }
    multiply(inverseMasses, p, into: &stages[index].velocity)
    system.force(at: q, into: &stages[index].force)
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
