// SPDX-License-Identifier: GPL-3.0-or-later

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
  func pack() {
    for (offset, matrix) in matrices {
      let weight = base + offset
      let (rows, columns) = (matrix.rows, matrix.columns)
      T.pack(
        rows: rows, columns: columns, weight, rowStride: columns, columnStride: 1,
        into: panelled.base + matrix.panels)
      T.pack(
        rows: columns, columns: rows, weight, rowStride: 1, columnStride: columns,
        into: panelled.base + matrix.transposedPanels)
    }
  }
}
