// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// Small valid files of every binary and tabular format.
enum Samples {
  private static func trajectories(of parameters: TrajectorySet.Parameters, dimension: Int = 2)
    -> TrajectorySet
  {
    let bodies = Bodies(dimension: dimension, names: ["1", "2"], masses: [1, 2.5], pinned: [false, true])
    let frames = (0..<3).map { k in
      let q = (0..<2 * dimension).map { Double($0 + k) * 0.37 }
      return Frame(step: 10 * k, t: 0.1 * Double(k), state: PhaseState(q: q, p: q.map { -$0 }))
    }
    return TrajectorySet(members: [
      .init(index: 0, bodies: bodies, parameters: parameters, frames: frames),
      .init(index: 1, bodies: bodies, parameters: parameters, frames: frames),
    ])
  }

  private static var laws: [TrajectorySet] {
    [
      trajectories(of: .unknown), trajectories(of: .productSprings(k: [1, 2], restLengthPerMass: 0.5)),
      trajectories(of: .listedSprings([SpringCoupling(i: 0, j: 1, k: 2, restLength: 1)])),
      trajectories(of: .gravity(G: 1, softening: 0.1), dimension: 3),
      trajectories(of: .unknown, dimension: 1),
    ]
      + Laws.known.filter { $0.dimensions.contains(2) }.map { law in
        trajectories(
          of: .registered(
            LawParameters(
              law: law, constants: law.constants.map { _ in 1 },
              columns: law.parameters.map { _ in [1, 2] })))
      }
  }

  /// MD17's arrays, and QM9's.
  static let molecules: [[(name: String, array: NPYArray)]] = [
    [
      ("z", NPYArray(shape: [2], values: .int64([6, 1]))),
      ("R", NPYArray(shape: [2, 2, 3], (0..<12).map { Double($0) })),
      ("E", NPYArray(shape: [2], [1, 2])), ("F", NPYArray(shape: [2, 2, 3], (0..<12).map { Double($0) })),
      ("old_forces", NPYArray(shape: [2, 2, 3], (0..<12).map { Double($0) })),
    ],
    [
      ("N", NPYArray(shape: [2], values: .int64([1, 2]))),
      ("Z", NPYArray(shape: [3], values: .int64([6, 1, 8]))),
      ("R", NPYArray(shape: [3, 3], (0..<9).map { Double($0) })),
      ("U0", NPYArray(shape: [2], values: .int64([3, 4]))),
    ],
  ]

  static var arrays: [(name: String, array: NPYArray)] { molecules.flatMap { $0 } }

  /// Each as it is, and with arrays renamed, missing or of other shapes and values: their checksums are right, so that what
  /// reads the arrays is reached.
  static func archives(of whole: [[(name: String, array: NPYArray)]]) throws -> [Data] {
    var random = SeededGenerator(seed: 11)
    let names = whole.flatMap { $0.map(\.name) }
    let odd: [Double] = [.nan, .infinity, -1, 1e308, -9.3e18, 0, 1e18]
    var archives = try whole.map { try NPZ.data($0, name: "sample") }
    for _ in 0..<1000 {
      var members = whole[random.index(below: whole.count)]
      for _ in 0...random.index(below: 3) {
        let index = random.index(below: members.count)
        var array = members[index].array
        var values = array.doubles
        switch random.index(below: 5) {
        case 0: members[index].name = names[random.index(below: names.count)]
        case 1: if members.count > 1 { members.remove(at: index) }
        case 2:
          if !values.isEmpty {
            values[random.index(below: values.count)] = odd[random.index(below: odd.count)]
          }
          members[index].array = NPYArray(shape: array.shape, values)
        case 3:
          array.shape = random.index(below: 2) == 0 ? array.shape.reversed() : [values.count]
          members[index].array = array
        default: members[index].array = NPYArray(shape: [0] + array.shape.dropFirst(), [])
        }
      }
      // Two members of one name are refused; that is seen once above.
      var seen = Set<String>()
      archives.append(try NPZ.data(members.filter { seen.insert($0.name).inserted }, name: "sample"))
    }
    return archives
  }

  static func trajectories() throws -> [[(name: String, array: NPYArray)]] {
    try laws.map { try $0.arrays(name: "sample") }
  }

  static func csv() throws -> [Data] {
    let path = NSTemporaryDirectory() + "fuzz-\(getpid()).csv"
    defer { unlink(path) }
    return try laws.map { set in
      try set.writeCSV(to: path)
      return try readFile(path, limit: 1 << 20)
    }
  }

  /// Without a digest, which nothing that is changed would pass.
  static func models() throws -> [Data] {
    try [
      "{group: T2, width: 4, layers: 1}", "{kind: vogn, width: 4}",
      "{group: SE2, width: 4, layers: 1, readout: pair, hidden: [3]}",
    ]
    .map { text in
      let config = try ModelConfig(ConfigNode.parse(text, name: "sample"), dimension: 2)
      return try HamiltonianModel(config, dimension: 2, featureNames: ["m", "k"], precision: "float32")
        .safetensors.data
    }
  }

  static let structures = [
    """
    2
    Properties=species:S:1:pos:R:3:forces:R:3 energy=-1.5 pbc="F F F"
    C 0.0 0.0 0.0 0.1 0.2 0.3
    H 1.0 0.0 -1.1d0 0.1 0.2 1.5*^-6

    """, "1\ncomment\nO 0 0 0\n3\nwater\nO 0 0 0\n1 0 0 1\nH 0 1 0\n",
    """
    2
    gdb 1 157.7 157.7 157.7 0. 13.21 -0.38 0.11 0.5 35.3 0.044 -40.4 -40.4 -40.4 -40.4 6.4
    C -0.01 1.08 0.008 -0.53
    H 0.002 -0.006 0.001 0.13
    1341.3 1341.3
    C C
    InChI=1S/CH4 InChI=1S/CH4

    """,
  ]
}
