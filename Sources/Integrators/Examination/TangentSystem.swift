// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A law together with its variational equations: every body has a shadow, whose position and momentum are a small change δ of the
/// body's own.
///
/// A step of any method from (z, δz) leads to (Φ(z), Φ′(z)·δz), with the exact derivative of the step map Φ: kicks, drifts and stages are
/// linear in what they add, so that to differentiate and to step commute. Under H = T + V the whole is again of that kind,
/// with ∂V/∂q·δq + Σ p·δp/m for its energy, so that splittings take it.
enum TangentSystem {
  static func of(_ law: any DynamicalSystem) -> any DynamicalSystem {
    if let law = law as? any HamiltonianSystem { return SeparableTangent(law: law) }
    return FlowTangent(law: law)
  }

  /// The bodies, and their shadows after them.
  fileprivate static func doubled(_ bodies: Bodies) -> Bodies {
    Bodies(
      dimension: bodies.dimension, names: bodies.names + bodies.names.map { "δ" + $0 },
      masses: bodies.masses + bodies.masses, pinned: bodies.pinned + bodies.pinned,
      inertias: bodies.inertias + bodies.inertias, coordinates: bodies.coordinatesKind)
  }
}

private struct SeparableTangent: HamiltonianSystem {
  let law: any HamiltonianSystem
  let bodies: Bodies

  init(law: any HamiltonianSystem) {
    self.law = law
    bodies = TangentSystem.doubled(law.bodies)
  }

  var features: [[Double]] { [] }
  var featureNames: [String] { [] }
  func fault(at q: Span<Double>) -> String? { law.fault(at: q.extracting(0..<q.count / 2)) }
  func potentialEnergy(at q: Span<Double>) -> Double {
    law.potentialEnergy(at: q.extracting(0..<q.count / 2))
  }

  /// F(q), and −∇²V(q)·δq.
  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    let n = q.count / 2
    let place = q.extracting(0..<n)
    var half = [Double](repeating: 0, count: n)
    do {
      var span = half.mutableSpan
      law.force(at: place, into: &span)
    }
    for k in 0..<n { force[k] = half[k] }
    do {
      var span = half.mutableSpan
      law.hessianProduct(at: place, along: q.extracting(n..<2 * n), into: &span)
    }
    for k in 0..<n { force[n + k] = -half[k] }
  }
}

private struct FlowTangent: DynamicalSystem {
  let law: any DynamicalSystem
  let bodies: Bodies

  init(law: any DynamicalSystem) {
    self.law = law
    bodies = TangentSystem.doubled(law.bodies)
  }

  func energy(q: Span<Double>, p: Span<Double>) -> Double? {
    law.energy(q: q.extracting(0..<q.count / 2), p: p.extracting(0..<p.count / 2))
  }
  func fault(at q: Span<Double>) -> String? { law.fault(at: q.extracting(0..<q.count / 2)) }

  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    let n = q.count / 2
    let (place, momentum) = (q.extracting(0..<n), p.extracting(0..<n))
    var a = [Double](repeating: 0, count: n)
    var b = a
    do {
      var qspan = a.mutableSpan
      var pspan = b.mutableSpan
      law.rates(q: place, p: momentum, qdot: &qspan, pdot: &pspan)
    }
    for k in 0..<n { (qdot[k], pdot[k]) = (a[k], b[k]) }
    do {
      var qspan = a.mutableSpan
      var pspan = b.mutableSpan
      law.variation(
        q: place, p: momentum, δq: q.extracting(n..<2 * n), δp: p.extracting(n..<2 * n), δqdot: &qspan,
        δpdot: &pspan)
    }
    for k in 0..<n { (qdot[n + k], pdot[n + k]) = (a[k], b[k]) }
  }
}
