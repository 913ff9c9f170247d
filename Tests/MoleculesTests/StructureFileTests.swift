// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import Molecules

@Suite("Files of structures")
struct StructureFileTests {
  /// Methane, number 1 of QM9 (Ramakrishnan et al. 2014), as it is published.
  private static let methane = """
    5
    gdb 1\t157.7118\t157.70997\t157.70699\t0.\t13.21\t-0.3877\t0.1171\t0.5048\t35.3641\t0.044749\t-40.47893\t-40.476062\t-40.475117\t-40.498597\t6.469\t
    C\t-0.0126981359\t 1.0858041578\t 0.0080009958\t-0.535689
    H\t 0.002150416\t-0.0060313176\t 0.0019761204\t 0.133921
    H\t 1.0117308433\t 1.4637511618\t 2.765748*^-4\t 0.133922
    H\t-0.540815069\t 1.4475266138\t-0.8766437152\t 0.133923
    H\t-0.5238136345\t 1.4379326443\t 0.9063972942\t 0.133923
    1341.307\t1341.3284\t1341.365
    C\tC\t
    InChI=1S/CH4/h1H4\tInChI=1S/CH4/h1H4

    """

  private func parse(_ text: String) throws -> [Structure] {
    try ExtendedXYZ.parse(Data(text.utf8), name: "file.xyz")
  }

  @Test func extended() throws {
    let structures = try parse(
      """
      2
      Lattice="50 0 0 0 50 0 0 0 50" Properties=species:S:1:pos:R:3:forces:R:3:tag:S:1 energy=-1.5 pbc="F F F" name=a=b
      O  0.5 -1e-2 2D0   0 0 1.25  x
      H\t1 2 3 -1 -2 -3\ty
      1
      nothing in particular
      6 0 0 0.25

      """)
    #expect(structures.count == 2)
    #expect(structures[0].elements.map(\.symbol) == ["O", "H"])
    #expect(structures[0].positions == [0.5, -0.01, 2, 1, 2, 3])
    #expect(structures[0].columns == ["forces": [0, 0, 1.25, -1, -2, -3]])
    #expect(structures[0].properties == ["energy": -1.5])
    #expect(structures[1].elements[0] == Element(symbol: "C"))
    #expect(structures[1].positions == [0, 0, 0.25])
  }

  @Test func asQM9IsPublished() throws {
    let molecules = try parse(Self.methane + Self.methane)
    #expect(molecules.map(\.number) == [1, 2] && molecules.map(\.line) == [2, 12])
    var again = molecules[1]
    (again.number, again.line) = (1, 2)
    #expect(molecules.count == 2 && molecules[0] == again)
    #expect(molecules[0].properties["U0"] == -40.47893)
    #expect(molecules[0].properties["alpha"] == 13.21)
    #expect(molecules[0].properties["Cv"] == 6.469)
    #expect(molecules[0].properties.count == 15)
    #expect(molecules[0].positions[8] == 2.765748e-4)
    #expect(molecules[0].columns["charges"]?.count == 5)
    #expect(molecules[0].elements.map(\.number) == [6, 1, 1, 1, 1])
  }

