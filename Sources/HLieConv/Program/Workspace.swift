// SPDX-License-Identifier: GPL-3.0-or-later

/// The memory of one worker: every tensor of a tile, for a number of evaluations, allocated once.
///
/// The second pass of training reads the values and cotangents of all evaluations, so that those exist once per
/// evaluation, but for those that it computes again; the rest exists once. What is not kept stays in the caches,
/// where what is kept goes through memory twice.
/// Offsets are fixed by the largest tile; a smaller one uses the front of each tensor.
final class Workspace<T: NetworkScalar> {
  private let values: Store<T>
  private let cotangents: Store<T>
  private let staticCotangents: Store<T>
  private let tangents: Store<T>
  private let cotangentTangents: Store<T>
  /// J [pair × width × 2d] of each embedding and each evaluation, and J̇.
  private let jacobians: Store<T>
  private let jacobianTangents: Store<T>
  private let hasTangents: Bool

  /// Memory for tiles of up to `systems` systems of `bodies` bodies; with `tangents` if second passes will run.
  init(_ program: Program, systems: Int, bodies: Int, evaluations: Int, tangents withTangents: Bool) {
    hasTangents = withTangents
    let tensors = program.tensors
    let rows = tensors.map { $0.rows.count(systems: systems, bodies: bodies, samples: program.samples) }
    let sizes = tensors.indices.map { rows[$0] * tensors[$0].width }
    func store(_ evaluations: Int, _ kept: (Int) -> Store<T>.Keeping) -> Store<T> {
      Store(sizes, tensors.indices.map(kept), evaluations: evaluations)
    }
    values = store(evaluations) { tensors[$0].isStatic || !tensors[$0].keepsValue ? .once : .each }
    cotangents = store(evaluations) {
      tensors[$0].isStatic ? .never : tensors[$0].keepsCotangent ? .each : .once
    }
    staticCotangents = store(1) { tensors[$0].isStatic ? .once : .never }
    let dynamic = { withTangents && !tensors[$0].isStatic ? Store<T>.Keeping.once : .never }
    tangents = store(1, dynamic)
    cotangentTangents = store(1, dynamic)

    let jacobianSizes = tensors.indices.map { rows[$0] * program.jacobianWidth(of: TensorID(index: $0)) }
    jacobians = Store(jacobianSizes, tensors.map { _ in .each }, evaluations: evaluations)
    jacobianTangents = Store(
      jacobianSizes, tensors.map { _ in withTangents ? .once : .never }, evaluations: 1)
  }

  func value(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> { values[t, evaluation] }
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

/// One array per tensor, and per evaluation where it is kept so often.
private final class Store<T: NetworkScalar> {
  enum Keeping {
    case never
    case once
    case each
  }
  private let offsets: [Int]
  private let strides: [Int]
  private let memory: AlignedMemory<T>

  init(_ sizes: [Int], _ keeping: [Keeping], evaluations: Int) {
    // Tensors start on cache lines; those of one evaluation lie together.
    let padded = zip(sizes, keeping).map { $1 == .never ? 0 : ($0 + 15) / 16 * 16 }
    let stride = zip(padded, keeping).reduce(0) { $0 + ($1.1 == .each ? $1.0 : 0) }
    var (once, each) = (stride * evaluations, 0)
    offsets = zip(padded, keeping).map { size, keeping in
      let start = keeping == .each ? each : once
      if keeping == .each { each += size } else { once += size }
      return start
    }
    strides = keeping.map { $0 == .each ? stride : 0 }
    memory = AlignedMemory(count: once)
  }

  subscript(t: TensorID, evaluation: Int) -> UnsafeMutablePointer<T> {
    memory.base + (offsets[t.index] + evaluation * strides[t.index])
  }

  func clear() { memory.clear() }
}
