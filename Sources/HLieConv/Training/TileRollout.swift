// SPDX-License-Identifier: GPL-3.0-or-later

/// Integrates a tile of systems through a chunk of data points and carries cotangents back.
///
/// Positions and momenta are flat, [systems × bodies × dimension]. The learned force is the only non-linear part, and its
/// evaluations are kept in the engine, so the reverse pass stores nothing else.
enum TileRollout<T: NetworkScalar> {
  case rungeKutta(RungeKuttaRollout<T>)
  case nystrom(NystromRollout<T>)
  case splitting(SplittingRollout<T>)
  case vectorField(VectorFieldRollout<T>)

  /// The states at all points of the chunk, from the first.
  func states(from q: [T], _ p: [T]) -> [(q: [T], p: [T])] {
    switch self {
    case .rungeKutta(let rollout): rollout.states(from: q, p)
    case .nystrom(let rollout): rollout.states(from: q, p)
    case .splitting(let rollout): rollout.states(from: q, p)
    case .vectorField(let rollout): rollout.states(from: q, p)
    }
  }

  /// Given the loss's cotangents of all states, adds its derivative by the parameters to `gradient`.
  func reverse(_ cotangents: [(q: [T], p: [T])], addingTo gradient: UnsafeMutablePointer<T>) {
    switch self {
    case .rungeKutta(let rollout): rollout.reverse(cotangents, addingTo: gradient)
    case .nystrom(let rollout): rollout.reverse(cotangents, addingTo: gradient)
    case .splitting(let rollout): rollout.reverse(cotangents, addingTo: gradient)
    case .vectorField(let rollout): rollout.reverse(cotangents, addingTo: gradient)
    }
  }
}

/// The part of a tile that all methods share: masses, step, and which bodies may move.
struct TileMotion<T: NetworkScalar> {
  let engine: TileEngine<T>
  /// Step between two points.
  let h: T
  /// 1/m of each coordinate, 0 for pinned bodies.
  let inverseMasses: [T]
  /// 1 for coordinates that feel forces, 0 for those of pinned bodies.
  let isFree: [T]
  let points: Int
  /// False where no reverse pass will follow: all evaluations then share one place in the engine.
  let keepsEvaluations: Bool

  /// Zeros for all coordinates that the engine takes.
  var zero: [T] { [T](repeating: 0, count: engine.coordinates) }

  func force(_ evaluation: Int, at q: [T]) -> [T] {
    var force = zero
    engine.force(keepsEvaluations ? evaluation : 0, at: q, into: &force)
    for k in force.indices { force[k] *= isFree[k] }
    return force
  }

  /// Q̄ = (∂F/∂q)ᵀ F̄ = −∇²V F̄, while ∂(F̄·F)/∂θ = −∂(F̄·∇V)/∂θ is added to `gradient`.
  func reverseForce(_ evaluation: Int, _ cotangent: [T], addingTo gradient: UnsafeMutablePointer<T>) -> [T] {
    var direction = cotangent
    for k in direction.indices { direction[k] *= -isFree[k] }
    var product = zero
    engine.hessianProduct(evaluation, direction: direction, addingTo: gradient, into: &product)
    return product
  }
}

/// y ← y + a x.
func axpy<T: NetworkScalar>(_ a: T, _ x: [T], _ y: inout [T]) {
  for k in y.indices { y[k] += a * x[k] }
}

/// y ← y + a x ⊙ m.
func axpy<T: NetworkScalar>(_ a: T, _ x: [T], scaledBy m: [T], _ y: inout [T]) {
  for k in y.indices { y[k] += a * x[k] * m[k] }
}
