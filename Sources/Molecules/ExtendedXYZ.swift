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
    var structures: [Structure] = []
    try forEachFrame(of: data, name: name) { count, comment, lines in
      if QM9Format.begins(comment) {
        var structure = try QM9Format.structure(count, comment, &lines)
        structure.number = structures.count + 1
        structures.append(structure)
        return
      }
      let line = lines.number
      let table = try AtomTable(count, comment, &lines) { word, lines in try lines.element(word) }
      var structure = Structure(elements: table.species, positions: table.positions)
      structure.columns = table.columns
      (structure.number, structure.line) = (structures.count + 1, line)
      // Those that are not finite matter only to whom they are energies.
      for (key, value) in table.comment.values { structure.properties[key] = Lines.value(value[...]) }
      structures.append(structure)
    }
    return structures
  }

  /// Hands over the number of atoms and the second line of every frame, to whom the lines that follow are left.
  static func forEachFrame(
    of data: Data, name: String, _ body: (Int, Substring, inout Lines) throws -> Void
  ) throws {
    var lines = Lines(data, name: name)
    var isEmpty = true
    while let first = lines.next() {
      let text = first.trimmed
      // Blank lines may stand at the end.
      if text.isEmpty { continue }
      guard let count = Int(text), (1...mostAtoms).contains(count) else {
        throw lines.error(
          "'\(text.shortened)' where a number of atoms is due, from 1 to \(mostAtoms)"
            + (isEmpty ? "" : "; the number of the structure before may be too small"))
      }
      guard let comment = lines.next() else {
        throw lines.error("ends before the second line of a structure")
      }
      lines.structures += 1
      try body(count, comment, &lines)
      isEmpty = false
    }
    if isEmpty { throw NoetherError("\(name): holds no structures") }
  }
}
