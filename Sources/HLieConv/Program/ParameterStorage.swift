// SPDX-License-Identifier: GPL-3.0-or-later

/// The parameters in place: the flat vector θ, and the panels of every weight W and of its transpose.
///
/// Panels hold 64 bytes of each row, 16 floats or 8 doubles, one row after the other, so that products read their
/// right factor in order (see `Product`). Forward passes multiply by W, reverse ones by Wᵀ.
final class ParameterStorage<T: NetworkScalar> {
  let values: UnsafeMutableBufferPointer<T>
  private let panelled: UnsafeMutableBufferPointer<T>
  private let matrices: [(offset: Int, view: MatrixView)]

  init(_ initial: [T], layout: ParameterLayout) {
    values = .allocate(capacity: max(1, initial.count))
    _ = values.initialize(from: initial)
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: max(1, layout.panelCount) * MemoryLayout<T>.stride, alignment: 64)
    panelled = bytes.bindMemory(to: T.self)
    panelled.initialize(repeating: 0)
    matrices = layout.views.compactMap { view in view.matrix.map { (view.offset, $0) } }
    pack()
  }

  deinit {
    values.deallocate()
    UnsafeMutableRawBufferPointer(panelled).deallocate()
  }

  // Both have room for one number at least, so there is a base address.
  var base: UnsafePointer<T> { UnsafePointer(values.baseAddress.unsafelyUnwrapped) }
  var panels: UnsafePointer<T> { UnsafePointer(panelled.baseAddress.unsafelyUnwrapped) }

  /// Brings the panels up to date; to be called after `values` have changed.
  func pack() {
    let destination = panelled.baseAddress.unsafelyUnwrapped
    for (offset, matrix) in matrices {
      let weight = base + offset
      let (rows, columns) = (matrix.rows, matrix.columns)
      T.pack(
        rows: rows, columns: columns, weight, rowStride: columns, columnStride: 1,
        into: destination + matrix.panels)
      T.pack(
        rows: columns, columns: rows, weight, rowStride: 1, columnStride: columns,
        into: destination + matrix.transposedPanels)
    }
  }
}
