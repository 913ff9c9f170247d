// SPDX-License-Identifier: GPL-3.0-or-later

/// One array per tensor, and per evaluation where it is kept so often.
final class TensorStore<T: NetworkScalar> {
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

/// The values of a tile that depend on the features alone: those who come back to a tile keep them.
final class StaticValues<T: NetworkScalar> {
  let store: TensorStore<T>

  /// Memory for a tile of any of `shapes`.
  init(_ program: Program, shapes: [TileShape]) {
    let tensors = program.tensors
    store = TensorStore(
      tensors.map { shapes.rows($0.rows, samples: program.samples) * $0.width },
      tensors.map { $0.isStatic ? .once : .never }, evaluations: 1)
  }
}
