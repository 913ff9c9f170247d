// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// Writes a CSV file field by field (RFC 4180, with LF): one header row, numbers with 17 significant digits and a
/// decimal point, so that every double is read back to the bit.
///
/// Rows leave memory as they come; a file takes its name in `finish()` and does not appear if that is not
/// reached.
public final class CSVWriter {
  private let file: AtomicFile
  private let columns: Int
  private var buffer: [UInt8] = []
  private var fields = 0

  private static let bufferSize = 1 << 18

  /// A file at `path`, or the standard output where it is nil, with the names of its columns.
  public init(_ path: String?, header: [String]) throws {
    file = try path.map { try AtomicFile($0) } ?? .standardOutput()
    columns = header.count
    buffer.reserveCapacity(Self.bufferSize + 4096)
    for name in header { add(name) }
    try endRow()
  }

  public func add(_ value: Int) {
    separate()
    buffer.append(contentsOf: String(value).utf8)
  }

  /// 17 significant digits, as C's %.17g; "nan", "inf" and "-inf" where the number is not finite.
  public func add(_ value: Double) {
    separate()
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { digits in
      guard let start = digits.baseAddress, gcvt(value, 17, start) != nil else { return }
      for index in 0..<strlen(start) { buffer.append(UInt8(bitPattern: digits[Int(index)])) }
    }
  }

  /// A text, in quotation marks where it needs them.
  public func add(_ text: String) {
    separate()
    if text.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) {
      buffer.append(contentsOf: "\"\(text.replacing("\"", with: "\"\""))\"".utf8)
    } else {
      buffer.append(contentsOf: text.utf8)
    }
  }

  /// Ends a row, which has as many fields as the header.
  public func endRow() throws {
    precondition(fields == columns, "a row of \(fields) fields under \(columns) columns")
    fields = 0
    buffer.append(UInt8(ascii: "\n"))
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is left and gives the file its name.
  public func finish() throws {
    try flush()
    try file.finish()
  }

  private func separate() {
    if fields > 0 { buffer.append(UInt8(ascii: ",")) }
    fields += 1
  }

  private func flush() throws {
    try file.write(Data(buffer))
    buffer.removeAll(keepingCapacity: true)
  }
}
