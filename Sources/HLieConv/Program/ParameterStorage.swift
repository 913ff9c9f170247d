// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Synchronization

/// The parameters in place: the flat vector θ, and the panels of every weight W and of its transpose.
///
/// Panels hold 64 bytes of each row, 16 floats or 8 doubles, one row after the other, so that products read their
/// right factor in order (see `Product`). Forward passes multiply by W, reverse ones by Wᵀ.
final class ParameterStorage<T: NetworkScalar> {
  private let memory: AlignedMemory<T>
  private let panelled: AlignedMemory<T>
  private let matrices: [(offset: Int, view: MatrixView)]

  init(_ initial: [T], layout: ParameterLayout) {
    memory = AlignedMemory(initial)
    panelled = AlignedMemory(count: layout.panelCount)
    matrices = layout.views.compactMap { view in view.matrix.map { (view.offset, $0) } }
    pack()
  }

  var values: UnsafeMutableBufferPointer<T> { memory.buffer }
  var base: UnsafePointer<T> { UnsafePointer(memory.base) }
  var panels: UnsafePointer<T> { UnsafePointer(panelled.base) }

  /// Brings the panels up to date; to be called after `values` have changed.
  func pack(threads: Int = 1) {
    nonisolated(unsafe) let (base, panels) = (base, panelled.base)
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: threads) { [matrices] _ in
      while true {
        let k = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if k >= 2 * matrices.count { return }
        let (offset, matrix) = matrices[k / 2]
        let (rows, columns) = (matrix.rows, matrix.columns)
        if k.isMultiple(of: 2) {
          T.pack(
            rows: rows, columns: columns, base + offset, rowStride: columns, columnStride: 1,
            into: panels + matrix.panels)
        } else {
          T.pack(
            rows: columns, columns: rows, base + offset, rowStride: 1, columnStride: columns,
            into: panels + matrix.transposedPanels)
        }
      }
    }
  }
}
