// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Structures in the extended XYZ format: for each a line with the number of atoms, a line of `key=value` that says by
/// `Properties=species:S:1:pos:R:3:…` what the columns are, and a line per atom. Plain XYZ, whose second line is a comment, has
/// a symbol and three numbers per atom. Fortran's and Mathematica's exponents (1d-3, 1.5*^-6) are read too.
///
/// Files of QM9 as published, whose second line begins with "gdb", are read with their fifteen properties (`QM9Format`).
public enum ExtendedXYZ {
  static let mostBytes = 1 << 32
  private static let mostAtoms = 1_000_000

  /// The structures of a file, which may be packed by gzip.
  public static func read(_ path: String) throws -> [Structure] {
    try parse(readUnpacked(path, limit: mostBytes), name: path)
  }

  /// The structures in the bytes of a file, called `name` in messages.
  public static func parse(_ data: Data, name: String) throws -> [Structure] {
    var lines = Lines(data, name: name)
    var structures: [Structure] = []
    while let first = lines.next() {
      let text = first.trimmed
      // Blank lines may stand at the end.
      if text.isEmpty { continue }
      guard let count = Int(text), (1...mostAtoms).contains(count) else {
        throw lines.error("'\(text.shortened)' where a number of atoms is due, from 1 to \(mostAtoms)")
      }
      guard let comment = lines.next() else {
        throw lines.error("ends before the second line of a structure")
      }
      if QM9Format.begins(comment) {
        structures.append(try QM9Format.structure(count, comment, &lines))
      } else {
        structures.append(try structure(count, Comment(comment), &lines))
      }
    }
    if structures.isEmpty { throw NoetherError("\(name): holds no structures") }
    return structures
  }

  private static func structure(_ count: Int, _ comment: Comment, _ lines: inout Lines) throws -> Structure {
    let layout = try Layout(comment["Properties"] ?? "species:S:1:pos:R:3", lines)
    var elements: [Element] = []
    var columns: [String: [Double]] = [:]
    for _ in 0..<count {
      guard let line = lines.next() else { throw lines.error("ends inside a structure of \(count) atoms") }
      let words = line.split(whereSeparator: \.isSpace)
      guard words.count >= layout.width else {
        throw lines.error("\(words.count) columns where \(layout.width) are due")
      }
      elements.append(try lines.element(words[layout.species]))
      for column in layout.numbers {
        for word in words[column.first..<column.first + column.count] {
          columns[column.name, default: []].append(try lines.number(word))
        }
      }
    }
    var structure = Structure(elements: elements, positions: columns.removeValue(forKey: "pos") ?? [])
    structure.columns = columns
    for (key, value) in comment.values {
      if let number = Double(value), number.isFinite { structure.properties[key] = number }
    }
    return structure
  }

  /// What stands in which column.
  private struct Layout {
    let species: Int
    let numbers: [(name: String, first: Int, count: Int)]
    let width: Int

    init(_ text: String, _ lines: Lines) throws {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count.isMultiple(of: 3) else {
        throw lines.error("Properties=\(text.shortened): triples of name:type:columns are due")
      }
      var (at, found, numbers) = (0, nil as Int?, [(name: String, first: Int, count: Int)]())
      for k in stride(from: 0, to: parts.count, by: 3) {
        guard let count = Int(parts[k + 2]), (1...1000).contains(count) else {
          throw lines.error("Properties: '\(parts[k + 2])' is no number of columns")
        }
        switch (parts[k], parts[k + 1]) {
        case ("species", "S"), ("element", "S"): found = at
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
      var names = Set<String>()
      if let twice = numbers.first(where: { !names.insert($0.name).inserted }) {
        throw lines.error(
          "Properties: '\(twice.name.shortened)' is named twice; give columns names of their own")
      }
      (species, self.numbers, width) = (found, numbers, at)
    }
  }

  /// The `key=value` pairs of a second line; values may be quoted.
  private struct Comment {
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
}
