// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The rows of a CSV file, one after another (RFC 4180; LF or CRLF, a byte order mark is passed over).
///
/// The last row must end with a line feed too, which RFC 4180 leaves open: without it nobody could tell 1.25 from a
/// 1.2593 that was cut short.
struct CSVRows {
  let name: String
  private(set) var header: [String]
  private let bytes: [UInt8]
  private var position = 0
  /// Why the last row could not be read, where it was cut short and cut ends are let pass.
  private(set) var cut: NoetherError?
  private let allowsCut: Bool
  /// The line the last row began on, counted from 1.
  private(set) var line = 0
  private var nextLine = 1

  /// With `allowsCut`, rows end before one that is cut short by the end of the file; `cut` then tells of it.
  init(_ data: Data, name: String, allowsCut: Bool = false) throws {
    self.name = name
    self.allowsCut = allowsCut
    bytes = Array(data.starts(with: [0xEF, 0xBB, 0xBF]) ? data.dropFirst(3) : data)
    header = []
    guard let first = try next() else { throw NoetherError("\(name): is empty") }
    header = first
  }

  /// The fields of the next row that is not empty, or nil at the end of the file.
  mutating func next() throws -> [String]? {
    while position < bytes.endIndex {
      line = nextLine
      guard let row = try readRow() else { return nil }
      if row == [""] { continue }
      guard header.isEmpty || row.count == header.count else {
        throw NoetherError(
          "\(name):\(line): \(row.count) fields under \(header.count) columns; complete the row or remove it")
      }
      return row
    }
    return nil
  }

  func error(_ complaint: String) -> NoetherError { NoetherError("\(name):\(line): \(complaint)") }

  private mutating func readRow() throws -> [String]? {
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    func end(_ field: [UInt8]) throws -> String {
      guard let text = String(validating: field, as: UTF8.self) else { throw error("is not UTF-8 text") }
      return text
    }
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      if byte == 10 { nextLine += 1 }
      switch byte {
      case UInt8(ascii: "\"") where isQuoted:
        // Two quotation marks are one in the text, a single one ends it.
        if position < bytes.endIndex, bytes[position] == byte {
          field.append(byte)
          position += 1
        } else {
          isQuoted = false
        }
      case _ where isQuoted: field.append(byte)
      case UInt8(ascii: "\"") where field.isEmpty: isQuoted = true
      case UInt8(ascii: ","):
        row.append(try end(field))
        field = []
      case 13 where position < bytes.endIndex && bytes[position] == 10: break
      case 10: return row + [try end(field)]
      default: field.append(byte)
      }
    }
    let cut = error(
      isQuoted
        ? "a quotation mark is open at the end of the file"
        : "ends inside a row; it is cut short, or end its last row with a line feed if it is whole")
    // A row that goes on over lines is open since a quotation mark, which may stand anywhere: no end that was broken off.
    guard allowsCut, !header.isEmpty, nextLine == line else { throw cut }
    self.cut = cut
    return nil
  }
}
