// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

extension ExtendedXYZ {
  /// Writes structures, every number so that it comes back to the bit: properties on the second line, columns beside the positions.
  ///
  /// Throws where a column has a number that is not finite, which readers refuse; `source` is where the structures come from.
  public static func write(_ structures: [Structure], from source: String, to path: String) throws {
    var data = Data()
    for structure in structures {
      let columns = structure.columns.sorted { $0.key < $1.key }
      for (name, values) in columns {
        guard let k = values.firstIndex(where: { !$0.isFinite }) else { continue }
        throw NoetherError(
          "\(source): \(structure.place): '\(name)' of atom \(k * structure.count / values.count + 1) is \(values[k]); take "
            + "that structure out of the file")
      }
      data.append(contentsOf: text(of: structure, columns).utf8)
    }
    try writeAtomically(data, to: path)
  }

  private static func text(of structure: Structure, _ columns: [(key: String, value: [Double])]) -> String {
    let n = structure.count
    var taken = reserved
    var text = "\(n)\nProperties=species:S:1:pos:R:3"
    for (name, values) in columns { text += ":\(word(name, &taken)):R:\(values.count / n)" }
    for (name, value) in structure.properties.sorted(by: { $0.key < $1.key }) {
      text += " \(word(name, &taken))=\(value)"
    }
    text += " pbc=\"F F F\"\n"
    for (atom, element) in structure.elements.enumerated() {
      text += element.symbol
      for values in [structure.positions] + columns.map(\.value) {
        let width = values.count / n
        for value in values[width * atom..<width * (atom + 1)] { text += " \(value)" }
      }
      text += "\n"
    }
    return text
  }

  /// What has a meaning in the format, or in a trajectory of it.
  private static let reserved: Set = [
    "Properties", "species", "element", "name", "pos", "pbc", "Lattice", "Time", "step", "system",
    "dimension", "velo", "vel", "mass",
    "momenta",
  ]

  /// A name of letters, digits and a few signs that is none of those `taken`, which it then is.
  private static func word(_ name: String, _ taken: inout Set<String>) -> String {
    let plain = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-.+/".contains($0)) ? $0 : "_" }
    var word = plain.isEmpty ? "_" : String(plain)
    while !taken.insert(word).inserted { word += "_" }
    return word
  }
}
