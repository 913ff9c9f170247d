// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import HLieConv
import LieCore

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Energies, momenta and their drifts of a stored trajectory, anyone's.",
    discussion: """
      TRAJECTORY is a trajectory.npz, a trajectory.csv, or a run directory. The law comes from --scenario, or \
      else from the run.json beside the file, or else from the parameters in the file. dP and dL are those of \
      the stored frames: what happened between them is not known.

      With --group the table is the Noether ledger instead: for every momentum map J of the group its value, its \
      drift, and the residual {J, H}, relative to the sizes of its terms, which is zero to rounding where the law \
      has the symmetry. --model adds the residual of a learned law, and whether that law conserves J by the way it \
      is built: exact, approximate, or no. `noether list groups` names the groups.

        noether diagnose runs/springs --out drifts.csv
        noether diagnose theirs.npz --scenario outer-solar-system
        noether diagnose runs/springs --group T2 --model runs/model --out ledger.csv

      Without --out the CSV goes to stdout.
      """)

  @Argument(help: "A trajectory.npz, a trajectory.csv, or a run directory.")
  var trajectory: String

  @Option(help: "The scenario whose law moved the bodies.")
  var scenario: String?

  @Option(help: "Write the momentum maps of this group in place of energies and momenta.")
  var group: String?

  @Option(
    help: "With --group: a run directory of train, or a model.safetensors, to hold against the true law.")
  var model: String?

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: SettingOptions

  func validate() throws {
    if model != nil, group == nil {
      throw ValidationError("--model goes with --group: name the group whose momenta are to be compared.")
    }
    if scenario == nil, !settings.settings.isEmpty {
      throw ValidationError("--set changes a scenario: name one with --scenario.")
    }
  }

  func run() throws {
    try table.check()
    let path = file
    let set = try TrajectorySet.read(path)
    let dimension = set.members[0].bodies.dimension
    let fields = try group.map { try VelocityField.all(of: GroupChoice.named($0, dimension: dimension)) }
    let model = try model.map(HamiltonianModel.load)
    let laws = try laws(of: set, at: path)
    if let fields {
      return try writeLedger(of: fields, set, laws, model)
    }
    let csv = try DiagnosticsCSV(table.out, for: laws.first?.bodies ?? set.members[0].bodies)
    for (member, law) in zip(set.members, laws) {
      for row in diagnostics(of: member.frames, system: law) { try csv.write(row, system: member.index) }
    }
    try csv.finish()
  }

  private func writeLedger(
    of fields: [VelocityField], _ set: TrajectorySet, _ laws: [any MechanicalSystem],
    _ model: HamiltonianModel?
  ) throws {
    // All that can go wrong with the model does so before anything is written.
    for law in laws { _ = try model?.law(like: law) }
    let ledger = try LedgerFile(table.out, fields: fields, model: model)
    try ledger.write(
      zip(set.members, laws).map { LedgerFile.Member(index: $0.index, frames: $0.frames, law: $1) },
      threads: WorkOptions.defaultThreads())
    try ledger.finish()
  }

  private var file: String {
    guard Resources.isFolder(trajectory) else { return trajectory }
    let archive = trajectory + "/trajectory.npz"
    return FileManager.default.fileExists(atPath: archive) ? archive : trajectory + "/trajectory.csv"
  }

  private func laws(of set: TrajectorySet, at path: String) throws -> [any MechanicalSystem] {
    if let scenario {
      let scenario = try Scenario.load(Resources.scenario(scenario), overrides: settings.settings)
      return try set.members.map { try law(of: $0, in: scenario, at: path) }
    }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    if let systems = try recorded(in: folder) {
      return try set.members.map { member in
        guard let system = systems[member.index], system.bodies.masses == member.bodies.masses else {
          throw NoetherError(
            "\(path): system \(member.index) is not the one that \(folder)/run.json tells of; name its law with "
              + "--scenario")
        }
        return system
      }
    }
    return try set.members.map { member in
      guard let system = member.system else {
        throw NoetherError("\(path): nothing tells the law that moved the bodies; name it with --scenario")
      }
      return system
    }
  }

  /// The scenario's law for the bodies of the file; for listed bodies also their pins and parameters.
  private func law(
    of member: TrajectorySet.Member, in scenario: Scenario, at path: String
  ) throws -> any MechanicalSystem {
    if !scenario.isEnsemble, let own = try scenario.systems().first?.system {
      guard own.bodies.masses == member.bodies.masses, own.bodies.dimension == member.bodies.dimension else {
        throw NoetherError(
          "\(path): its bodies have other masses than those of the scenario \(scenario.name): "
            + "\(member.bodies.masses) against \(own.bodies.masses)")
      }
      return own
    }
    return try scenario.system(of: member.bodies, parameters: member.bodyParameters)
  }

  /// The systems of the run in `folder` by index; nil where no run of a scenario is recorded there.
  private func recorded(in folder: String) throws -> [Int: any MechanicalSystem]? {
    guard FileManager.default.fileExists(atPath: folder + "/run.json") else { return nil }
    let record = try RunRecord.load(folder)
    guard [SimulationRun.command, RolloutRun.command].contains(record.command) else { return nil }
    return Dictionary(
      try Simulation(record).systems.map { ($0.index, $0.system) }, uniquingKeysWith: { first, _ in first })
  }
}
