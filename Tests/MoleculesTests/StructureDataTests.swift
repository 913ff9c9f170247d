// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv
@testable import Molecules

@Suite("Sets of structures")
struct StructureDataTests {
  @Test("splits are disjoint, and folds cover all")
  func splits() throws {
    let file = try PotentialTests.File(PotentialTests.text(60))
    var tested: [Structure] = []
    for fold in 0..<5 {
      let data = try StructureData(
        PotentialTests.config(file, ["data.folds=5", "data.fold=\(fold)", "data.train=38"]).data)
      let parts = try [DataConfig.Split.train, .validation, .test].map { try data.structures($0) }
      #expect(parts.map(\.count) == [38, 10, 12])
      let all = parts.flatMap { $0 }.map { "\($0.positions)" }
      #expect(Set(all).count == 60)
      tested += parts[2]
    }
    #expect(Set(tested.map { "\($0.positions)" }).count == 60)
  }

  @Test("an intensive property is learned as such, and what atoms have by themselves may be given")
  func properties() throws {
    let file = try PotentialTests.File(PotentialTests.text(60))
    let plain = try StructureData(PotentialTests.config(file).data)
    let given = try StructureData(PotentialTests.config(file, ["data.reference={C: -10, O: -17}"]).data)
    let intensive = try PotentialTests.config(file, ["data.intensive=true", "loss.force=0"])
    let mean = try StructureData(intensive.data)
    for (a, b) in try zip(plain.structures(.train), given.structures(.train)) {
      #expect(a == b)
      #expect(given.composition(b) == b.elements.reduce(0.0) { $0 + ($1.symbol == "C" ? -10 : -17) })
    }
    let labels = try mean.dataset(.train).systems.map { $0.labels?.energy ?? .nan }
    #expect(abs(labels.reduce(0, +)) < 1e-10 * labels.reduce(0) { $0 + abs($1) })
    let data = try mean.dataset(.validation)
    let model = try HamiltonianModel(
      intensive.model, dimension: 3, featureNames: data.featureNames, precision: "float64"
    ).normalised(by: data)
    let loss = try ChunkLoss<Double>(
      model.program, initial: model.parameters, objective: intensive.testObjective, sizes: data.sizes,
      points: 1, threads: 1, gradients: false)
    let errors = loss.errors(of: ChunkTensors(data))
    for (entry, error) in zip(data.systems, errors) {
      let (law, q) = (try model.system(like: entry.law), entry.states[0].q)
      let V = law.potentialEnergy(at: q.span)
      let difference = V - (entry.labels?.energy ?? 0)
      #expect(abs(error - 3 * difference * difference) < 1e-11 * max(1, error))
    }
  }

  @Test("what marks one atom in thousands stays within twenty deviations")
  func rareElements() throws {
    let file = try PotentialTests.File(
      PotentialTests.text(600, forces: false) + "1\nenergy=-3\nF 0 0 0\n")
    let config = try PotentialTests.config(
      file, ["data.forces=null", "loss.force=0", "data.train=591"])
    let sets = try StructureData(config.data)
    let data = try [DataConfig.Split.train, .validation].map { try sets.dataset($0) }
      .first { $0.systems.contains { $0.features.count == 3 && $0.features[2] == 1 } }
    let chosen = try #require(data)
    let model = try HamiltonianModel(
      config.model, dimension: 3, featureNames: chosen.featureNames, precision: "float64"
    ).normalised(by: chosen)
    let normalisation = try #require(model.normalisation)
    let farthest = (0..<3).map { k in
      (1 - normalisation.featureMeans[k]) / normalisation.featureDeviations[k]
    }
    #expect(farthest[2] <= 20 && farthest[2] > 15)
    #expect(farthest[0] < 2 && farthest[1] < 2)
  }

