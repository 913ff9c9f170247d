// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import HLieConv
import LieCore
import Molecules

struct Certify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the symmetry of a model: of its energy and of its forces, in float32 and float64.",
    discussion: """
      MODEL is a run directory of `train` or its model.safetensors. Random states of the test systems it was \
      trained beside (or of --scenario), of a learned molecule its test structures of as many atoms as the first, are moved by random elements of the \
      model's group, and by translations where it is centred. Prints quantity,precision,value as CSV, the largest value over all of them:

        invariance    |H(g·z) − H(z)| / (T + Σ|Vᵢ|); of V alone where the group stretches space
        equivariance  |F(g·q) − g_*F(q)| / Σ|Fᵢ|
        net_force     |ΣFᵢ| / Σ|Fᵢ|, 0 where linear momentum is conserved
        net_torque    |Σxᵢ×Fᵢ| / Σ|xᵢ||Fᵢ|, 0 where angular momentum is

      Of models that are no potential, equivariance and net_torque take (dq/dt, dp/dt) in place of F; without an \
      energy there is no invariance.

      What the model promises by the way it is built is said on stderr beside each. --group takes the elements \
      of another group, which the model need not respect.

        noether certify runs/model
        noether certify runs/model --systems 1000 --out runs/model/certificate.csv
        noether certify runs/control --group T2
        noether certify runs/model --scenario nbody --seed 3
        noether certify runs/ethanol/model.safetensors --set data.structures=$PWD/ethanol.xyz
      """)

  static let possibleSystems = 1...100_000

  @Argument(help: "A run directory of train, or a model.safetensors.")
  var model: String

  @Option(help: "A scenario file, or the name of a shipped scenario, whose systems are the states.")
  var scenario: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many states to draw. Default: 100.", valueName: "n"))
  var systems: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The seed of states and motions. Default: the scenario's.", valueName: "s"))
  var seed: UInt64?

  @Option(help: "Move the states by this group in place of the model's own.")
  var group: String?

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: DataSettingOptions
  @OptionGroup var options: WorkOptions

  func validate() throws {
    if let systems, !Self.possibleSystems.contains(systems) {
      throw ValidationError(
        "--systems \(systems): 1 to \(Self.possibleSystems.upperBound) are possible.")
    }
    if scenario != nil, !settings.changes.settings.isEmpty {
      throw ValidationError("--set changes the data the model was trained on: leave --scenario out.")
    }
  }

  func run() throws {
    try table.check()
    let model = try HamiltonianModel.load(model)
    let group = try group.map { try GroupChoice.named($0, dimension: model.dimension) }
    let (states, seed) = try states(of: model)
    let certificate = try model.certify(
      on: states, group: group, seed: seed, threads: options.threadCount())
    let csv = try CSVWriter(table.out, header: ["quantity", "precision", "value"])
    for entry in certificate.entries {
      csv.add(entry.quantity.rawValue)
      csv.add(entry.precision)
      csv.add(entry.value)
      try csv.endRow()
    }
    try csv.finish()
    if !options.quiet { Terminal.say(CertificateReport(certificate, model: model).text) }
  }

  /// The states, and the seed that motions are drawn by.
  private func states(of model: HamiltonianModel) throws -> ([ScenarioSystem], UInt64) {
    if let scenario {
      let scenario = try Scenario.load(Resources.scenario(scenario))
      return try draw(scenario, scenario.seed, first: 0)
    }
    let remedy = "name a scenario whose systems it knows: --scenario springs"
    guard let stored = model.training else {
      throw NoetherError("\(self.model): does not say what it was trained on; \(remedy)")
    }
    if try model.wasTrainedOnStructures {
      return try structures(settings.configuration(of: model, at: self.model).data)
    }
    guard try ConfigNode.parse(stored, name: "\(self.model): training")["data"]?["scenario"] != nil else {
      throw NoetherError("\(self.model): was trained on a file of trajectories, not on a scenario; \(remedy)")
    }
    let config = try settings.configuration(of: model, at: self.model).data
    guard let scenario = config.scenario else { throw NoetherError("\(self.model): \(remedy)") }
    return try draw(scenario, config.seed, first: config.first(of: .test))
  }

  /// Systems of a scenario, from number `first` on, if they are random.
  private func draw(_ source: Scenario, _ ownSeed: UInt64, first: Int) throws -> ([ScenarioSystem], UInt64) {
    guard source.isEnsemble else {
      if let seed {
        throw NoetherError(
          "\(source.name): --seed \(seed): its bodies are listed, not random, so there is nothing to draw")
      }
      return (try source.systems(count: systems ?? 1), 0)
    }
    let seed = seed ?? ownSeed
    return (try source.systems(count: systems ?? 100, seed: seed, first: first), seed)
  }

  /// The first test structures of those with as many atoms as the very first, at rest.
  private func structures(_ data: DataConfig) throws -> ([ScenarioSystem], UInt64) {
    let all = try StructureData(data).dataset(.test).systems
    let alike = all.filter { $0.bodies.count == all[0].bodies.count }.prefix(systems ?? 100)
    let states = alike.enumerated().map { index, entry in
      ScenarioSystem(index: index, system: entry.law, initial: entry.states[0])
    }
    return (states, seed ?? data.seed)
  }
}
