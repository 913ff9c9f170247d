// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// A file of structures: XYZ of any kind, packed by gzip or not, or .npz as MD17, rMD17 and QM9 are published in.
public enum StructureFile {
  public static func read(_ path: String) throws -> [Structure] {
    if !FileManager.default.fileExists(atPath: path) {
      throw NoetherError(
        "\(path): there is no such file; MD17 is published at www.sgdml.org, rMD17 and QM9 at figshare.com, QM7 at "
          + "quantum-machine.org; name the file by --set data.structures=FILE")
    }
    return try path.hasSuffix(".npz")
      ? StructureNPZ.structures(NPZ.read(path), name: path) : ExtendedXYZ.read(path)
  }
}

/// Arrays of one molecule in many configurations, or of molecules one after another:
///
/// - z [atoms] (or `nuclear_charges`), R [frames × atoms × 3] (or `coords`), and E [frames] (or `energies`), F (or `forces`), in MD17 and rMD17;
/// - N [molecules], the numbers of atoms, Z and R of all their atoms, and any property [molecules], in QM9.
///
/// Energies are called "energy", forces "forces", whatever the array is called.
package enum StructureNPZ {
  package static func structures(_ arrays: [String: NPYArray], name: String) throws -> [Structure] {
    func array(_ names: String...) throws -> NPYArray {
      if let found = names.lazy.compactMap({ arrays[$0] }).first { return found }
      throw NoetherError(
        "\(name): no array \(names.joined(separator: " or ")); there are \(arrays.keys.sorted().joined(separator: ", "))"
      )
    }
    let places = try array("R", "coords")
    let elements = try array("z", "Z", "nuclear_charges").doubles.map { charge in
      guard let number = Int(exactly: charge), let element = Element(number: number) else {
        throw NoetherError("\(name): \(charge) is no atomic number from 1 to 54")
      }
      return element
    }
    func wrong(_ what: String) -> NoetherError {
      NoetherError("\(name): \(what) does not fit the other arrays")
    }

    let sizes: [Int]
    if let counts = arrays["N"] {
      sizes = try counts.doubles.map { count in
        guard let size = Int(exactly: count), size > 0, size <= elements.count else { throw wrong("N") }
        return size
      }
      guard sizes.reduce(0, +) == elements.count else { throw wrong("N") }
    } else {
      let width = 3 * elements.count
      guard width > 0, places.doubles.count.isMultiple(of: width) else { throw wrong("R") }
      sizes = Array(repeating: elements.count, count: places.doubles.count / width)
    }
    let isOne = arrays["N"] == nil
    let (positions, atoms) = (places.doubles, sizes.reduce(0, +))
    guard positions.count == 3 * atoms else { throw wrong("R") }
    let forces = (arrays["F"] ?? arrays["forces"])?.doubles
    if let forces, forces.count != positions.count { throw wrong("F") }
    if let energies = arrays["E"] ?? arrays["energies"], energies.values.count != sizes.count {
      throw wrong("E")
    }
    let known = ["N", "z", "Z", "nuclear_charges", "R", "coords", "F", "forces"]
    let properties = arrays.filter { !known.contains($0.key) && $0.value.values.count == sizes.count }
      .mapValues(\.doubles)

    var at = 0
    return try sizes.enumerated().map { index, size in
      let range = 3 * at..<3 * (at + size)
      var structure = Structure(
        elements: isOne ? elements : Array(elements[at..<at + size]), positions: Array(positions[range]))
      structure.number = index + 1
      for (key, values) in properties {
        structure.properties[["E", "energies"].contains(key) ? "energy" : key] = values[index]
      }
      if let forces { structure.columns["forces"] = Array(forces[range]) }
      at += size
      guard structure.positions.allSatisfy({ $0.isFinite }) else {
        throw NoetherError("\(name): structure \(index + 1): a coordinate is not finite")
      }
      return structure
    }
  }
}
