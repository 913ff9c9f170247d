// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv
@testable import Molecules

/// QM9's twelve targets, in the units and with the references that it is published with.
@Suite("Targets of QM9")
struct QM9Tests {
  /// The paper's targets (Finzi et al. 2020, table 2), and whether they are properties of the whole.
  static let targets: [(name: String, isIntensive: Bool)] = [
    ("alpha", false), ("gap", true), ("homo", true), ("lumo", true), ("mu", true), ("Cv", false),
    ("G", false),
    ("H", false), ("r2", false), ("U", false), ("U0", false), ("zpve", false),
  ]

  /// What single atoms have of them.
  static let thermochemical: Set = ["Cv", "G", "H", "U", "U0", "zpve"]

  private static func text(_ count: Int) -> String { QM9Molecules.text(count) }

  private func config(_ file: PotentialTests.File, _ changes: [String]) throws -> TrainingConfig {
    let text = """
      format: noether/training
      version: 1
      data: {structures: \(file.path), unit: hartree, features: published, train: 16, validation: 4, seed: 3}
      model: {group: SE3, width: 16, layers: 1, pool: sum, kernel: ends, normalise: true, seed: 2}
      loss: {kind: potential, energy: 1}
      optimizer: {method: adam, learning_rate: 1e-3}
      training: {epochs: 1, batch: 8}
      """
    return try TrainingConfig(changes.reduce(ConfigNode.parse(text, name: "test")) { try $0.setting($1) })
  }

  @Test(
    "every target is learned from the published format, in its unit and from its reference",
    arguments: targets)
  func everyTarget(_ name: String, _ isIntensive: Bool) throws {
    let (file, folder) = (try PotentialTests.File(Self.text(24)), try TemporaryFolder())
    let references = Self.thermochemical.contains(name) ? ["data.reference=qm9"] : []
    let config = try config(file, ["data.energy=\(name)", "data.intensive=\(isIntensive)"] + references)
    let data = try StructureData(config.data)

    // What is left to learn of every structure: its published value without what its atoms, or the training set, tell.
    let train = try data.structures(.train)
    func value(_ structure: Structure) throws -> Double {
      let values = QM9Molecules.values(structure.number - 1)
      return values[try #require(QM9Molecules.names.firstIndex(of: name))]
    }
    func offset(_ structure: Structure) throws -> Double {
      if let atoms = QM9Molecules.atoms[name] {
        return try structure.elements.reduce(0) { try $0 + #require(atoms[$1.symbol]) }
      }
      // The three molecules have atoms of their own each, so that least squares are the means of each.
      let alike = train.filter { isIntensive || $0.elements == structure.elements }
      return try alike.reduce(0) { try $0 + value($1) } / Double(alike.count)
    }
    for split in [DataConfig.Split.train, .validation, .test] {
      for (structure, entry) in try zip(data.structures(split), data.dataset(split).systems) {
        let wanted = try value(structure)
        #expect(structure.properties[name] == wanted)
        let label = try #require(entry.labels?.energy)
        #expect(
          try abs(label - (wanted - offset(structure))) < 1e-9 * max(1, abs(wanted)), "\(structure.place)")
      }
    }

    let trainer = try Trainer(
      config, train: data.dataset(.train), validation: data.dataset(.validation), folder: folder.path,
      threads: 1)
    #expect(try trainer.run() == .finished)
    let model = try HamiltonianModel.load(folder.path)
    let result = try PotentialEvaluation(of: model, on: data.dataset(.test), threads: 1)
    #expect(result.structures == 4 && result.forceMAE == nil)
    let tested = try data.dataset(.test).systems.map { entry in
      let label = try #require(entry.labels?.energy)
      let (law, q) = (try model.system(like: entry.law), entry.states[0].q)
      return (label, law.potentialEnergy(at: q.span) - label)
    }
    // Errors in the target's own unit.
    #expect(abs(result.energyMAE - tested.reduce(0) { $0 + abs($1.1) } / 4) < 1e-4 * result.energyMAE)
    #expect(abs(result.compositionMAE - tested.reduce(0) { $0 + abs($1.0) } / 4) < 1e-12)
  }

  /// The same energies in eV, from a copy of the set by others, who have taken the atoms' out themselves.
  @Test(
    "energies of atomisation are those that others have made of the set",
    .needs("QM9", "qm9_subset/qm9_subset.extxyz.gz"))
  func atomisationOfOthers() throws {
    let all = try #require(
      String(
        data: readUnpacked(SharedData.path("qm9_subset/qm9_subset.extxyz.gz"), limit: 1 << 26),
        encoding: .utf8))
    let file = try PotentialTests.File(all.replacing(" U0_eV=", with: " U0="))
    let numbers = try ExtendedXYZ.read(file.path).filter { $0.properties["U0"] == nil }.map { "\($0.number)" }
    let others = try PotentialTests.File(numbers.joined(separator: "\n"))
    let changes = ["data.energy=U0", "data.reference=qm9", "data.unit=eV", "data.exclude=\(others.path)"]
    let data = try StructureData(config(file, changes).data)
    let structures = try data.structures(.test)
    #expect(structures.count == 480)
    for (structure, entry) in try zip(structures, data.dataset(.test).systems) {
      let wanted = try #require(structure.properties["U0_atomization_eV"])
      let atoms = try structure.elements.reduce(0.0) {
        try $0 + #require(QM9Molecules.atoms["U0"]?[$1.symbol])
      }
      // One hartree was 27.211386 eV to them.
      let label = try #require(entry.labels?.energy) + (27.211386245988 - 27.211386) * atoms
      #expect(abs(label - wanted) < 1e-7, "\(structure.place)")
    }
  }

