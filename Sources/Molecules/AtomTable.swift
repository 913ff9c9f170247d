// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One frame of an extended XYZ file: what its second line says, and the columns of its atoms.
struct AtomTable<Species> {
  let comment: XYZComment
  let species: [Species]
  /// [atoms × 3].
  let positions: [Double]
  /// The other columns of numbers [atoms × columns], by name.
  let columns: [String: [Double]]
  /// What stands in the column `name:S:1`; empty where there is none.
  let names: [String]

  /// Takes the lines of `count` atoms from `lines`; `read` makes a species of its word.
  init(
    _ count: Int, _ comment: Substring, _ lines: inout Lines,
    species read: (Substring, Lines) throws -> Species
  ) throws {
    self.comment = XYZComment(comment)
    let layout = try AtomColumns(self.comment["Properties"] ?? "species:S:1:pos:R:3", lines)
    let first = lines.number - 1
    var species: [Species] = []
    var columns: [String: [Double]] = [:]
    var names: [String] = []
    for _ in 0..<count {
      guard let line = lines.next() else { throw lines.error("ends inside a structure of \(count) atoms") }
      let words = line.split(whereSeparator: \.isSpace)
      guard words.count >= layout.width else {
        throw lines.error(
          "\(words.count) columns where \(layout.width) are due, in a structure of \(count) atoms by line \(first)"
        )
      }
      species.append(try read(words[layout.species], lines))
      if let column = layout.names { names.append(String(words[column])) }
      for column in layout.numbers {
        for word in words[column.first..<column.first + column.count] {
          columns[column.name, default: []].append(try lines.number(word))
        }
      }
    }
    positions = columns.removeValue(forKey: "pos") ?? []
    self.species = species
    self.columns = columns
    self.names = names
  }
}

/// What stands in which column.
private struct AtomColumns {
  let species: Int
  let numbers: [(name: String, first: Int, count: Int)]
  /// The column of the atoms' own names, `name:S:1`.
  let names: Int?
  let width: Int

  init(_ text: String, _ lines: Lines) throws {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count.isMultiple(of: 3) else {
      throw lines.error("Properties=\(text.shortened): triples of name:type:columns are due")
    }
    var (at, found, names) = (0, nil as Int?, nil as Int?)
    var numbers: [(name: String, first: Int, count: Int)] = []
    for k in stride(from: 0, to: parts.count, by: 3) {
      guard let count = Int(parts[k + 2]), (1...1000).contains(count) else {
        throw lines.error("Properties: '\(parts[k + 2])' is no number of columns")
      }
      switch (parts[k], parts[k + 1]) {
      case ("species", "S"), ("element", "S"): found = at
      case ("name", "S"): names = at
      case (_, "R"), (_, "I"): numbers.append((String(parts[k]), at, count))
      default: break
      }
      at += count
    }
    guard let found else {
      throw lines.error("Properties: no column species:S:1, which names the elements")
    }
    guard numbers.contains(where: { $0.name == "pos" && $0.count == 3 }) else {
      throw lines.error("Properties: no columns pos:R:3, which say where the atoms are")
    }
    var known = Set<String>()
    if let twice = numbers.first(where: { !known.insert($0.name).inserted }) {
      throw lines.error(
        "Properties: '\(twice.name.shortened)' is named twice; give columns names of their own")
    }
    (species, self.numbers, self.names, width) = (found, numbers, names, at)
  }
}

/// The `key=value` pairs of a second line; values may be quoted.
struct XYZComment {
  private(set) var values: [(key: String, value: String)] = []

  init(_ line: Substring) {
    var rest = line[...]
    while let equals = rest.firstIndex(of: "=") {
      let key = rest[..<equals].split(whereSeparator: \.isSpace).last ?? ""
      rest = rest[rest.index(after: equals)...]
      let value: Substring
      if let quote = rest.first, quote == "\"" || quote == "'" {
        rest = rest.dropFirst()
        value = rest.prefix { $0 != quote }
        rest = rest.dropFirst(value.count + 1)
      } else {
        value = rest.prefix { !$0.isSpace }
        rest = rest.dropFirst(value.count)
      }
      if !key.isEmpty { values.append((String(key), String(value))) }
    }
  }

  subscript(key: String) -> String? { values.first { $0.key == key }?.value }
}
