// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Molecules

/// The network of `scenarios/training/ethanol.yaml` on made-up molecules of nine atoms of three elements; the program that it is
/// set beside has as many parameters.
extension Row {
  static let moleculesStep = Row(
    name: "molecules_step", groups: [.network],
    summary: "energies and forces of a batch of molecules, the loss's gradient, one Adam update; float32"
  ) { bench in
    for batch in [10, 100] {
      bench.report(
        try step("molecules_step", LabelWeights(energy: 1, force: 1), molecules: batch, bench))
    }
  }

  static let moleculesEnergyStep = Row(
    name: "molecules_energy_step", groups: [.network], summary: "the same by energies alone"
  ) { bench in
    for batch in [10, 100] {
      bench.report(
        try step("molecules_energy_step", LabelWeights(energy: 1, force: 0), molecules: batch, bench))
    }
  }

  private static func step(
    _ row: String, _ weights: LabelWeights, molecules: Int, _ bench: Bench
  ) throws -> Line {
    PeakMemory.forget()
    var generator = SeededGenerator(seed: 0)
    let elements = ["H", "C", "O"].compactMap(Element.init(symbol:))
    var data = ChunkDataset(dimension: 3, featureNames: elements.map(\.symbol), points: 1, step: 1)
    for _ in 0..<molecules {
      let structure = Structure(
        elements: (0..<9).map { elements[$0 % 3] }, positions: (0..<27).map { _ in generator.normal() })
      try data.append(
        AtomSystem(structure, elements: elements, features: .oneHot, unit: .eV),
        states: [PhaseState(q: structure.positions, p: structure.positions.map { _ in 0 })],
        labels: PotentialLabels(
          energy: generator.normal(), forces: (0..<27).map { _ in generator.normal() }))
    }
    let text = """
      {group: SE3, width: 128, layers: 3, pool: sum, kernel: ends, scales: [1, 0.3, 0.1, 0.03], normalise: true}
      """
    let config = try ModelConfig(ConfigNode.parse(text, name: row), dimension: 3)
    let model = try HamiltonianModel(
      config, dimension: 3, featureNames: data.featureNames, precision: "float32"
    ).normalised(by: data)
    let training = try TrainingStep<Float>(model, data: data, labels: weights, threads: bench.threads)
    let batch = Array(0..<molecules)
    let times = try bench.time { _ = try training(batch, rate: 1e-3) }
    var line = Line(row, batch: molecules, times)
    line["threads"] = bench.threads
    line["parameters"] = model.layout.count
    line["peak_mib"] = PeakMemory.mebibytes
    return line
  }
}
