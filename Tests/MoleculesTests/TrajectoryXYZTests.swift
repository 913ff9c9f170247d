// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import Molecules

@Suite("Trajectories as extended XYZ")
struct TrajectoryXYZTests {
  private static let odd = [0.1 + 0.2, -0.0, .leastNonzeroMagnitude, 1e300, -1e-300, .pi]

  /// Two systems whose numbers are awkward, the second shorter; momenta that p = m(p/m) would round.
  private static func sample(dimension d: Int, names: [String] = ["1", "2"]) -> TrajectorySet {
    TrajectorySet(
      members: (0..<2).map { index in
        let bodies = Bodies(
          dimension: d, names: names, masses: [0.1, 3], pinned: [false, false])
        return TrajectorySet.Member(
          index: 3 * index, bodies: bodies, parameters: .unknown,
          frames: (0..<3 - index).map { frame in
            Frame(
              step: 7 * frame, t: 0.1 * Double(frame),
              state: PhaseState(
                q: Array(odd[0..<2 * d]), p: odd[(6 - 2 * d)...].map { $0 * Double(frame) / 3 }))
          })
      })
  }

  @Test(arguments: [1, 2, 3])
  func everyBitComesBack(dimension: Int) throws {
    let folder = try TemporaryFolder()
    let set = Self.sample(dimension: dimension, names: ["sun", "C1"])
    try TrajectoryXYZ.write(set, to: folder.path + "/a.xyz")
    let back = try TrajectoryXYZ.read(folder.path + "/a.xyz")
    #expect(back == set)
    for (a, b) in zip(back.members, set.members) {
      for (x, y) in zip(a.frames, b.frames) {
        #expect((x.state.q + x.state.p).map(\.bitPattern) == (y.state.q + y.state.p).map(\.bitPattern))
      }
    }
  }

