// SPDX-License-Identifier: GPL-3.0-or-later

/// The memory of one worker: every tensor of a tile, for a number of evaluations, allocated once.
///
/// Values and cotangents of the dynamic tensors exist once per evaluation, since the second pass of training
/// reads them all; the tangents exist once. Static tensors exist once, with the sum of their cotangents.
/// Offsets are fixed by the largest tile; a smaller one uses the front of each tensor.
final class Workspace<T: NetworkScalar> {
  private let offsets: [Int]
  private let isStatic: [Bool]
  private let stride: Int
  private let staticValues: UnsafeMutablePointer<T>
  private let staticCotangents: UnsafeMutablePointer<T>
  private let staticCount: Int
  private let values: UnsafeMutablePointer<T>
  private let cotangents: UnsafeMutablePointer<T>
  private let tangents: UnsafeMutablePointer<T>?
  private let cotangentTangents: UnsafeMutablePointer<T>?
  /// J [pair × width × 2d] of each embedding and each evaluation, and J̇.
  private let jacobians: UnsafeMutablePointer<T>
  private let jacobianTangents: UnsafeMutablePointer<T>?
  private let jacobianStride: Int
  /// Where the J of an embedding begins, by its output tensor.
  private let jacobianOffsets: [Int]

  /// Memory for tiles of up to `systems` systems of `bodies` bodies; with `tangents` if second passes will run.
  init(_ program: Program, systems: Int, bodies: Int, evaluations: Int, tangents withTangents: Bool) {
    isStatic = program.tensors.map(\.isStatic)
    var dynamicEnd = 0
    var staticEnd = 0
    // Tensors start on cache lines.
    func advance(_ end: inout Int, by count: Int) -> Int {
      let start = end
      end += (count + 15) / 16 * 16
      return start
    }
    offsets = program.tensors.map { tensor in
      let rows = tensor.rows.count(systems: systems, bodies: bodies, samples: program.samples)
      let size = rows * tensor.width
      return tensor.isStatic ? advance(&staticEnd, by: size) : advance(&dynamicEnd, by: size)
    }
    stride = dynamicEnd
    staticCount = staticEnd
    let pairs = Rows.pair.count(systems: systems, bodies: bodies, samples: program.samples)
    var jacobianEnd = 0
    jacobianOffsets = program.tensors.indices.map { index in
      advance(&jacobianEnd, by: pairs * program.jacobianWidth(of: TensorID(index: index)))
    }
    jacobianStride = jacobianEnd

    func allocate(_ count: Int) -> UnsafeMutablePointer<T> {
      let raw = UnsafeMutableRawPointer.allocate(
        byteCount: max(1, count) * MemoryLayout<T>.stride, alignment: 64)
      let typed = raw.bindMemory(to: T.self, capacity: max(1, count))
      typed.initialize(repeating: 0, count: max(1, count))
      return typed
    }
    staticValues = allocate(staticEnd)
    staticCotangents = allocate(staticEnd)
    values = allocate(stride * evaluations)
    cotangents = allocate(stride * evaluations)
    tangents = withTangents ? allocate(stride) : nil
    cotangentTangents = withTangents ? allocate(stride) : nil
    jacobians = allocate(jacobianStride * evaluations)
    jacobianTangents = withTangents ? allocate(jacobianStride) : nil
  }

  deinit {
    for pointer in [
      staticValues, staticCotangents, values, cotangents, tangents, cotangentTangents, jacobians,
      jacobianTangents,
    ] {
      if let pointer { UnsafeMutableRawPointer(pointer).deallocate() }
    }
  }

  func value(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> {
    isStatic[t.index] ? staticValues + offsets[t.index] : values + evaluation * stride + offsets[t.index]
  }
  func cotangent(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> {
    cotangents + evaluation * stride + offsets[t.index]
  }
  func staticCotangent(_ t: TensorID) -> UnsafeMutablePointer<T> { staticCotangents + offsets[t.index] }

  // Only a workspace made with tangents serves second passes: `Worker` runs them, on the workspaces of `ChunkLoss`.
  func tangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    tangents.unsafelyUnwrapped + offsets[t.index]
  }
  func cotangentTangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    cotangentTangents.unsafelyUnwrapped + offsets[t.index]
  }
  func jacobian(_ t: TensorID, _ evaluation: Int) -> UnsafeMutablePointer<T> {
    jacobians + evaluation * jacobianStride + jacobianOffsets[t.index]
  }
  func jacobianTangent(_ t: TensorID) -> UnsafeMutablePointer<T> {
    jacobianTangents.unsafelyUnwrapped + jacobianOffsets[t.index]
  }

  func clearStaticCotangents() { staticCotangents.update(repeating: 0, count: staticCount) }
}
