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

  /// Methane, number 1 of the published set, and others that are made of it: stretched, each with properties of its own.
  private static func text(_ count: Int) -> String {
    (0..<count).map { index in
      let stretch = 1 + 0.01 * Double(index)
      let values = [
        157.7118, 157.70997, 157.70699, 0, 13.21, -0.3877, 0.1171, 0.5048, 35.3641, 0.044749, -40.47893,
        -40.476062, -40.475117, -40.498597, 6.469,
      ].map { "\($0 * (index == 0 ? 1 : 1 + 1e-4 * Double(index * index % 7)))" }
      let atoms = [
        ("C", [-0.0126981359, 1.0858041578, 0.0080009958]),
        ("H", [0.002150416, -0.0060313176, 0.0019761204]),
        ("H", [1.0117308433, 1.4637511618, 0.0002765748]),
        ("H", [-0.540815069, 1.4475266138, -0.8766437152]),
        ("H", [-0.5238136345, 1.4379326443, 0.9063972942]),
      ].map { element, x in
        ([element] + x.map { "\(stretch * $0)" } + ["0.1"]).joined(separator: "\t")
      }
      return
        (["5", "gdb \(index + 1)\t\(values.joined(separator: "\t"))"] + atoms + ["1341.307", "C\tC", "x\ty"])
        .joined(separator: "\n")
    }.joined(separator: "\n") + "\n"
  }

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

  @Test("every target is learned from the published format", arguments: targets)
  func everyTarget(_ name: String, _ isIntensive: Bool) throws {
    let (file, folder) = (try PotentialTests.File(Self.text(24)), try TemporaryFolder())
    let references = Self.thermochemical.contains(name) ? ["data.reference=qm9"] : []
    let config = try config(file, ["data.energy=\(name)", "data.intensive=\(isIntensive)"] + references)
    let data = try StructureData(config.data)
    let trainer = try Trainer(
      config, train: data.dataset(.train), validation: data.dataset(.validation), folder: folder.path,
      threads: 1)
    #expect(try trainer.run() == .finished)
    let result = try PotentialEvaluation(
      of: HamiltonianModel.load(folder.path), on: data.dataset(.test), threads: 1)
    #expect(result.structures == 4 && result.energyMAE.isFinite && result.forceMAE == nil)
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
    let eV = try StructureData(
      config(file, ["data.energy=\(name)", "data.reference=qm9", "data.unit=eV"]).data)
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
