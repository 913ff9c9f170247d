// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The network of one system with the memory that second derivatives take; made when they are first asked for.
final class SecondPass<T: NetworkScalar> {
  private let engine: TileEngine<T>
  /// What the values in place belong to.
  private var place: [T] = []
  private var direction: [T]
  private var result: [T]

  init(
    _ model: HamiltonianModel, parameters: ParameterStorage<T>, bodies: Bodies, features: [[Double]]
  ) {
    engine = TileEngine(
      model.program, parameters: parameters, capacity: 1, bodies: bodies.count, evaluations: 1, tangents: true
    )
    engine.begin(systems: 1, features: features.flatMap { $0.map { T($0) } })
    direction = [T](repeating: 0, count: engine.coordinates)
    result = direction
  }

  /// ∇²V·v at q, both in the order of `PhaseState`.
  func hessianProduct(at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>) {
    for k in direction.indices { direction[k] = T(v[k]) }
    come(to: (0..<q.count).map { T(q[$0]) }) { engine.force(0, at: $0, into: &result) }
    engine.hessianProduct(0, direction: direction, addingTo: nil, into: &result)
    for k in result.indices { product[k] = Double(result[k]) }
  }

  /// δż along δz at z, all [bodies × 2 dimension].
  func variation(at z: [T], along δz: [T]) -> [T] {
    come(to: z) { engine.velocity(0, at: $0, into: &result) }
    engine.variation(0, direction: δz, into: &result)
    return result
  }

  /// The columns of one Jacobian are asked for one after the other: values that are in place stay there.
  private func come(to new: [T], evaluate: ([T]) -> Void) {
    // −0 and 0 are equal, but not to every function.
    if zip(new, place).allSatisfy({ $0 == $1 && $0.sign == $1.sign }), place.count == new.count { return }
    place = new
    // What the static part would owe to the parameters is of no use here, and is not to pile up.
    engine.workspace.clearStaticCotangents()
    evaluate(new)
  }
}
