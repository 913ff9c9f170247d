// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import Molecules

struct Convert: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Write a trajectory in another format, CSV, NPZ or extended XYZ; or archived structures as extended XYZ.",
    discussion: """
      IN is a trajectory.csv, a trajectory.npz, an extended XYZ file (.xyz, .extxyz) or a run directory; the format \
      of OUT follows from its name. Positions, momenta, masses and times keep every bit.

        .csv   one row per system, time and body; any table reader
        .npz   arrays; numpy.load. Bodies have no names in it, but it tells the law where that is known, and of atoms the \
      nuclear_charges
        .xyz   a frame per system and time, for OVITO (ovito.org) and ASE (ase.io.read): positions, velocities, \
      masses, momenta, Time; 0 for the axes that a plane or a line lacks

        noether convert runs/kepler kepler.xyz
        noether convert kepler.xyz kepler.csv
        noether convert theirs.csv theirs.npz --scenario outer-solar-system
        noether convert rmd17_ethanol.npz ethanol.xyz

      IN may also be an archive in which MD17, rMD17 or QM9 is published: arrays of structures, of which nothing tells \
      the times. They become extended XYZ, a frame per structure: positions, forces and whatever else belongs to atoms, \
      energies and whatever else belongs to the whole, every number as it is, in the archive's own units.

      What the law is comes from --scenario, the run.json beside IN, or IN itself.
      """)

  private static let formats = ["csv", "npz", "xyz", "extxyz"]

  @Argument(help: ArgumentHelp("The trajectory to read.", valueName: "in"))
  var source: String

  @Argument(help: ArgumentHelp("The file to write: .csv, .npz or .xyz.", valueName: "out"))
  var target: String

  @Option(help: "The scenario whose law moved the bodies.")
  var scenario: String?

  @Flag(help: "Replace a file that is there already.")
  var overwrite = false

  func run() throws {
    let format = URL(fileURLWithPath: target).pathExtension.lowercased()
    guard Self.formats.contains(format) else {
      throw NoetherError("\(target): ends in no format that is known; write .csv, .npz or .xyz")
    }
    if !overwrite, FileManager.default.fileExists(atPath: target) {
      throw NoetherError("\(target): is there already; add --overwrite to replace it, or choose another name")
    }
    if try StructureFile.isArchive(source) { return try convertStructures(to: format) }
    let stored = try StoredTrajectory(source)
    var set = stored.set
    if let laws = try stored.knownLaws(scenario: scenario) {
      for (index, law) in laws.enumerated() {
        set.members[index].bodies = law.bodies.named(like: set.members[index].bodies)
        set.members[index].parameters = TrajectorySet.Parameters(of: law)
      }
    }
    // Bodies of a known law are no atoms, whatever they are called.
    for index in set.members.indices
    where set.members[index].nuclearCharges.isEmpty && set.members[index].parameters == .unknown {
      set.members[index].nuclearCharges = TrajectoryXYZ.nuclearCharges(namedBy: set.members[index].bodies)
    }
    switch format {
    case "csv": try set.writeCSV(to: target)
    case "npz":
      try set.writeNPZ(to: target)
      if set.members.contains(where: { $0.parameters == .unknown }) {
        Terminal.say("\(target): does not tell the law of the bodies; --scenario adds it")
      }
    default: try TrajectoryXYZ.write(set, to: target)
    }
  }

  private func convertStructures(to format: String) throws {
    guard ["xyz", "extxyz"].contains(format) else {
      throw NoetherError(
        "\(source): holds structures without times, of which no trajectory.\(format) can be made; write .xyz")
    }
    if scenario != nil {
      throw NoetherError(
        "--scenario: \(source) holds structures, which no scenario's law has moved; leave it out")
    }
    var leftOut: [String] = []
    let structures = try StructureFile.read(source) { leftOut.append($0) }
    if !leftOut.isEmpty {
      Terminal.say(
        "warning: \(source): left out, having no number for every structure nor numbers for every atom: "
          + leftOut.joined(separator: ", "))
    }
    try ExtendedXYZ.write(structures, from: source, to: target)
    Terminal.say(
      "\(target): \(structures.count) structures; energies and forces are in the units of \(source) "
        + "(MD17 and rMD17: kcal/mol and kcal/mol/Å), and text in it is left out")
  }
}
