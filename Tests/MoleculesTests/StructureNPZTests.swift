// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import Molecules

/// Archives whose arrays could be mistaken: shapes with as many entries as the right one, two arrays of one meaning, names that the written
/// file gives another meaning.
@Suite struct StructureNPZTests {
  /// Two configurations of carbon monoxide.
  private static let arrays: [String: NPYArray] = [
    "z": NPYArray(shape: [2], [6, 8]),
    "R": NPYArray(shape: [2, 2, 3], (0..<12).map(Double.init)),
    "E": NPYArray(shape: [2], [-1, -2]),
    "F": NPYArray(shape: [2, 2, 3], (0..<12).map { -Double($0) }),
  ]

  private func complaint(_ change: (inout [String: NPYArray]) -> Void) -> String {
    var arrays = Self.arrays
    change(&arrays)
    do { _ = try StructureNPZ.structures(arrays, name: "a.npz") } catch { return "\(error)" }
    return ""
  }

  @Test func axesInAnotherOrderAreRefused() throws {
    #expect(complaint { _ in } == "")
    #expect(
      complaint { $0["R"] = NPYArray(shape: [2, 3, 2], (0..<12).map(Double.init)) }
        .contains("R has the shape [2, 3, 2]; [2, 2, 3] is needed"))
    #expect(
      complaint { $0["F"] = NPYArray(shape: [2, 3, 2], (0..<12).map(Double.init)) }.contains("F does not fit")
    )
  }

  @Test func twoNamesOfOneThingAreRefused() {
    let more = NPYArray(shape: [2], [1, 2])
    for key in ["energies", "energy"] {
      #expect(complaint { $0[key] = more }.contains("names of the same thing"), "\(key)")
    }
    #expect(
      complaint { $0["nuclear_charges"] = more }.contains("z and nuclear_charges are names of the same thing")
    )
    #expect(complaint { $0["coords"] = $0["R"] }.contains("R and coords are names of the same thing"))
  }

  @Test func whatIsOfNeitherStructuresNorAtomsIsNamed() throws {
    var arrays = Self.arrays
    arrays["dipole"] = NPYArray(shape: [2, 3], (0..<6).map(Double.init))
    arrays["charges"] = NPYArray(shape: [2, 2], [1, 2, 3, 4])
    var left: [String] = []
    let structures = try StructureNPZ.structures(arrays, name: "a.npz") { left.append($0) }
    #expect(left == ["dipole"])
    #expect(structures.map { $0.columns["charges"] } == [[1, 2], [3, 4]])
    #expect(structures.map { $0.properties["energy"] } == [-1, -2])
  }

  /// Every number comes back from the XYZ that is written, whatever its name was.
  @Test func namesAreMadeTheFilesOwn() throws {
    let folder = try TemporaryFolder()
    var structure = try #require(try StructureNPZ.structures(Self.arrays, name: "a.npz").first)
    let names = ["pbc", "Lattice", "Time", "step", "a b", "a_b", "a=b", "", "\u{1B}[31m", "größe"]
    for (index, name) in names.enumerated() { structure.properties[name] = Double(index) + 0.5 }
    structure.columns["mass"] = [1, 2]
    let path = folder.path + "/a.xyz"
    try ExtendedXYZ.write([structure], from: "a.npz", to: path)
    let back = try #require(try ExtendedXYZ.read(path).first)
    #expect(back.properties.values.sorted() == structure.properties.values.sorted())
    #expect(back.columns["mass_"] == [1, 2] && back.columns["forces"] == structure.columns["forces"])
    #expect(back.positions == structure.positions)
    let text = String(decoding: try readFile(path, limit: 1 << 16), as: UTF8.self)
    #expect(text.unicodeScalars.allSatisfy { $0.value < 128 && ($0.value >= 32 || $0 == "\n") })
  }
}
