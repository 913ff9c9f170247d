// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// What single atoms have of QM9's thermochemical properties, by the same method (B3LYP/6-31G(2df,p); atomref.txt of
/// Ramakrishnan, Dral, Rupp & von Lilienfeld 2014). Taken out of a molecule's, they leave its energy of atomisation.
enum QM9Reference {
  private static let elements = ["H", "C", "N", "O", "F"]
  /// In hartree.
  private static let energies: [String: [Double]] = [
    "zpve": [0, 0, 0, 0, 0],
    "U0": [-0.500273, -37.846772, -54.583861, -75.064579, -99.718730],
    "U": [-0.498857, -37.845355, -54.582445, -75.063163, -99.717314],
    "H": [-0.497912, -37.844411, -54.581501, -75.062219, -99.716370],
    "G": [-0.510927, -37.861317, -54.598897, -75.079532, -99.733544],
  ]
  /// C_v of any of them, in cal/(mol K).
  private static let heatCapacity = 2.981

  /// In `unit`, but for C_v, whose unit is its own.
  ///
  /// Throws where none is published.
  static func energy(
    of element: Element, property: String, unit: StructureConfig.Unit
  ) throws -> Double {
    guard let index = elements.firstIndex(of: element.symbol) else {
      throw NoetherError(
        "data.reference: qm9 has atoms of \(elements.joined(separator: ", ")), not of \(element.symbol); write what it "
          + "has by itself, {\(element.symbol): …}, or leave reference out")
    }
    if property == "Cv" { return heatCapacity }
    guard let known = energies[property] else {
      throw NoetherError(
        "data.reference: qm9 has \(energies.keys.sorted().joined(separator: ", ")) and Cv of single atoms, not "
          + "'\(property.shortened)'; write them by element, {H: -13.6, C: -1029.9}, or leave reference out")
    }
    return known[index] * StructureConfig.Unit.hartree.electronvolts / unit.electronvolts
  }

  /// Throws where the energies of molecules are in another unit than those of their atoms, or have lost these already: the atoms have
  /// 95 to 99 per cent of a molecule's U₀, U, H or G.
  static func check(
    _ energies: [Double], fit references: [Double], property: String, unit: StructureConfig.Unit
  ) throws {
    let (whole, atoms) = (energies.reduce(0, +), references.reduce(0, +))
    guard property != "Cv", atoms != 0 else { return }
    // Of the atoms' energies, had `other` been written.
    func fits(_ other: StructureConfig.Unit) -> Bool {
      let factor = unit.electronvolts / other.electronvolts
      return (0.8...1.25).contains(whole / (factor * atoms))
    }
    if fits(unit) { return }
    let remedy =
      StructureConfig.Unit.allCases.first(where: fits).map { "write unit: \($0.rawValue)" }
      ?? "if they are taken out of it already, leave reference out"
    throw NoetherError(
      "data.unit: \(unit.rawValue): does not fit data.reference: qm9: '\(property)' of the training structures is "
        + "\(Float(whole / Double(energies.count))) on average, that of their single atoms \(Float(atoms / Double(energies.count))) "
        + "\(unit.rawValue); \(remedy)")
  }
}
