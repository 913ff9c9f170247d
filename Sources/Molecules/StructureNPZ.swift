// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Arrays of one molecule in many configurations, or of molecules one after another:
///
/// - z [atoms] (or `nuclear_charges`), R [frames × atoms × 3] (or `coords`), and E [frames] (or `energies`), F (or `forces`), in MD17 and rMD17;
/// - N [molecules], the numbers of atoms, Z and R of all their atoms, and any property [molecules], in QM9.
///
/// Energies are called "energy", forces "forces", whatever the array is called; other arrays with an entry for every structure, or with an
/// entry or a row of entries for every atom, keep their names. `leavingOut` is told the names of all others.
package enum StructureNPZ {
  static let places = ["R", "coords"]
  private static let charges = ["z", "Z", "nuclear_charges"]
  private static let names = ["E": "energy", "energies": "energy", "F": "forces"]

  package static func structures(
    _ arrays: [String: NPYArray], name: String, leavingOut: (String) -> Void = { _ in }
  ) throws -> [Structure] {
    func array(_ names: [String]) throws -> (key: String, array: NPYArray) {
      let found = names.compactMap { key in arrays[key].map { (key: key, array: $0) } }
      if found.count > 1 {
        throw NoetherError(
          "\(name): \(found.map(\.key).joined(separator: " and ")) are names of the same thing; leave one out"
        )
      }
      if let only = found.first { return only }
      throw NoetherError(
        "\(name): no array \(names.joined(separator: " or ")); there are \(arrays.keys.sorted().joined(separator: ", "))"
      )
    }
    let places = try array(Self.places)
    let species = try array(charges)
    let elements = try species.array.doubles.enumerated().map { index, charge in
      guard let number = Int(exactly: charge), let element = Element(number: number) else {
        throw NoetherError(
          "\(name): '\(species.key)': \(charge) of atom \(index + 1) is no atomic number from 1 to \(Element.last)"
        )
      }
      return element
    }
    func wrong(_ what: String) -> NoetherError {
      NoetherError("\(name): \(what) does not fit the other arrays")
    }

    let isOne = arrays["N"] == nil
    let sizes: [Int]
    if let counts = arrays["N"] {
      sizes = try counts.doubles.map { count in
        guard let size = Int(exactly: count), size > 0, size <= elements.count else { throw wrong("N") }
        return size
      }
      guard sizes.reduce(0, +) == elements.count else { throw wrong("N") }
    } else {
      let width = 3 * elements.count
      guard width > 0, places.array.values.count.isMultiple(of: width) else { throw wrong(places.key) }
      sizes = Array(repeating: elements.count, count: places.array.values.count / width)
    }
    let (positions, atoms) = (places.array.doubles, sizes.reduce(0, +))
    guard !sizes.isEmpty, positions.count == 3 * atoms else { throw wrong(places.key) }
    // [atoms × 3 × frames] has as many entries.
    let shape = isOne ? [sizes.count, elements.count, 3] : [atoms, 3]
    guard places.array.shape == shape || sizes.count == 1 && places.array.shape == [atoms, 3] else {
      throw NoetherError("\(name): \(places.key) has the shape \(places.array.shape); \(shape) is needed")
    }

    var properties: [String: [Double]] = [:]
    var columns: [String: (width: Int, values: [Double])] = [:]
    let ownShape = isOne ? [sizes.count, elements.count] : [atoms]
    let others = arrays.filter { !(charges + ["N", places.key]).contains($0.key) }
    for (key, array) in others.sorted(by: { $0.key < $1.key }) {
      let called = names[key] ?? key
      let count = array.values.count
      if properties[called] != nil || columns[called] != nil {
        throw NoetherError(
          "\(name): \(key) and another array are names of the same thing, \(called); leave one out")
      }
      if called == "forces" {
        guard array.shape == places.array.shape else { throw wrong(key) }
        columns[called] = (3, array.doubles)
      } else if count == sizes.count {
        properties[called] = array.doubles
      } else if called == "energy" {
        throw wrong(key)
      } else if count > 0, array.shape.starts(with: ownShape) {
        columns[called] = (count / atoms, array.doubles)
      } else {
        leavingOut(key)
      }
    }

    var at = 0
    return try sizes.enumerated().map { index, size in
      let range = at..<at + size
      var structure = Structure(
        elements: isOne ? elements : Array(elements[range]),
        positions: Array(positions[3 * at..<3 * (at + size)]))
      structure.number = index + 1
      for (key, values) in properties { structure.properties[key] = values[index] }
      for (key, column) in columns {
        structure.columns[key] = Array(column.values[column.width * at..<column.width * (at + size)])
      }
      at += size
      if let k = structure.positions.firstIndex(where: { !$0.isFinite }) {
        throw NoetherError(
          "\(name): \(structure.place): a coordinate of atom \(k / 3 + 1) is \(structure.positions[k])")
      }
      return structure
    }
  }
}
