// SPDX-License-Identifier: GPL-3.0-or-later

/// The memory of one worker: every tensor of a tile, for a number of evaluations, allocated once.
///
/// The second pass of training reads the values and cotangents of all evaluations, so that those exist once per
/// evaluation, but for those that it computes again; the rest exists once. What is not kept stays in the caches,
/// where what is kept goes through memory twice.
/// Every tensor has room for its largest number of rows in any of the tiles' shapes; a smaller tile uses its front.
final class Workspace<T: NetworkScalar> {
  /// Values that depend on the features alone: of whichever tile is being worked on.
  var statics: StaticValues<T>
  private let isStatic: [Bool]
  private let values: TensorStore<T>
  private let cotangents: TensorStore<T>
  private let staticCotangents: TensorStore<T>
  private let tangents: TensorStore<T>
  private let cotangentTangents: TensorStore<T>
  /// J [pair × width × 2d] of each embedding and each evaluation, and J̇.
  private let jacobians: TensorStore<T>
  private let jacobianTangents: TensorStore<T>
  private let hasTangents: Bool

  /// Memory for tiles of `shapes`; with `tangents` if second passes will run.
  init(_ program: Program, shapes: [TileShape], evaluations: Int, tangents withTangents: Bool) {
    hasTangents = withTangents
    let tensors = program.tensors
    statics = StaticValues(program, shapes: shapes)
    isStatic = tensors.map(\.isStatic)
    let rows = tensors.map { shapes.rows($0.rows, samples: program.samples) }
    let sizes = tensors.indices.map { rows[$0] * tensors[$0].width }
    func store(_ evaluations: Int, _ kept: (Int) -> TensorStore<T>.Keeping) -> TensorStore<T> {
      TensorStore(sizes, tensors.indices.map(kept), evaluations: evaluations)
    }
    values = store(evaluations) {
      tensors[$0].isStatic ? .never : tensors[$0].keepsValue ? .each : .once
    }
    cotangents = store(evaluations) {
      tensors[$0].isStatic ? .never : tensors[$0].keepsCotangent ? .each : .once
    }
    staticCotangents = store(1) { tensors[$0].isStatic ? .once : .never }
    let dynamic = { withTangents && !tensors[$0].isStatic ? TensorStore<T>.Keeping.once : .never }
    tangents = store(1, dynamic)
    cotangentTangents = store(1, dynamic)

    let jacobianSizes = tensors.indices.map { rows[$0] * program.jacobianWidth(of: TensorID(index: $0)) }
    jacobians = TensorStore(jacobianSizes, tensors.map { _ in .each }, evaluations: evaluations)
    jacobianTangents = TensorStore(
      jacobianSizes, tensors.map { _ in withTangents ? .once : .never }, evaluations: 1)
  }

  func value(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> {
    isStatic[t.index] ? statics.store[t, 0] : values[t, evaluation]
  }
  func cotangent(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> { cotangents[t, evaluation] }
  func staticCotangent(_ t: TensorID) -> UnsafeMutablePointer<T> { staticCotangents[t, 0] }
  // Only a workspace made with tangents serves second passes: `Worker` runs them, on the workspaces of `ChunkLoss`.
  func tangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    assert(hasTangents)
    return tangents[t, 0]
  }
  func cotangentTangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    assert(hasTangents)
    return cotangentTangents[t, 0]
  }
  func jacobian(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> { jacobians[t, evaluation] }
  func jacobianTangent(_ t: TensorID) -> UnsafeMutablePointer<T> { jacobianTangents[t, 0] }

  func clearStaticCotangents() { staticCotangents.clear() }
}
