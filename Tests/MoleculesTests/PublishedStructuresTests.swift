// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import TestSupport
import Testing

@testable import Molecules

/// The published sets themselves, where they are: what is known of them from elsewhere.
@Suite("Published sets of structures")
struct PublishedStructuresTests {
  private static let ethanol = ["rmd17_ethanol/train.xyz.gz", "rmd17_ethanol/test_MD.xyz.gz"]
  private static let qm7 = "qm7/qm7.extxyz.gz"

  private func config(_ name: String, _ changes: [String]) throws -> DataConfig {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    let node = try ConfigNode.load(path: "\(folder)/scenarios/training/\(name).yaml")
    return try TrainingConfig(changes.reduce(node) { try $0.setting($1) }).data
  }

  /// Forces of an isolated molecule balance, and so do their torques.
  @Test(
    "ethanol of rMD17, as the shipped training takes it",
    .needs("rMD17", ethanol))
  func ethanolIsReadWhole() throws {
    let data = try StructureData(
      config(
        "ethanol",
        [
          "data.structures=\(SharedData.path(Self.ethanol[0]))",
          "data.test_structures=\(SharedData.path(Self.ethanol[1]))",
        ]))
    let splits = try [DataConfig.Split.train, .validation, .test].map { try data.structures($0) }
    #expect(splits.map(\.count) == [950, 50, 1000])
    let all = splits.flatMap { $0 }
    #expect(Set(all.map { "\($0.positions)" }).count == 2000)
    for structure in all {
      #expect(structure.elements.map(\.symbol) == ["C", "C", "O", "H", "H", "H", "H", "H", "H"])
      let (q, F) = (structure.positions, try #require(structure.columns["forces"]))
      for a in 0..<3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3)
        #expect(abs(stride(from: a, to: 27, by: 3).reduce(0) { $0 + F[$1] }) < 2e-4)
        let torque = (0..<9).reduce(0) { $0 + q[3 * $1 + b] * F[3 * $1 + c] - q[3 * $1 + c] * F[3 * $1 + b] }
        #expect(abs(torque) < 5e-4)
      }
    }
    let energies = try splits[2].map { try #require($0.properties["energy"]) }
    let mean = energies.reduce(0, +) / 1000
    let deviation = (energies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1000).squareRoot()
    #expect(abs(deviation - 0.181) < 1e-3)
  }

  /// 15.1 kcal/mol of mean absolute error are left by the composition alone.
  @Test(
    "QM7, whose folds cover it",
    .needs("QM7", [qm7]))
  func qm7IsReadWhole() throws {
    var tested = Set<Int>()
    for fold in 0..<5 {
      let data = try StructureData(
        config("qm7", ["data.structures=\(SharedData.path(Self.qm7))", "data.fold=\(fold)"]))
      #expect(data.elements.map(\.symbol) == ["H", "C", "N", "O", "S"])
      let parts = try [DataConfig.Split.train, .validation, .test].map { try data.structures($0) }
      #expect(parts[0].count == 5100 && parts[1].count == 500 && (1420...1421).contains(parts[2].count))
      #expect(Set(parts.flatMap { $0.map(\.number) }).count == parts.reduce(0) { $0 + $1.count })
      tested.formUnion(parts[2].map(\.number))
      let rest = try parts[2].reduce(0) {
        try $0 + abs(#require($1.properties["hof_dft_kcal"]) - data.composition($1))
      }
      #expect(abs(rest / Double(parts[2].count) - 15.1) < 0.8)
    }
    #expect(tested.count == 7101)
  }
}