  @Test(
    "what is wrong is named with its line",
    arguments: [
      ("", "no structures"), ("two\n\n", "line 1: 'two'"), ("-1\n\n", "line 1"),
      ("99999999999999999999\n\n", "line 1"),
      ("2\nx\nH 0 0 0\n", "line 3: ends inside a structure of 2"),
      ("1\n", "line 1: ends before the second line"),
      ("1\nx\nQq 0 0 0\n", "line 3: 'Qq' is no element"), ("1\nx\nH 0 zero 0\n", "line 3: 'zero'"),
      ("1\nx\nH 0 nan 0\n", "line 3: 'nan'"),
      (
        "1\nx\nH 0 0 0\n1\nProperties=species:S:1:pos:R:3:forces:R:3\nH 0 0 1 0 inf 0\n",
        "line 6: 'inf' is no finite number, in structure 2"
      ),
      ("1\nx\nH 0 0\n", "line 3: 3 columns where 4 are due, in a structure of 1 atoms by line 1"),
      ("1\nx\nH 0 0 0\nH 0 0 1\n", "the number of the structure before may be too small"),
      ("\u{0}\u{1}a\n", "line 1: '??a' where a number"),
      ("1\nProperties=species:S:1\nH\n", "line 2: Properties: no columns pos"),
      ("1\nProperties=pos:R:3\n0 0 0\n", "line 2: Properties: no column species"),
      ("1\nProperties=species:S\nH\n", "line 2: Properties"),
      ("1\nProperties=species:S:1:pos:R:-3\nH\n", "line 2"),
      ("0\n\n", "line 1: '0'"), ("1\nx\n0 0 0 0\n", "line 3: '0' is no element"),
      ("1\nx\n-9223372036854775808 0 0 0\n", "is no element"),
      (
        "1\nProperties=species:S:1:pos:R:3:pos:R:3\nH 0 0 0 0 0 0\n",
        "line 2: Properties: 'pos' is named twice"
      ),
    ])
  func faults(text: String, message: String) throws {
    let error = #expect(throws: NoetherError.self) { try parse(text) }
    #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix("file.xyz") ?? false)
  }

  @Test func arraysOfOneMolecule() throws {
    let (R, F) = ((0..<12).map { Double($0) }, (0..<12).map { -Double($0) })
    for (z, r, e, f) in [("z", "R", "E", "F"), ("nuclear_charges", "coords", "energies", "forces")] {
      let structures = try StructureNPZ.structures(
        [
          z: NPYArray(shape: [2], values: .int64([8, 1])), r: NPYArray(shape: [2, 2, 3], R),
          e: NPYArray(shape: [2, 1], [3, 4]), f: NPYArray(shape: [2, 2, 3], F),
        ], name: "a.npz")
      #expect(structures.count == 2)
      #expect(structures[1].elements.map(\.symbol) == ["O", "H"])
      #expect(structures[1].positions == [6, 7, 8, 9, 10, 11])
      #expect(structures[1].columns["forces"] == [-6, -7, -8, -9, -10, -11])
      #expect(structures[1].properties == ["energy": 4])
    }
  }

