// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// One measurement with its name: a line of JSON, of a CSV file and of the table.
struct Line {
  let row: String
  /// Names and values as JSON has them, in order.
  private var fields: [(name: String, value: String)]

  init(_ row: String, batch: Int, _ times: Measurement) {
    self.row = row
    fields = []
    self["batch"] = batch
    self["ms_median"] = times.median
    self["ms_min"] = times.min
    self["ms_max"] = times.max
    self["n"] = times.n
  }

  /// A number to be printed after those already there.
  subscript(name: String) -> Int? {
    get { value(name).flatMap { Int($0) } }
    set { set(name, newValue.map(String.init)) }
  }
  /// Six significant digits, as the peers have it.
  subscript(name: String) -> Double? {
    get { value(name).flatMap { Double($0) } }
    set { set(name, newValue.map { $0.isFinite ? String(format: "%.6g", $0) : "null" }) }
  }
  /// Words without quotes.
  subscript(name: String) -> String? {
    get { value(name).map { String($0.dropFirst().dropLast()) } }
    set { set(name, newValue.map { "\"\($0)\"" }) }
  }

  private func value(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  private mutating func set(_ name: String, _ value: String?) {
    fields.removeAll { $0.name == name }
    if let value { fields.append((name, value)) }
  }

  /// {"row": …, "batch": …, "ms_median": …, "ms_min": …, "ms_max": …, "n": …, …}.
  var json: String {
    let all = [("row", "\"\(row)\"")] + fields.map { ($0.name, $0.value) }
    return "{" + all.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  /// What each column of the table and of CSV files holds; "" where a line has no such field.
  fileprivate func entry(_ name: String) -> String {
    name == "row" ? row : (value(name) ?? "").trimmingCharacters(in: CharacterSet(charactersIn: "\""))
  }
  fileprivate var names: [String] { ["row"] + fields.map(\.name) }
}

extension [Line] {
  /// One column for each field that any line has.
  var csv: String {
    var columns: [String] = []
    for name in flatMap(\.names) where !columns.contains(name) { columns.append(name) }
    let rows = [columns] + map { line in columns.map(line.entry) }
    return rows.map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// Columns for what every line has; the rest is written out.
  var table: String {
    let columns = ["row", "batch", "ms_median", "ms_min", "ms_max", "n"]
    let heads = [columns.map { $0.replacing("_", with: " ") } + [""]]
    let rows =
      heads
      + map { line in
        let rest = line.names.filter { !columns.contains($0) }.map { "\($0) \(line.entry($0))" }
        return columns.map { name in
          guard name.hasPrefix("ms"), let value: Double = line[name] else { return line.entry(name) }
          return String(format: value < 1 ? "%.5f" : "%.3f", value)
        } + [rest.joined(separator: ", ")]
      }
    let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { cells in
      let padded = zip(cells, widths).enumerated().map { column, cell in
        let gap = String(repeating: " ", count: cell.1 - cell.0.count)
        return column == 0 ? cell.0 + gap : gap + cell.0
      }
      return (padded + [cells[columns.count]]).joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }.joined(separator: "\n")
  }
}
