// SPDX-License-Identifier: GPL-3.0-or-later

/// A molecule as QM9 publishes it (Ramakrishnan, Dral, Rupp & von Lilienfeld 2014, table 2): the second line has "gdb", an index and
/// fifteen properties; atoms have a symbol, a place in Å and a Mulliken charge; three lines follow with frequencies, SMILES and InChI.
enum QM9Format {
  /// The properties in their order: rotational constants in GHz; μ in debye; α in bohr³; energies of orbitals and their gap
  /// in hartree; ⟨R²⟩ in bohr²; the zero-point energy, U₀, U, H and G in hartree; C_v in cal/(mol K).
  static let properties = [
    "A", "B", "C", "mu", "alpha", "homo", "lumo", "gap", "r2", "zpve", "U0", "U", "H", "G", "Cv",
  ]

  static func begins(_ comment: Substring) -> Bool {
    comment.hasPrefix("gdb") && comment.split(whereSeparator: \.isSpace).count == properties.count + 2
  }

  static func structure(_ count: Int, _ comment: Substring, _ lines: inout Lines) throws -> Structure {
    let first = lines.number
    let values = try comment.split(whereSeparator: \.isSpace).dropFirst(2).map(lines.number)
    var elements: [Element] = []
    var (positions, charges) = ([Double](), [Double]())
    for _ in 0..<count {
      guard let line = lines.next() else { throw lines.error("ends inside a molecule of \(count) atoms") }
      let words = line.split(whereSeparator: \.isSpace)
      guard words.count == 5 else {
        throw lines.error("\(words.count) columns where QM9 has five: symbol, x, y, z, charge")
      }
      elements.append(try lines.element(words[0]))
      positions += try words[1...3].map(lines.number)
      charges.append(try lines.number(words[4]))
    }
    for what in ["frequencies", "SMILES", "InChI"] {
      if lines.next() == nil { throw lines.error("ends before the line of \(what)") }
    }
    var structure = Structure(elements: elements, positions: positions)
    structure.line = first
    structure.columns["charges"] = charges
    for (name, value) in zip(properties, values) { structure.properties[name] = value }
    return structure
  }
}
