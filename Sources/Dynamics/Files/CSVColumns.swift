// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// A CSV file of numbers, by column.
public struct CSVColumns: Sendable {
  private let columns: [String: [Double]]
  public let rows: Int

  /// Largest file that is read: the tables that commands write are far smaller.
  private static let sizeLimit = 1 << 32

  /// nil where there is no such file.
  public init?(ifPresent path: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    try self.init(path)
  }

  /// Throws where the file cannot be read, or a field is not a number.
  public init(_ path: String) throws {
    var table = try CSVRows(readFile(path, limit: Self.sizeLimit), name: path)
    var values = [[Double]](repeating: [], count: table.header.count)
    while let fields = try table.next() {
      for (column, field) in fields.enumerated() {
        guard let number = Double(field) else {
          throw table.error("\(table.header[column]): '\(field)' is not a number")
        }
        values[column].append(number)
      }
    }
    rows = values.first?.count ?? 0
    columns = Dictionary(zip(table.header, values).map { ($0, $1) }) { first, _ in first }
  }

  public subscript(name: String) -> [Double]? { columns[name] }

  /// The largest |x| of a column, NaN where one is; nil where there is no such column.
  public func largest(_ name: String) -> Double? { columns[name]?.lazy.map(abs).maximum() }
}