  /// As OVITO and ASE want it, who know nothing of the plane.
  @Test func looksAsDocumented() throws {
    let folder = try TemporaryFolder()
    let bodies = Bodies(dimension: 2, names: ["the sun", "C1"], masses: [4, 2], pinned: [true, false])
    let frame = Frame(step: 5, t: 0.25, state: PhaseState(q: [0, 0, 1, -2], p: [1, 1, 3, 0.5]))
    let set = TrajectorySet(members: [
      TrajectorySet.Member(index: 0, bodies: bodies, parameters: .unknown, frames: [frame])
    ])
    try TrajectoryXYZ.write(set, to: folder.path + "/a.xyz")
    let text = String(decoding: try readFile(folder.path + "/a.xyz", limit: 1 << 20), as: UTF8.self)
    #expect(
      text == """
        2
        Properties=species:S:1:pos:R:3:velo:R:3:mass:R:1:momenta:R:3:name:S:1 Time=0.25 step=5 system=0 dimension=2 pbc="F F F"
        X 0.0 0.0 0.0 0.0 0.0 0.0 4.0 1.0 1.0 0.0 the_sun
        X 1.0 -2.0 0.0 1.5 0.25 0.0 2.0 3.0 0.5 0.0 C1

        """)
    let atoms = TrajectorySet(members: [
      TrajectorySet.Member(
        index: 0,
        bodies: Bodies(dimension: 3, names: ["C1", "H2"], masses: [12, 1], pinned: [false, false]),
        parameters: .unknown,
        frames: [Frame(step: 0, t: 0, state: PhaseState(q: [0, 0, 0, 1, 0, 0], p: [0, 0, 0, 0, 0, 0]))])
    ])
    try TrajectoryXYZ.write(atoms, to: folder.path + "/b.xyz")
    // The reader of structures takes it too.
    let structures = try ExtendedXYZ.read(folder.path + "/b.xyz")
    #expect(structures[0].elements.map(\.symbol) == ["C", "H"])
    #expect(structures[0].properties["Time"] == 0)
  }

  /// An archive has no names, but may tell the elements, by the name that rMD17 has for them.
  @Test func elementsOfAnArchiveAreKept() throws {
    let folder = try TemporaryFolder()
    let text = """
      3
      Properties=species:S:1:pos:R:3:velo:R:3 Time=1.5
      O 0 0 0 1 2 3
      H 1 0 0 0 0 -1
      H 0 1 0 0 0 1

      """
    let set = try TrajectoryXYZ.parse(Data(text.utf8), name: "theirs.xyz")
    #expect(set.members[0].nuclearCharges == [8, 1, 1])
    let arrays = try set.arrays(name: "a.npz")
    #expect(arrays.contains { $0.name == "nuclear_charges" && $0.array.values == .int64([8, 1, 1]) })
    try NPZ.write(arrays, to: folder.path + "/a.npz")
    let back = try TrajectorySet.read(folder.path + "/a.npz")
    #expect(back.members[0].nuclearCharges == [8, 1, 1] && back.members[0].bodies.areNumbered)
    #expect(back.namedAfterElements == set)
    try TrajectoryXYZ.write(back, to: folder.path + "/a.xyz")
    #expect(try ExtendedXYZ.read(folder.path + "/a.xyz")[0].elements.map(\.symbol) == ["O", "H", "H"])
    // Without them nothing tells what the atoms are.
    let others = arrays.filter { $0.name != "nuclear_charges" }
    try NPZ.write(others, to: folder.path + "/b.npz")
    try TrajectoryXYZ.write(TrajectorySet.read(folder.path + "/b.npz"), to: folder.path + "/b.xyz")
    #expect(
      try String(decoding: readFile(folder.path + "/b.xyz", limit: 1 << 20), as: UTF8.self).contains("\nX 0"))
    for (values, part) in [([8, 1, 119], "119.0 is no atomic number"), ([8, 1], "has the shape [2]")] {
      let wrong = NPYArray(shape: [values.count], values.map(Double.init))
      try NPZ.write(
        others + [("nuclear_charges", wrong)], to: folder.path + "/c.npz")
      let error = #expect(throws: NoetherError.self) { try TrajectorySet.read(folder.path + "/c.npz") }
      #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    }
  }

  @Test func anyonesFileIsRead() throws {
    let set = try TrajectoryXYZ.parse(
      Data(
        """
        2
        Properties=species:S:1:pos:R:3:vel:R:3 Time=1.5
        O 0 0 0 1 2 3
        H 1 0 0 0 0 -1
        2
        Properties=species:S:1:pos:R:3:vel:R:3 Time=2
        O 0 0 1 1 2 3
        H 1 0 0 0 0 -1

        """.utf8), name: "theirs.xyz")
    #expect(set.members.count == 1)
    #expect(set.members[0].bodies.names == ["O1", "H2"])
    #expect(set.members[0].bodies.masses == [15.999, 1.008])
    #expect(set.members[0].frames.map(\.t) == [1.5, 2] && set.members[0].frames.map(\.step) == [0, 1])
    #expect(set.members[0].frames[0].state.p == [15.999, 2 * 15.999, 3 * 15.999, 0, 0, -1.008])
  }

  @Test(arguments: [
    ("1\nProperties=species:S:1:pos:R:3:velo:R:3:mass:R:1\nX 0 0 0 0 0 0 1\n", "line 2: no Time="),
    (
      "1\nProperties=species:S:1:pos:R:3:mass:R:1 Time=0\nX 0 0 0 1\n",
      "line 2: Properties: no columns velo:R:3"
    ),
    ("1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=0\nX 0 0 0 1 1 1\n", "'X' is no element"),
    ("1\nProperties=species:S:1:pos:R:3:velo:R:3:mass:R:1 Time=0\nX 0 0 0 1 1 1 -1\n", "a mass below 0"),
    (
      "1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=0 dimension=2\nH 0 0 1 0 0 0\n",
      "pos: atom 1 leaves the 2"
    ),
    ("1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=0 dimension=4\nH 0 0 1 0 0 0\n", "dimension=4"),
    ("1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=noon\nH 0 0 1 0 0 0\n", "'noon' is no finite number"),
    (
      "1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=0\nH 0 0 1 0 0 0\n"
        + "1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=1\nC 0 0 1 0 0 0\n", "line 5: other bodies"
    ),
    (
      "1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=0\nH 0 0 1 0 0 0\n"
        + "1\nProperties=species:S:1:pos:R:3:velo:R:3 Time=0\nH 0 0 1 0 0 0\n",
      "line 5: a second frame at Time=0"
    ),
  ])
  func faults(text: String, message: String) {
    let error = #expect(throws: NoetherError.self) {
      try TrajectoryXYZ.parse(Data(text.utf8), name: "file.xyz")
    }
    #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
  }

  @Test func anglesAreNoPlaces() throws {
    let folder = try TemporaryFolder()
    let bodies = Bodies(
      dimension: 1, names: ["1"], masses: [1], pinned: [false], inertias: [1], coordinates: .angles)
    let set = TrajectorySet(members: [
      TrajectorySet.Member(index: 0, bodies: bodies, parameters: .unknown, frames: [])
    ])
    #expect(throws: NoetherError.self) { try TrajectoryXYZ.write(set, to: folder.path + "/a.xyz") }
    #expect(try folder.names.isEmpty)
  }
}
