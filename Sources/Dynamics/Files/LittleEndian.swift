// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A number that binary files hold with its least significant byte first.
protocol LittleEndianNumber {
  associatedtype Pattern: FixedWidthInteger
  init(pattern: Pattern)
  var pattern: Pattern { get }
}

extension Float: LittleEndianNumber {
  init(pattern: UInt32) { self.init(bitPattern: pattern) }
  var pattern: UInt32 { bitPattern }
}
extension Double: LittleEndianNumber {
  init(pattern: UInt64) { self.init(bitPattern: pattern) }
  var pattern: UInt64 { bitPattern }
}
extension LittleEndianNumber where Self: FixedWidthInteger {
  init(pattern: Self) { self = pattern }
  var pattern: Self { self }
}
extension Int8: LittleEndianNumber {}
extension Int16: LittleEndianNumber {}
extension Int32: LittleEndianNumber {}
extension Int64: LittleEndianNumber {}
extension UInt8: LittleEndianNumber {}
extension UInt16: LittleEndianNumber {}
extension UInt32: LittleEndianNumber {}
extension UInt64: LittleEndianNumber {}

extension Data {
  /// The number whose bytes begin `offset` bytes from the start, or nil where they are not all there.
  func number<T: LittleEndianNumber>(at offset: Int, as type: T.Type = T.self) -> T? {
    guard offset >= 0, count - offset >= MemoryLayout<T.Pattern>.size else { return nil }
    return withUnsafeBytes {
      T(pattern: T.Pattern(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: T.Pattern.self)))
    }
  }

  /// All the numbers these bytes hold; a remainder is left.
  func numbers<T: LittleEndianNumber>(as type: T.Type = T.self) -> [T] {
    let size = MemoryLayout<T.Pattern>.size
    return withUnsafeBytes { bytes in
      (0..<count / size).map {
        T(
          pattern: T.Pattern(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: T.Pattern.self))
        )
      }
    }
  }

  mutating func append<T: LittleEndianNumber>(number: T) {
    Swift.withUnsafeBytes(of: number.pattern.littleEndian) { append(contentsOf: $0) }
  }

  mutating func append<T: LittleEndianNumber>(numbers: [T]) {
    reserveCapacity(count + numbers.count * MemoryLayout<T.Pattern>.size)
    // Through a buffer of moderate size: appending to Data number by number is slow.
    var start = 0
    while start < numbers.count {
      let end = Swift.min(start + 8192, numbers.count)
      let patterns = numbers[start..<end].map { $0.pattern.littleEndian }
      patterns.withUnsafeBytes { append(contentsOf: $0) }
      start = end
    }
  }
}

/// The number of entries of an array of this shape, or nil where it overflows or an extent is negative.
func entryCount(of shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    if extent < 0 { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    if overflow { return nil }
    count = product
  }
  return count
}
