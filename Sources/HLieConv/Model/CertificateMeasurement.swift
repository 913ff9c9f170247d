// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The measurements behind a certificate in one precision: every number on the way is a T.
struct Measurement<T: NetworkScalar> {
  /// The largest defect of each quantity, NaN where one is.
  private(set) var worst: [Certificate.Quantity: Double] = [:]

  private let network: BatchedForce<T>
  private let masses: [[T]]
  private let pinned: [[Bool]]
  private let dimension: Int
  private let bodies: Int

  init(
    _ model: HamiltonianModel, _ systems: [ScenarioSystem], _ draws: [MotionDraw], threads: Int
  ) throws {
    network = try BatchedForce(model, for: systems.map(\.system), threads: threads)
    masses = systems.map { $0.system.bodies.masses.map { T($0) } }
    pinned = systems.map(\.system.bodies.pinned)
    dimension = model.dimension
    bodies = systems[0].system.bodies.count
    let q = systems.flatMap { $0.initial.q.map { T($0) } }
    let p = systems.flatMap { $0.initial.p.map { T($0) } }
    let V = try network.bodyEnergies(at: q)
    let F = try network.forces(at: q)
    for state in systems.indices { measureTotals(state, part(state, q), part(state, F)) }
    for draw in draws {
      let lifts = draw.elements.enumerated().map { state, a in
        a.map { CotangentLift(draw.group, $0, at: part(state, q)) }
      }
      let moved = lifts.enumerated().flatMap { $1?.q ?? part($0, q) }
      let movedV = try network.bodyEnergies(at: moved)
      let movedF = try network.forces(at: moved)
      for (state, lift) in lifts.enumerated() {
        guard let lift else { continue }
        let momenta = part(state, p)
        let ΔT = draw.isIsometry ? kinetic(lift.carry(momenta), state) - kinetic(momenta, state) : 0
        let (V₀, V₁) = (energies(state, V), energies(state, movedV))
        let scale = kinetic(momenta, state) + sum(V₀.map(\.magnitude))
        // By differences, so that a small V does not hide in the rounding of T + V.
        note(.invariance, (ΔT + (sum(V₁) - sum(V₀))).magnitude, over: scale)
        let (carried, there) = (lift.carry(part(state, F)), part(state, movedF))
        note(.equivariance, difference(there, carried), over: sizes(there))
      }
    }
  }

  /// |ΣFᵢ| over Σ|Fᵢ| and |Σ xᵢ×Fᵢ| over Σ|xᵢ||Fᵢ|.
  private mutating func measureTotals(_ state: Int, _ q: [T], _ F: [T]) {
    var (total, torque) = (Coordinates<T>(count: 3), Coordinates<T>(count: 3))
    var lever: T = 0
    for body in 0..<bodies {
      let (x, f) = (vector(q, body), vector(F, body))
      total = total + f
      torque = torque + cross(x, f)
      lever += x.norm * f.norm
    }
    note(.netForce, total.norm, over: sizes(F))
    note(.netTorque, torque.norm, over: lever)
  }

  private mutating func note(_ quantity: Certificate.Quantity, _ defect: T, over scale: T) {
    // Where nothing acts there is no defect either.
    let value = scale == 0 && defect == 0 ? 0 : Double(defect / scale)
    worst[quantity] = maximum(worst[quantity] ?? 0, value)
  }

  /// Σ|pᵢ|²/2mᵢ over the bodies that are not pinned.
  private func kinetic(_ p: [T], _ state: Int) -> T {
    var energy: T = 0
    for body in 0..<bodies where !pinned[state][body] {
      energy += vector(p, body).squaredNorm / (2 * masses[state][body])
    }
    return energy
  }

  private func part(_ state: Int, _ array: [T]) -> [T] {
    let width = bodies * dimension
    return Array(array[state * width..<(state + 1) * width])
  }

  private func energies(_ state: Int, _ array: [T]) -> [T] {
    Array(array[state * bodies..<(state + 1) * bodies])
  }

  /// The body's entries, with a third axis in the plane too.
  private func vector(_ array: [T], _ body: Int) -> Coordinates<T> {
    var v = Coordinates<T>(count: 3)
    for axis in 0..<dimension { v[axis] = array[body * dimension + axis] }
    return v
  }

  /// Σ|vᵢ| over the bodies.
  private func sizes(_ array: [T]) -> T { sum((0..<bodies).map { vector(array, $0).norm }) }

  private func sum(_ values: [T]) -> T {
    var total: T = 0
    for value in values { total += value }
    return total
  }

  /// |a − b| over all bodies together.
  private func difference(_ a: [T], _ b: [T]) -> T {
    sum((0..<bodies).map { (vector(a, $0) - vector(b, $0)).squaredNorm }).squareRoot()
  }
}
