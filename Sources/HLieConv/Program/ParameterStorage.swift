// SPDX-License-Identifier: GPL-3.0-or-later

/// The parameters in place: the flat vector θ, and a copy with every weight matrix transposed.
///
/// Reverse passes multiply by Wᵀ. Given the transposed copy they are plain products, which OpenBLAS runs faster
/// than products with a transposed operand, by a fifth for 78 rows and by much more for the 6 rows of one system.
final class ParameterStorage<T: NetworkScalar> {
  let values: UnsafeMutableBufferPointer<T>
  private let mirrored: UnsafeMutableBufferPointer<T>
  private let matrices: [ParameterView]

  init(_ initial: [T], layout: ParameterLayout) {
    values = .allocate(capacity: max(1, initial.count))
    _ = values.initialize(from: initial)
    mirrored = .allocate(capacity: max(1, initial.count))
    mirrored.initialize(repeating: 0)
    matrices = layout.views.filter { $0.shape.count == 2 }
    transpose()
  }

  deinit {
    values.deallocate()
    mirrored.deallocate()
  }

  // Both have room for one number at least, so there is a base address.
  var base: UnsafePointer<T> { UnsafePointer(values.baseAddress.unsafelyUnwrapped) }
  /// Wᵀ [outputs × inputs] of a weight W [inputs × outputs] lies at the weight's own offset.
  var transposed: UnsafePointer<T> { UnsafePointer(mirrored.baseAddress.unsafelyUnwrapped) }

  /// Brings the copy up to date; to be called after `values` have changed.
  @specialized(where T == Float)
  @specialized(where T == Double)
  func transpose() {
    for matrix in matrices {
      let (inputs, outputs, start) = (matrix.shape[0], matrix.shape[1], matrix.offset)
      for i in 0..<inputs {
        for o in 0..<outputs { mirrored[start + o * inputs + i] = values[start + i * outputs + o] }
      }
    }
  }
}
