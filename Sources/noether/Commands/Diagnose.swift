// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Energies, momenta and their drifts of a stored trajectory, anyone's.",
    discussion: """
      TRAJECTORY is a trajectory.npz, a trajectory.csv, or a run directory. The law comes from --scenario, or \
      else from the run.json beside the file, or else from the parameters in the file. dP and dL are those of \
      the stored frames: what happened between them is not known.

        noether diagnose runs/springs --out drifts.csv
        noether diagnose theirs.npz --scenario outer-solar-system

      Without --out the CSV goes to stdout.
      """)

  @Argument(help: "A trajectory.npz, a trajectory.csv, or a run directory.")
  var trajectory: String

  @Option(help: "The scenario whose law moved the bodies.")
  var scenario: String?

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: SettingOptions

  func validate() throws {
    if scenario == nil, !settings.settings.isEmpty {
      throw ValidationError("--set changes a scenario: name one with --scenario.")
    }
  }

  func run() throws {
    try table.check()
    let path = file
    let set = try TrajectorySet.read(path)
    let laws = try laws(of: set, at: path)
    let csv = try DiagnosticsCSV(table.out, dimension: set.members[0].bodies.dimension)
    for (member, law) in zip(set.members, laws) {
      for row in diagnostics(of: member.frames, system: law) { try csv.write(row, system: member.index) }
    }
    try csv.finish()
  }

  private var file: String {
    guard Resources.isFolder(trajectory) else { return trajectory }
    let archive = trajectory + "/trajectory.npz"
    return FileManager.default.fileExists(atPath: archive) ? archive : trajectory + "/trajectory.csv"
  }

  private func laws(of set: TrajectorySet, at path: String) throws -> [any HamiltonianSystem] {
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

  /// The scenario's law for the bodies of the file; for listed bodies also their pins and stiffnesses.
  private func law(
    of member: TrajectorySet.Member, in scenario: Scenario, at path: String
  ) throws -> any HamiltonianSystem {
    if !scenario.isEnsemble, let own = try scenario.systems().first?.system {
      guard own.bodies.masses == member.bodies.masses, own.bodies.dimension == member.bodies.dimension else {
        throw NoetherError(
          "\(path): its bodies have other masses than those of the scenario \(scenario.name): "
            + "\(member.bodies.masses) against \(own.bodies.masses)")
      }
      return own
    }
    let stiffness: [Double]? = if case .productSprings(let k) = member.parameters { k } else { nil }
    return try scenario.system(of: member.bodies, stiffness: stiffness)
  }

  /// The systems of the run in `folder` by index; nil where no run of a scenario is recorded there.
  private func recorded(in folder: String) throws -> [Int: any HamiltonianSystem]? {
    guard FileManager.default.fileExists(atPath: folder + "/run.json") else { return nil }
    let record = try RunRecord.load(folder)
    guard [SimulationRun.command, RolloutRun.command].contains(record.command) else { return nil }
    return Dictionary(
      try Simulation(record).systems.map { ($0.index, $0.system) }, uniquingKeysWith: { first, _ in first })
  }
}