  @Test("archives are read as they are published, and come back from extended XYZ")
  func publishedArchives() throws {
    let folder = try TemporaryFolder()
    let (archive, xyz) = (folder.path + "/a.npz", folder.path + "/a.xyz")
    for (text, known) in [
      (PublishedArchives.md17, ["energy"]),
      (PublishedArchives.rmd17, ["energy", "old_energies", "old_indices"]),
    ] {
      try PublishedArchives.write(text, to: archive)
      #expect(try StructureFile.isArchive(archive))
      let structures = try StructureFile.read(archive)
      #expect(structures.map(\.number) == [1, 2])
      #expect(structures.allSatisfy { $0.elements.map(\.symbol) == ["O", "H"] })
      #expect(structures[1].positions == [6, 7, 8, 9, 10, 11])
      #expect(structures[1].properties.keys.sorted() == known && structures[1].properties["energy"] == -47.25)
      #expect(structures[1].columns["forces"] == [-6, -7, -8, -9, -10, -11])
      #expect(
        structures[1].columns["old_forces"] == (known.count == 1 ? nil : [-12, -14, -16, -18, -20, -22]))

      try ExtendedXYZ.write(structures, from: archive, to: xyz)
      #expect(try !StructureFile.isArchive(xyz))
      for (a, b) in try zip(StructureFile.read(xyz), structures) {
        #expect(a.elements == b.elements && a.positions == b.positions)
        #expect(a.properties == b.properties && a.columns == b.columns && a.number == b.number)
      }
    }
    #expect(
      try String(decoding: readFile(xyz, limit: 1 << 16), as: UTF8.self).hasPrefix(
        """
        2
        Properties=species:S:1:pos:R:3:forces:R:3:old_forces:R:3 energy=-47.5 old_energies=-47.0 old_indices=5.0 pbc="F F F"
        O 0.0 1.0 2.0 -0.0 -1.0 -2.0 -0.0 -2.0 -4.0
        H 3.0 4.0 5.0 -3.0 -4.0 -5.0 -6.0 -8.0 -10.0
        2

        """))
  }

  @Test("every element is known; what is none, or not finite, is named and not left out")
  func elementsOfArchives() throws {
    let folder = try TemporaryFolder()
    func structures(_ charges: [Double], force: Double = 0) throws -> [Structure] {
      try StructureNPZ.structures(
        [
          "z": NPYArray(shape: [2], charges),
          "R": NPYArray(shape: [2, 2, 3], Array(repeating: 1, count: 12)),
          "F": NPYArray(shape: [2, 2, 3], (0..<12).map { $0 == 10 ? force : 0 }),
        ], name: "a.npz")
    }
    #expect(try structures([79, 118])[0].elements.map(\.symbol) == ["Au", "Og"])
    #expect(Element(symbol: "Au")?.mass == 196.97 && Element(symbol: "U")?.number == 92)
    #expect(Element(number: 119) == nil)
    for charge in [0, 119, -1, 7.5, .nan] {
      let error = #expect(throws: NoetherError.self) { try structures([8, charge]) }
      #expect(error?.message == "a.npz: 'z': \(charge) of atom 2 is no atomic number from 1 to 118")
    }
    let path = folder.path + "/a.xyz"
    let broken = try structures([8, 1], force: .infinity)
    let error = #expect(throws: NoetherError.self) {
      try ExtendedXYZ.write(broken, from: "a.npz", to: path)
    }
    #expect(
      error?.message.hasPrefix("a.npz: structure 2: 'forces' of atom 2 is inf") == true,
      "\(error?.message ?? "")")
    #expect(try folder.names.isEmpty)
  }

  @Test func arraysOfManyMolecules() throws {
    let arrays = [
      "N": NPYArray(shape: [2], values: .int64([1, 2])),
      "Z": NPYArray(shape: [3], values: .int64([6, 8, 1])),
      "R": NPYArray(shape: [3, 3], (0..<9).map { Double($0) }), "mu": NPYArray(shape: [2], [0.5, 1.5]),
    ]
    let structures = try StructureNPZ.structures(arrays, name: "a.npz")
    #expect(structures.map(\.count) == [1, 2])
    #expect(structures[1].positions == [3, 4, 5, 6, 7, 8])
    #expect(structures[1].properties == ["mu": 1.5])
    for (key, array) in [
      ("N", NPYArray(shape: [2], values: .int64([1, 1]))),
      ("N", NPYArray(shape: [2], values: .int64([4, -1]))),
      ("Z", NPYArray(shape: [3], values: .int64([6, 8, 119]))),
      ("Z", NPYArray(shape: [3], values: .int64([6, 8, .min]))),
      ("R", NPYArray(shape: [8], (0..<8).map { Double($0) })),
    ] {
      var wrong = arrays
      wrong[key] = array
      #expect(throws: NoetherError.self) { try StructureNPZ.structures(wrong, name: "a.npz") }
    }
    var flat = arrays
    flat["F"] = NPYArray(shape: [2], [1, 2])
    #expect(throws: NoetherError.self) { try StructureNPZ.structures(flat, name: "a.npz") }
    var short = arrays
    short["E"] = NPYArray(shape: [3], [1, 2, 3])
    let error = #expect(throws: NoetherError.self) { try StructureNPZ.structures(short, name: "a.npz") }
    #expect(error?.message == "a.npz: E does not fit the other arrays")
    var without = arrays
    without["R"] = nil
    #expect(throws: NoetherError.self) { try StructureNPZ.structures(without, name: "a.npz") }
  }
}
