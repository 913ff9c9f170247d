// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// A CSV file of numbers, by column.
struct CSVColumns {
  private let columns: [String: [Double]]
  let rows: Int

  /// nil where there is no such file.
  init?(ifPresent path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    try self.init(path)
  }

  init(_ path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw NoetherError("\(path): cannot be read")
    }
    var lines = data.split(separator: UInt8(ascii: "\n"))[...]
    let names = lines.popFirst().map(Self.fields) ?? []
    var values = [[Double]](repeating: [], count: names.count)
    for (index, line) in lines.enumerated() {
      let fields = Self.fields(line)
      guard fields.count == names.count else {
        throw NoetherError(
          "\(path):\(index + 2): \(fields.count) fields where the header names \(names.count) columns")
      }
      for (column, field) in fields.enumerated() {
        guard let number = Double(field) else {
          throw NoetherError("\(path):\(index + 2): \(names[column]): '\(field)' is not a number")
        }
        values[column].append(number)
      }
    }
    rows = lines.count
    columns = Dictionary(zip(names, values).map { ($0, $1) }) { first, _ in first }
  }

  subscript(name: String) -> [Double]? { columns[name] }

  /// The largest |x| of a column; nil where there is no such column.
  func largest(_ name: String) -> Double? { columns[name]?.lazy.map(abs).max() }

  private static func fields(_ line: Data) -> [String] {
    line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespaces) }
  }
}