  @Test("structures are left out by number")
  func exclusions() throws {
    let file = try PotentialTests.File(PotentialTests.text(60))
    let list = try PotentialTests.File("left out, for a reason:\n 1 first\n60\n")
    let data = try StructureData(PotentialTests.config(file, ["data.exclude=\(list.path)"]).data)
    let all = try ExtendedXYZ.read(file.path)
    let kept = try [DataConfig.Split.train, .validation, .test].flatMap { try data.structures($0) }
    #expect(kept.count == 58 && !kept.contains(all[0]) && !kept.contains(all[59]) && kept.contains(all[1]))
    let wrong = try PotentialTests.File("61\n")
    #expect(throws: NoetherError.self) {
      try StructureData(PotentialTests.config(file, ["data.exclude=\(wrong.path)"]).data)
    }
  }

  @Test(
    "what is missing is named",
    arguments: [
      ("data.energy=U0", "'U0'; there are energy"),
      ("data.forces=gradient", "'gradient' of three numbers; there are forces; name them by data.forces, or"),
      ("data.train=100", "110 are needed"), ("data.structures=/nowhere.xyz", "there is no such file"),
      ("data.train=50", "no structure is left to test on"), ("data.reference={C: -10}", "O: missing"),
    ])
  func faults(change: String, message: String) throws {
    let file = try PotentialTests.File(PotentialTests.text(60))
    let config = try PotentialTests.config(file, [change])
    let error = #expect(throws: NoetherError.self) { try StructureData(config.data).dataset(.test) }
    #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
  }

  @Test(
    "numbers that are not finite are refused with the file and the structure, which may then be left out",
    arguments: [("E", "'energy' is nan"), ("F", "the force on atom 2 is inf")])
  func notFinite(array: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let npz = folder.path + "/a.npz"
    let places = (0..<60 * 6).map { Double($0 % 7) }
    try NPZ.write(
      [
        ("z", NPYArray(shape: [2], [6, 8])), ("R", NPYArray(shape: [60, 2, 3], places)),
        ("E", NPYArray(shape: [60], (0..<60).map { array == "E" && $0 == 16 ? .nan : Double($0) })),
        (
          "F",
          NPYArray(
            shape: [60, 2, 3],
            places.enumerated().map { array == "F" && $0 == 6 * 16 + 4 ? .infinity : $1 })
        ),
      ], to: npz)
    let file = try PotentialTests.File(PotentialTests.text(6))
    func read(_ changes: String...) throws {
      let config = try PotentialTests.config(file, ["data.structures=\(npz)"] + changes)
      let data = try StructureData(config.data)
      for split in [DataConfig.Split.train, .validation, .test] { _ = try data.dataset(split) }
    }
    let error = #expect(throws: NoetherError.self) { try read() }
    #expect(
      error?.message
        == "\(npz): structure 17: \(reason); leave it out of the file, or of data.structures by data.exclude",
      "\(error?.message ?? "")")
    let list = try PotentialTests.File("17\n")
    try read("data.exclude=\(list.path)")
  }

  @Test("of a file of text the line is named too, and what is missing with its structure")
  func lines() throws {
    let whole = PotentialTests.text(60).split(separator: "\n").map(String.init)
    let second = whole.indices.filter { whole[$0].hasPrefix("Properties") }
    func message(_ change: (inout [String]) -> Void) throws -> String {
      var lines = whole
      change(&lines)
      let file = try PotentialTests.File(lines.joined(separator: "\n") + "\n")
      let error = #expect(throws: NoetherError.self) {
        let data = try StructureData(PotentialTests.config(file).data)
        for split in [DataConfig.Split.train, .validation, .test] { _ = try data.dataset(split) }
      }
      return error?.message.replacing(file.path + ": ", with: "") ?? ""
    }
    let line = second[16]
    let forces = "Properties=species:S:1:pos:R:3:forces:R:3"
    #expect(
      try message { $0[line] = forces + " energy=nan" }
        == "line \(line + 1): structure 17: 'energy' is nan; leave it out of the file, or of data.structures by data.exclude"
    )
    #expect(
      try message { $0[line] = forces + " energy=****" }.hasPrefix(
        "line \(line + 1): structure 17 has no property 'energy'"))
    #expect(
      try message { $0[line] = $0[line].replacing(":forces:", with: ":velo:") }.hasPrefix(
        "line \(line + 1): structure 17: the atoms have no columns 'forces'"))
    // Fortran's exponents count for energies too.
    let file = try PotentialTests.File("1\nenergy=-1.5D0 id=7\nH 0 0 0\n")
    #expect(try ExtendedXYZ.read(file.path)[0].properties == ["energy": -1.5, "id": 7])
  }

  @Test(
    "keys that do not go together are refused",
    arguments: [
      ("loss={kind: chunk, integrator: rk4}", "kind: potential"),
      ("loss.integrator=rk4", "integrates nothing"),
      ("data.fold=1", "folds"), ("data.reference=[1]", "reference: {H"), ("data.chunk=5", "single states"),
      ("data.unit=ev", "eV"),
      ("optimizer={method: lm, iterations: 3}", "single steps or forces"),
      ("data.forces=null", "name no forces"),
    ])
  func refusals(change: String, message: String) throws {
    let file = try PotentialTests.File(PotentialTests.text(6))
    let error = #expect(throws: NoetherError.self) { try PotentialTests.config(file, [change]) }
    #expect(error?.message.contains(message) ?? false, "\(error?.message ?? "")")
  }
}
