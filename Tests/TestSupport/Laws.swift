// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule

/// Largest difference between a system's force and −∂V/∂q, relative to the largest force.
///
/// The derivative is the central difference, extrapolated once after Richardson: (4D(h/2) − D(h))/3, of order
/// h⁴. Pinned bodies have no force, whatever the slope.
public func forceDefect(of problem: Problem, step h: Double = 1e-3) -> Double {
  let (system, q) = (problem.system, problem.initial.q)
  var force = [Double](repeating: .nan, count: q.count)
  var out = force.mutableSpan
  system.force(at: q.span, into: &out)

  func V(_ index: Int, _ Δ: Double) -> Double {
    var moved = q
    moved[index] += Δ
    return system.potentialEnergy(at: moved.span)
  }
  let expected = q.indices.map { index -> Double in
    if system.bodies.pinned[index / system.bodies.dimension] { return 0 }
    let coarse = (V(index, h) - V(index, -h)) / (2 * h)
    let fine = (V(index, h / 2) - V(index, -h / 2)) / h
    return -(4 * fine - coarse) / 3
  }
  let largest = expected.map(\.magnitude).max() ?? 1
  let defects = zip(force, expected).map { ($0 - $1).magnitude / largest }
  return defects.contains { !$0.isFinite } ? .infinity : defects.max() ?? 0
}

/// Largest difference between a system's ∇²V·v and the slope of −F along some v, relative to the largest entry.
///
/// The slope is the central difference, extrapolated once after Richardson. v moves pinned bodies too.
public func hessianDefect(of system: any HamiltonianSystem, at q: [Double], step h: Double = 1e-3) -> Double {
  var random = SeededGenerator(seed: 5)
  let v = q.map { _ in random.normal() }
  var product = [Double](repeating: .nan, count: q.count)
  var out = product.mutableSpan
  system.hessianProduct(at: q.span, along: v.span, into: &out)

  func difference(_ h: Double) -> [Double] {
    let ahead = force(of: system, at: zip(q, v).map { $0 + h * $1 })
    return zip(force(of: system, at: zip(q, v).map { $0 - h * $1 }), ahead).map { ($0 - $1) / (2 * h) }
  }
  let expected = zip(difference(h / 2), difference(h)).map { (4 * $0 - $1) / 3 }
  let largest = expected.map(\.magnitude).max() ?? 1
  let defects = zip(product, expected).map { ($0 - $1).magnitude / largest }
  return defects.contains { !$0.isFinite } ? .infinity : defects.max() ?? 0
}

private func force(of system: any HamiltonianSystem, at q: [Double]) -> [Double] {
  var force = [Double](repeating: .nan, count: q.count)
  var out = force.mutableSpan
  system.force(at: q.span, into: &out)
  return force
}

/// |Σ Fᵢ| and |Σ qᵢ × Fᵢ| relative to Σ|Fᵢ| and Σ|qᵢ||Fᵢ|: zero to round-off where the law has the symmetry.
public func netForceAndTorque(of problem: Problem) -> (force: Double, torque: Double) {
  let (system, q) = (problem.system, problem.initial.q)
  var force = [Double](repeating: .nan, count: q.count)
  var out = force.mutableSpan
  system.force(at: q.span, into: &out)
  let rows = diagnostics(
    of: [Frame(step: 0, t: 0, state: PhaseState(q: q, p: force))], system: system)
  let d = system.bodies.dimension
  func norm(_ v: some Sequence<Double>) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  let sizes = (0..<system.bodies.count).map { body in
    (norm(q[body * d..<(body + 1) * d]), norm(force[body * d..<(body + 1) * d]))
  }
  return (
    norm(rows[0].P) / sizes.reduce(0) { $0 + $1.1 }, norm(rows[0].L) / sizes.reduce(0) { $0 + $1.0 * $1.1 }
  )
}

/// The order a fixed-step method shows on Kepler's ellipse at t = 4: log₂ of the ratio of errors of h and h/2.
///
/// Not over a whole period, where symmetric methods gain and even symplectic Euler shows order 2.
public func measuredOrder(of method: IntegrationMethod, steps n: Int) throws -> Double {
  func error(_ n: Int) throws -> Double {
    let q = try Problem.kepler.state(method, .fixed(step: 4 / Double(n)), at: 4).q
    return Double.hypot(q[2] - Problem.keplerAt4[0], q[3] - Problem.keplerAt4[1])
  }
  return try Double.log2(error(n) / error(2 * n))
}

/// How far a run of `steps`, then as many with the momenta turned round, ends from its start: the norm of the positions' difference, and
/// the largest difference of any coordinate or momentum.
public func reversalDefect(
  of problem: Problem, by method: IntegrationMethod, steps: Int, of step: Double, compensated: Bool = false
) throws -> (position: Double, state: Double) {
  let end = Double(steps) * step
  let there = try problem.state(method, .fixed(step: step), at: end, compensated: compensated)
  let back = try Problem(problem.name, problem.system, there.reversed)
    .state(method, .fixed(step: step), at: end, compensated: compensated)
  let squares = zip(back.q, problem.initial.q).map { ($0 - $1) * ($0 - $1) }
  return (squares.reduce(0, +).squareRoot(), back.reversed.distance(to: problem.initial))
}