  @Test(
    "a unit that the energies are not in is named, with the one they are in",
    arguments: [
      (1.0, "eV", "write unit: hartree"), (1.0, "kJ/mol", "write unit: hartree"),
      (27.211386, "hartree", "write unit: eV"), (627.509, "hartree", "write unit: kcal/mol"),
      // Of atomisation already.
      (0.0156, "hartree", "leave reference out"),
    ])
  func wrongUnit(factor: Double, unit: String, remedy: String) throws {
    let file = try PotentialTests.File(QM9Molecules.text(24, energies: factor))
    for name in ["U0", "U", "H", "G"] {
      let changes = ["data.energy=\(name)", "data.reference=qm9", "data.unit=\(unit)"]
      let error = #expect(throws: NoetherError.self) { try StructureData(config(file, changes).data) }
      let message = try #require(error?.message)
      #expect(
        message.hasPrefix("data.unit: \(unit): does not fit data.reference: qm9: '\(name)'"), "\(message)")
      #expect(message.hasSuffix(remedy), "\(message)")
    }
    for name in ["zpve", "Cv"] {
      _ = try StructureData(config(file, ["data.energy=\(name)", "data.reference=qm9"]).data)
    }
  }

  /// Energies of atomisation of methane in kcal/mol, as MoleculeNet's table of QM9 has them.
  @Test(
    "published references leave energies of atomisation",
    arguments: [
      ("U0", -395.999594594), ("U", -398.643290011), ("H", -401.014646522), ("G", -372.471772148),
    ])
  func atomisation(name: String, energy: Double) throws {
    let file = try PotentialTests.File(Self.text(24))
    let data = try StructureData(config(file, ["data.energy=\(name)", "data.reference=qm9"]).data)
    let methane = try ExtendedXYZ.read(file.path)[0]
    let rest = try #require(methane.properties[name]) - data.composition(methane)
    // One hartree in kcal/mol, as that table has it.
    #expect(abs(rest * 627.509 - energy) < 1e-3)
    let copy = try PotentialTests.File(QM9Molecules.text(24, energies: 27.211386))
    let eV = try StructureData(
      config(copy, ["data.energy=\(name)", "data.reference=qm9", "data.unit=eV"]).data)
    #expect(abs(eV.composition(methane) - 27.211386 * data.composition(methane)) < 1e-4)
  }

  @Test("heat capacities and zero-point energies have references too")
  func otherReferences() throws {
    let file = try PotentialTests.File(Self.text(24))
    let methane = try ExtendedXYZ.read(file.path)[0]
    for (name, wanted) in [("Cv", 5 * 2.981), ("zpve", 0)] {
      let data = try StructureData(config(file, ["data.energy=\(name)", "data.reference=qm9"]).data)
      #expect(abs(data.composition(methane) - wanted) < 1e-12)
    }
  }

  @Test(
    "properties and elements without a reference are named",
    arguments: [
      ("C", "data.energy=homo", "not 'homo'"), ("S", "data.energy=U0", "not of S"),
      ("C", "data.reference=qm7", "write reference: {H"), ("C", "data.intensive=true", "no sum over atoms"),
      (
        "C", "data.unit=null",
        "data.reference: qm9 goes with data.unit, which is missing; write unit: hartree"
      ),
      ("C", "data.unit=Hartree", "data.unit: 'Hartree'"),
    ])
  func refusals(element: String, change: String, reason: String) throws {
    let file = try PotentialTests.File(Self.text(24).replacing("C\t-", with: "\(element)\t-"))
    let error = #expect(throws: NoetherError.self) {
      try StructureData(config(file, ["data.energy=U0", "data.reference=qm9", change]).data)
    }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  /// What networks are told of an atom, (1, c, c²) with c = Z/9 in the place of its element.
  @Test func publishedFeatures() throws {
    let elements = try ["H", "C", "N", "O", "F"].map { try #require(Element(symbol: $0)) }
    let system = try AtomSystem(
      Structure(elements: [elements[1], elements[4]], positions: [0, 0, 0, 1, 0, 0]), elements: elements,
      features: .published, unit: .eV)
    let c = 6.0 / 9
    #expect(
      system.features == [
        [0, 0, 0, 1, c, c * c, 0, 0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1],
      ])
    #expect(system.featureNames.count == 15)
  }
}
