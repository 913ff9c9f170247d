// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

@testable import Dynamics

@Suite struct TrajectoryFiles {
  /// Two systems of two bodies with every awkward number; the second stops early.
  static func sample(dimension d: Int) -> TrajectorySet {
    let odd = [0.1 + 0.2, -0.0, .leastNonzeroMagnitude, 1e300, -1e-300, 0.1, .pi, 2, 3, 4, 5, 6]
    func member(_ index: Int, frames: Int) -> TrajectorySet.Member {
      let bodies = Bodies(
        dimension: d, names: ["1", "2"], masses: [0.1, 2 + Double(index)], pinned: [false, false])
      return TrajectorySet.Member(
        index: index, bodies: bodies, parameters: .productSprings(k: [1, Double(index)]),
        frames: (0..<frames).map { frame in
          Frame(
            step: 10 * frame, t: 0.1 * Double(frame),
            state: PhaseState(
              q: Array(odd[0..<2 * d]), p: Array(odd[(12 - 2 * d)...].map { $0 * Double(frame) })))
        })
    }
    return TrajectorySet(members: [member(0, frames: 3), member(1, frames: 2)])
  }

  static func bits(_ set: TrajectorySet) -> [[UInt64]] {
    set.members.map { member in
      member.frames.flatMap { [$0.t] + $0.state.q + $0.state.p }.map(\.bitPattern)
        + member.bodies.masses.map(\.bitPattern)
    }
  }

  @Test(arguments: [1, 2, 3]) func bothFormatsKeepEveryBit(dimension: Int) throws {
    let folder = try TemporaryFolder()
    let set = Self.sample(dimension: dimension)
    try set.writeNPZ(to: folder.path + "/a.npz")
    try set.writeCSV(to: folder.path + "/a.csv")
    let npz = try TrajectorySet.read(folder.path + "/a.npz")
    let csv = try TrajectorySet.read(folder.path + "/a.csv")
    #expect(Self.bits(npz) == Self.bits(set))
    #expect(Self.bits(csv) == Self.bits(set))
    #expect(npz == set)
    #expect(csv.members.map { $0.frames.map(\.step) } == set.members.map { $0.frames.map(\.step) })
    #expect(try folder.names == ["a.csv", "a.npz"])
  }

