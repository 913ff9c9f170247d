// SPDX-License-Identifier: GPL-3.0-or-later

/// A vector of a line, the plane or space, read from and added to flat arrays in the order body, axis.
///
/// Pair laws are written once over this protocol and compiled for one, two and three axes.
protocol SpatialVector {
  static func - (a: Self, b: Self) -> Self
  static func * (factor: Double, v: Self) -> Self
  static prefix func - (v: Self) -> Self
  init(body: Int, of array: Span<Double>)
  /// The same for measured loops, which compare lengths beforehand: an optimised build checks no index.
  init(body: Int, of array: UnsafeBufferPointer<Double>)
  func add(to array: UnsafeMutableBufferPointer<Double>, body: Int)
  /// |v|², summed in the order of the axes.
  var squaredNorm: Double { get }
}

extension Double: SpatialVector {
  @inline(__always)
  init(body: Int, of array: Span<Double>) { self = array[body] }

  @inline(__always)
  init(body: Int, of array: UnsafeBufferPointer<Double>) { self = array[body] }

  @inline(__always)
  func add(to array: UnsafeMutableBufferPointer<Double>, body: Int) { array[body] += self }

  @inline(__always)
  var squaredNorm: Double { self * self }
}

extension SIMD2<Double>: SpatialVector {
  @inline(__always)
  init(body: Int, of array: Span<Double>) { self.init(array[2 * body], array[2 * body + 1]) }

  @inline(__always)
  init(body: Int, of array: UnsafeBufferPointer<Double>) { self.init(array[2 * body], array[2 * body + 1]) }

  @inline(__always)
  func add(to array: UnsafeMutableBufferPointer<Double>, body: Int) {
    array[2 * body] += x
    array[2 * body + 1] += y
  }

  @inline(__always)
  var squaredNorm: Double { x * x + y * y }
}

extension SIMD3<Double>: SpatialVector {
  @inline(__always)
  init(body: Int, of array: Span<Double>) {
    self.init(array[3 * body], array[3 * body + 1], array[3 * body + 2])
  }

  @inline(__always)
  init(body: Int, of array: UnsafeBufferPointer<Double>) {
    self.init(array[3 * body], array[3 * body + 1], array[3 * body + 2])
  }

  @inline(__always)
  func add(to array: UnsafeMutableBufferPointer<Double>, body: Int) {
    array[3 * body] += x
    array[3 * body + 1] += y
    array[3 * body + 2] += z
  }

  @inline(__always)
  var squaredNorm: Double { x * x + y * y + z * z }
}

extension Bodies {
  /// Sets the entries of pinned bodies to zero: whatever holds them takes up the force.
  func clearPinned(_ force: inout MutableSpan<Double>) {
    guard hasPinned else { return }
    for body in 0..<count where pinned[body] {
      for axis in 0..<dimension { force[body * dimension + axis] = 0 }
    }
  }
}
