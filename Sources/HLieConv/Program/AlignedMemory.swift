// SPDX-License-Identifier: GPL-3.0-or-later

/// Numbers that start on a cache line, zero at first: kernels read and write them 64 bytes at a time, which costs
/// twice as much where they straddle two lines.
final class AlignedMemory<T: NetworkScalar> {
  let count: Int
  let base: UnsafeMutablePointer<T>

  init(count: Int) {
    self.count = count
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<T>.stride, alignment: 64)
    base = raw.bindMemory(to: T.self, capacity: max(1, count))
    base.initialize(repeating: 0, count: max(1, count))
  }

  convenience init(_ numbers: [T]) {
    self.init(count: numbers.count)
    numbers.withUnsafeBufferPointer { numbers in
      if let source = numbers.baseAddress { base.update(from: source, count: count) }
    }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Makes room for `count` numbers in `memory`, whose numbers are lost if it has to grow.
  static func grow(_ memory: inout AlignedMemory, to count: Int) {
    if memory.count < count { memory = AlignedMemory(count: count) }
  }

  var buffer: UnsafeMutableBufferPointer<T> { UnsafeMutableBufferPointer(start: base, count: count) }

  func clear() { base.update(repeating: 0, count: count) }
}
