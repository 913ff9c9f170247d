// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The measurements behind the certificate of a model that is no potential: of its vector field (q̇, ṗ), and of H(q, p)
/// where it has one. The network runs in one precision, the few sums around it in float64.
struct FlowMeasurement {
  /// The largest defect of each quantity that applies, NaN where one is.
  private(set) var worst: [Certificate.Quantity: Double] = [:]

  init(
    _ model: HamiltonianModel, _ systems: [ScenarioSystem], _ draws: [MotionDraw], precision: Precision,
    threads: Int
  ) throws {
    let each = try parallelMap(count: systems.count, threads: threads) { index in
      let law = try model.law(like: systems[index].system, precision: precision)
      return OneState(law, systems[index].initial, draws.map { ($0.group, $0.elements[index]) }).worst
    }
    for state in each { worst.merge(state, uniquingKeysWith: maximum) }
  }
}

/// The defects at one state.
private struct OneState {
  private(set) var worst: [Certificate.Quantity: Double] = [:]
  private let bodies: Bodies

  init(_ law: any DynamicalSystem, _ z: PhaseState, _ motions: [(group: any LieGroup.Type, a: [Double]?)]) {
    bodies = law.bodies
    let own = rates(of: law, at: z)
    measureTotals(z, own)
    for (group, a) in motions {
      guard let a else { continue }
      let lift = CotangentLift(group, a, at: z.q)
      let moved = PhaseState(q: lift.q, p: lift.carry(z.p))
      if let H₀ = energy(law, z), let H₁ = energy(law, moved) {
        note(.invariance, (H₁ - H₀).magnitude, over: bodies.kineticEnergy(of: z.p.span) + H₀.magnitude)
      }
      // An affine motion carries q̇ by its derivative, and ṗ as it does p.
      let there = rates(of: law, at: moved)
      let carried = (qdot: lift.push(own.qdot), pdot: lift.carry(own.pdot))
      let defect = vectors(there.qdot, minus: carried.qdot) + vectors(there.pdot, minus: carried.pdot)
      note(
        .equivariance, defect.reduce(0) { $0 + $1.squaredNorm }.squareRoot(),
        over: size(there.qdot) + size(there.pdot))
    }
  }

  private func energy(_ law: any DynamicalSystem, _ z: PhaseState) -> Double? {
    law.energy(q: z.q.span, p: z.p.span)
  }

  /// |dP/dt| = |Σṗᵢ| over Σ|ṗᵢ|, and |dL/dt| = |Σ xᵢ×ṗᵢ + q̇ᵢ×pᵢ| over Σ|xᵢ||ṗᵢ| + |q̇ᵢ||pᵢ|.
  private mutating func measureTotals(_ z: PhaseState, _ rates: (qdot: [Double], pdot: [Double])) {
    let (x, p) = (vectors(z.q), vectors(z.p))
    let (qdot, pdot) = (vectors(rates.qdot), vectors(rates.pdot))
    var (force, torque, lever) = (Coordinates<Double>(count: 3), Coordinates<Double>(count: 3), 0.0)
    for i in x.indices {
      force = force + pdot[i]
      torque = torque + cross(x[i], pdot[i]) + cross(qdot[i], p[i])
      lever += x[i].norm * pdot[i].norm + qdot[i].norm * p[i].norm
    }
    note(.netForce, force.norm, over: size(rates.pdot))
    note(.netTorque, torque.norm, over: lever)
  }

  private mutating func note(_ quantity: Certificate.Quantity, _ defect: Double, over scale: Double) {
    // Where nothing moves there is no defect either.
    let value = scale == 0 && defect == 0 ? 0 : defect / scale
    worst[quantity] = maximum(worst[quantity] ?? 0, value)
  }

  /// The bodies' entries a, or a − b, with a third axis in the plane too.
  private func vectors(_ a: [Double], minus b: [Double]? = nil) -> [Coordinates<Double>] {
    let d = bodies.dimension
    return (0..<bodies.count).map { body in
      Coordinates(count: 3) { $0 < d ? a[body * d + $0] - (b?[body * d + $0] ?? 0) : 0 }
    }
  }

  /// Σ|vᵢ|.
  private func size(_ a: [Double]) -> Double { vectors(a).reduce(0) { $0 + $1.norm } }
}
