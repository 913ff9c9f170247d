// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Molecules

/// Trajectories as they lie in a file, anyone's, and the laws that moved the bodies as far as they can be told.
struct StoredTrajectory {
  /// The file that was read.
  let path: String
  let set: TrajectorySet

  /// Of a trajectory.npz, a trajectory.csv, an extended XYZ file (packed or not), or a run directory with one of the first two. Of a
  /// table that was cut short, what is whole, with a warning.
  init(_ argument: String) throws {
    path = Self.file(argument)
    if try StructureFile.isArchive(path) {
      throw NoetherError(
        "\(path): holds structures without times, which are no trajectory; noether convert \(path) OUT.xyz writes them as "
          + "extended XYZ, noether train learns their energies and forces (data.structures)")
    }
    if Self.isXYZ(path) {
      set = try TrajectoryXYZ.read(path)
    } else {
      let (set, damage) = try TrajectorySet.recover(path)
      if let damage {
        let frames = set.members.map(\.frames.count).reduce(0, +)
        Terminal.say(
          "warning: \(damage.message); what is whole before that is used, \(frames) frames of \(set.members.count) system"
            + (set.members.count == 1 ? "" : "s"))
      }
      self.set = set.namedAfterElements
    }
  }

  /// Whether the name is one of an extended XYZ file, packed by gzip or not.
  private static func isXYZ(_ path: String) -> Bool {
    var file = URL(fileURLWithPath: path)
    if file.pathExtension.lowercased() == "gz" { file.deletePathExtension() }
    return ["xyz", "extxyz"].contains(file.pathExtension.lowercased())
  }

  private static func file(_ argument: String) -> String {
    guard Resources.isFolder(argument) else { return argument }
    let archive = argument + "/trajectory.npz"
    return FileManager.default.fileExists(atPath: archive) ? archive : argument + "/trajectory.csv"
  }

  /// The folder that the file lies in.
  private var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// The law of every system: of the scenario named, or of the run.json beside the file, or by the parameters in the file.
  func laws(scenario: String?, overrides: [String] = []) throws -> [any MechanicalSystem] {
    guard let laws = try knownLaws(scenario: scenario, overrides: overrides) else {
      throw NoetherError("\(path): nothing tells the law that moved the bodies; name it with --scenario")
    }
    return laws
  }

  /// The same; nil where nothing tells the law.
  func knownLaws(scenario: String?, overrides: [String] = []) throws -> [any MechanicalSystem]? {
    if let scenario {
      let scenario = try Scenario.load(Resources.scenario(scenario), overrides: overrides)
      return try set.members.map { try law(of: $0, in: scenario) }
    }
    if let systems = try recorded() {
      return try set.members.map { member in
        guard let system = systems[member.index], system.bodies.masses == member.bodies.masses else {
          throw NoetherError(
            "\(path): system \(member.index) is not the one that \(folder)/run.json tells of; name its law with "
              + "--scenario")
        }
        return system
      }
    }
    let laws = set.members.compactMap(\.system)
    return laws.count == set.members.count ? laws : nil
  }

  /// The scenario's law for the bodies of the file; for listed bodies also their pins and parameters.
  private func law(of member: TrajectorySet.Member, in scenario: Scenario) throws -> any MechanicalSystem {
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

  /// The systems of the run in the folder by index; nil where no run of a scenario is recorded there.
  private func recorded() throws -> [Int: any MechanicalSystem]? {
    guard FileManager.default.fileExists(atPath: folder + "/run.json") else { return nil }
    let record = try RunRecord.load(folder)
    guard [SimulationRun.command, RolloutRun.command].contains(record.command), record.config != nil else {
      return nil
    }
    return Dictionary(
      try Simulation(record).systems.map { ($0.index, $0.system) }, uniquingKeysWith: { first, _ in first })
  }
}