  @Test func csvLooksAsDocumented() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.csv"
    try Self.sample(dimension: 2).writeCSV(to: path)
    let text = String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "system,step,t,body,m,x,y,px,py")
    #expect(lines[1].hasPrefix("0,0,0,1,0.10000000000000001,0.30000000000000004,-0,"))
    #expect(lines.count == 12 && lines[11].isEmpty && !text.contains("\r"))
  }

  @Test func parametersOfEveryLawSurvive() throws {
    let bodies = Bodies(dimension: 2, masses: [1, 2, 3])
    let state = PhaseState(q: [0, 0, 1, 0, 0, 1], p: [0, 0, 0, 0, 0, 0])
    let systems: [any MechanicalSystem] = [
      GravitySystem(bodies: bodies, G: 6.25, softening: 0.5),
      SpringSystem(bodies: bodies, stiffness: [1, 0, 3]),
      SpringSystem(bodies: bodies, stiffness: [1, 0, 3], restLengthPerMass: 0.2),
      SpringSystem(
        bodies: bodies,
        couplings: [SpringCoupling(i: 0, j: 2, k: 2, restLength: 0.5), SpringCoupling(i: 1, j: 2, k: 1)]),
    ]
    let laws: [any MechanicalSystem] = Laws.known.map { law in
      let d = law.dimensions.contains(2) ? 2 : 1
      // As many bodies as there are coordinates of the state, or half of them, always even.
      let bodies = Bodies(dimension: d, masses: Array([1, 2, 3, 4, 5, 6].prefix(d == 2 ? 3 : 6)))
      let columns = law.parameters.indices.map { index in bodies.masses.map { Double(index) + $0 } }
      return LawParameters(law: law, constants: law.constants.map(\.example), columns: columns)
        .system(of: bodies)
    }
    for system in systems + laws {
      let set = TrajectorySet([(index: 0, system: system, frames: [Frame(step: 0, t: 0, state: state)])])
      let back = try TrajectorySet(
        arrays: Dictionary(uniqueKeysWithValues: set.arrays(name: "a").map { ($0.name, $0.array) }), name: "a"
      )
      #expect(back == set)
      #expect(back.members[0].system?.energy(of: state) == system.energy(of: state))
      #expect(back.members[0].system?.features == system.features)
    }
  }

  /// Parameters that are not numbers of the law, or not one for each body.
  @Test func badParametersAreRefused() throws {
    let bodies = Bodies(dimension: 2, masses: [1, 2])
    let system = PairSystem<LennardJones>(bodies: bodies, constants: [], columns: [[1, 1], [2, 2]])
    let state = PhaseState(q: [0, 0, 1, 0], p: [0, 0, 0, 0])
    let set = TrajectorySet([(index: 0, system: system, frames: [Frame(step: 0, t: 0, state: state)])])
    let sound = Dictionary(uniqueKeysWithValues: try set.arrays(name: "a").map { ($0.name, $0.array) })
    for bad in [
      NPYArray(shape: [1, 2], [1, 0]), NPYArray(shape: [1, 2], [1, .nan]), NPYArray(shape: [2], [1, 1]),
    ] {
      var arrays = sound
      arrays["sigma"] = bad
      let said = message { try TrajectorySet(arrays: arrays, name: "a.npz") }
      #expect(said.hasPrefix("a.npz: array 'sigma' has the shape") && said.contains("greater than 0"))
    }
  }

  @Test(arguments: [
    ("", "a.csv: is empty"),
    ("system,step,t,body,m,x,y,px,py\n", "a.csv: there is no trajectory in it"),
    ("system,step,t,body,m,x,px,py\n0,0,0,1,1,0,0,0\n", "a.csv:1: there is no column 'y'"),
    ("HEAD0,0,0,1,1,0,0,0\n", "a.csv:2: 8 fields under 9 columns"),
    ("HEAD0,0,0,1,1,0,0,0,x\n", "a.csv:2: py: 'x' is not a finite number"),
    ("HEAD0,0,0,1,1,0,0,0,nan\n", "a.csv:2: py: 'nan' is not a finite number"),
    ("HEAD0,0.5,0,1,1,0,0,0,0\n", "a.csv:2: step: '0.5' is not a whole number"),
    ("HEAD0,0,0,1,-1,0,0,0,0\n", "a.csv:2: m: '-1' is not a mass"),
    ("HEAD0,0,0,1,1,0,0,0,0\n0,0,0,1,1,0,0,0,0\n", "a.csv:3: body: '1' comes twice"),
    ("HEAD0,0,0,1,1,0,0,0,0\n0,0,0,2,1,0,0,0,0\n0,1,1,1,1,0,0,0,0\n", "a.csv: system 0: truncated"),
    (
      "HEAD0,0,0,1,1,0,0,0,0\n0,0,0,2,1,0,0,0,0\n0,1,1,1,1,0,0,0,0\n0,2,2,1,1,0,0,0,0\n",
      "a.csv:5: a frame at t = 2.0 begins, but the one at 1.0 has 1 bodies of 2"
    ),
    (
      "HEAD0,0,0,1,1,0,0,0,0\n0,1,1,1,2,0,0,0,0\n",
      "a.csv:3: body: '1' of mass 2.0 where '1' of mass 1.0 is due"
    ),
    ("HEAD0,0,0,\"1,1,0,0,0,0\n", "a.csv:2: a quotation mark is open"),
    ("HEAD0,0,0,1,1,0,0,0,0\n0,1,1,1,1,0,0,0,0.12", "a.csv:3: ends inside a row; it is cut short"),
    ("HEAD0,0,0,1,1,0,0,0,0\r\n0,1,1,1,1,0,0,0,0\r", "a.csv:3: ends inside a row"),
    ("system,step,t,body,m,x,y,px,py", "a.csv:1: ends inside a row"),
    (
      "HEAD0,0,0,1,1,0,0,0,0\n0,1,1,1,1,0,0,0,0\n1,0,0,1,1,0,0,0,0\n1,1,2,1,1,0,0,0,0\n",
      "system 1 is seen at t = 2.0"
    ),
  ])
  func refusesABadCSV(_ text: String, _ complaint: String) {
    let whole = text.replacing("HEAD", with: "system,step,t,body,m,x,y,px,py\n")
    #expect(message { try TrajectorySet(csv: Data(whole.utf8), name: "a.csv") }.contains(complaint))
  }

  @Test func acceptsOtherPeoplesCSV() throws {
    let text =
      "\u{FEFF}t,system,step,body,m,px,py,x,y,note\r\n0,0,0,\"a, \"\"b\"\"\",1,1,2,3,4,\r\n\r\n1,0,1,\"a, \"\"b\"\"\",1,1,2,3,4,\n"
    let set = try TrajectorySet(csv: Data(text.utf8), name: "a.csv")
    #expect(set.members[0].bodies.names == ["a, \"b\""])
    #expect(set.members[0].frames[1].state == PhaseState(q: [3, 4], p: [1, 2]))
  }

  @Test(arguments: ["t", "q", "p", "m"]) func namesTheArrayThatIsMissingOrMisshapen(_ key: String) throws {
    var arrays = Dictionary(
      uniqueKeysWithValues: try Self.sample(dimension: 2).arrays(name: "a").map { ($0.name, $0.array) })
    let array = try #require(arrays[key])
    arrays[key] = nil
    #expect(
      message { try TrajectorySet(arrays: arrays, name: "a.npz") }.hasPrefix(
        "a.npz: there is no array '\(key)'"))
    arrays[key] = NPYArray(shape: [array.doubles.count, 1], array.doubles)
    #expect(message { try TrajectorySet(arrays: arrays, name: "a.npz") }.contains("a.npz: array '"))
  }

  @Test func diagnosticsHaveOneColumnPerAxis() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/d.csv"
    let csv = try DiagnosticsCSV(path, for: Bodies(dimension: 2, masses: [1]), learned: true)
    try csv.write(
      DiagnosticsRow(
        step: 3, t: 0.5, T: 1, V: 2, H: 3, dH: 0.25, P: [4, 5], L: [6], dP: 0.5, dL: 0.75,
        learned: LearnedEnergy(H: 7, dH: 8)), system: 2)
    try csv.finish()
    let text = String(decoding: try readFile(path, limit: 1000), as: UTF8.self)
    #expect(
      text
        == "system,step,t,T,V,H,dH,P_x,P_y,L_z,dP,dL,H_learned,dH_learned\n2,3,0.5,1,2,3,0.25,4,5,6,0.5,0.75,7,8\n"
    )
  }

  /// On a line there is no L, of angles neither P nor L.
  @Test func columnsThatMeanNothingAreLeftOut() throws {
    let folder = try TemporaryFolder()
    let line = Bodies(dimension: 1, masses: [1, 2])
    let angles = MultiplePendulum(bodies: line, g: 1, lengths: [1, 1]).bodies
    for (bodies, header) in [
      (line, "system,step,t,T,V,H,dH,P_x,dP"), (angles, "system,step,t,T,V,H,dH"),
    ] {
      let path = folder.path + "/d.csv"
      let csv = try DiagnosticsCSV(path, for: bodies)
      var ledger = ConservationLedger(bodies: bodies, state: PhaseState(q: [0, 1], p: [2, 3]), H: 1)
      let row = ledger.row(step: 0, t: 0, state: PhaseState(q: [0, 1], p: [2, 3]), T: 1, V: 0)
      try csv.write(row, system: 0)
      try csv.finish()
      let lines = String(decoding: try readFile(path, limit: 1000), as: UTF8.self).split(separator: "\n")
      #expect(lines[0] == header)
      #expect(lines[1] == (bodies == line ? "0,0,0,1,0,1,0,5,0" : "0,0,0,1,0,1,0"))
    }
  }

  @Test func aFileThatIsNotFinishedDoesNotAppear() throws {
    let folder = try TemporaryFolder()
    do {
      let csv = try CSVWriter(folder.path + "/a.csv", header: ["a"])
      csv.add(1)
      try csv.endRow()
    }
    #expect(try folder.names.isEmpty)
  }
}
