// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import HLieConv
import LieCore

struct Diagnose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Energies, momenta and their drifts of a stored trajectory, anyone's; and how the drifts grow.",
    discussion: """
      TRAJECTORY is a trajectory.npz, a trajectory.csv, an extended XYZ file, or a run directory. The law comes from \
      --scenario, or else from the run.json beside the file, or else from the parameters in the file. dP and dL are \
      those of the stored frames: what happened between them is not known.

      --motion writes what else a motion has, where it has it: the centre of mass and its distance from uniform \
      motion, the virial ratio T/|Σ q·F| (1/2 on average in bounded motion), the smallest distance and its bodies, \
      the energies of a chain's first modes (--modes), and the eccentricity (Runge-Lenz) vector of a Kepler orbit \
      with the angle by which it has turned.

      --trends tells, in one row per quantity, how it drifts: max, rms and last; the slope per unit of time with its \
      95 % confidence interval, from means of 20 batches; the largest drift of the second half over that of the \
      first; and a verdict from how the rms of d(t+τ) − d(t) grows with τ, to the power `exponent`: bounded below \
      0.2, random-walk to 0.7, secular above. It takes 64 frames and, where the drift swings, seven swings. Of a run \
      directory it reads diagnostics.csv, which has every step and the learned energy; with --motion it judges that \
      table. H_per_body is in units of energy: its slope is the drift per body and unit of time.

      With --group the table is the Noether ledger instead: for every momentum map J of the group its value, its \
      drift, and the residual {J, H}, relative to the sizes of its terms, which is zero to rounding where the law \
      has the symmetry. --model adds the residual of a learned law, and whether that law conserves J by the way it \
      is built: exact, approximate, or no. `noether list groups` names the groups.

        noether diagnose runs/springs --out drifts.csv
        noether diagnose runs/springs --trends
        noether diagnose theirs.npz --scenario outer-solar-system
        noether diagnose runs/fput --motion --modes 3 --out modes.csv
        noether diagnose runs/kepler --motion --trends
        noether diagnose runs/springs --group T2 --model runs/model --out ledger.csv

      Without --out the CSV goes to stdout.
      """)

  @Argument(
    help:
      "A trajectory.npz, a trajectory.csv, an .xyz file, or a run directory; with --trends also a diagnostics.csv."
  )
  var trajectory: String

  @Option(help: "The scenario whose law moved the bodies.")
  var scenario: String?

  @Flag(help: "How each drift behaves over the whole time, in place of a row per time.")
  var trends = false

  @Flag(
    help: "Centre of mass, virial ratio, distances, modes, eccentricity in place of energies and momenta.")
  var motion = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("With --motion: how many of a chain's modes. Default: 5.", valueName: "n"))
  var modes: Int?

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
    if group != nil, motion || trends {
      throw ValidationError(
        "--group, and --motion or --trends, are tables of their own: ask for them one by one.")
    }
    if let modes, !motion || modes < 1 {
      throw ValidationError(
        motion ? "--modes \(modes): at least 1 is needed." : "--modes goes with --motion, which lists them.")
    }
  }

  func run() throws {
    try table.check()
    if trends, !motion, let file = diagnosticsFile { return try writeTrends(ofTable: file) }
    let stored = try StoredTrajectory(trajectory)
    let set = stored.set
    let dimension = set.members[0].bodies.dimension
    let fields = try group.map { try VelocityField.all(of: GroupChoice.named($0, dimension: dimension)) }
    let model = try model.map(HamiltonianModel.load)
    let laws = try stored.laws(scenario: scenario, overrides: settings.settings)
    if let fields {
      guard laws.allSatisfy({ $0.bodies.coordinatesKind == .cartesian }) else {
        throw NoetherError(
          "--group: the coordinates of \(stored.path) are angles, on which no group of motions of space acts; leave it out"
        )
      }
      return try writeLedger(of: fields, set, laws, model)
    }
    if motion { return try writeMotion(of: set, laws) }
    if trends {
      let csv = try DriftCSV(table.out)
      for (member, law) in zip(set.members, laws) {
        let series = DriftSeries.all(
          of: diagnostics(of: member.frames, system: law), names: law.bodies.momentumNames,
          bodies: law.bodies.count)
        for drift in series { try csv.write(drift, system: member.index) }
      }
      return try csv.finish()
    }
    let csv = try DiagnosticsCSV(table.out, for: laws.first?.bodies ?? set.members[0].bodies)
    for (member, law) in zip(set.members, laws) {
      for row in diagnostics(of: member.frames, system: law) { try csv.write(row, system: member.index) }
    }
    try csv.finish()
  }

  /// The table of drifts that there is already: that of a run, unless another law is to judge it, or the file named.
  private var diagnosticsFile: String? {
    let name = "diagnostics.csv"
    if Resources.isFolder(trajectory) {
      let path = trajectory + "/" + name
      return scenario == nil && FileManager.default.fileExists(atPath: path) ? path : nil
    }
    return URL(fileURLWithPath: trajectory).lastPathComponent == name ? trajectory : nil
  }

  private func writeTrends(ofTable path: String) throws {
    let diagnostics = try DiagnosticsTable(path)
    let bodies =
      Resources.isFolder(trajectory) ? try StoredTrajectory(trajectory).set.members[0].bodies.count : nil
    let csv = try DriftCSV(table.out)
    for (index, rows) in diagnostics.systems {
      for drift in DriftSeries.all(of: rows, names: diagnostics.names, bodies: bodies) {
        try csv.write(drift, system: index)
      }
    }
    try csv.finish()
  }

  private func writeMotion(of set: TrajectorySet, _ laws: [any MechanicalSystem]) throws {
    // All that can be wrong is found before anything is written.
    let accounts = try zip(set.members, laws).map { member, law in
      guard let first = member.frames.first else {
        throw NoetherError("\(trajectory): system \(member.index) has no frames")
      }
      return try MotionAccount(of: law, from: first, modes: modes)
    }
    let drifts = trends ? try DriftCSV(table.out) : nil
    let csv = trends ? nil : try MotionCSV(table.out, of: accounts[0], bodies: laws[0].bodies)
    for (index, member) in set.members.enumerated() {
      var account = accounts[index]
      guard account.names == accounts[0].names else {
        throw NoetherError("\(trajectory): system \(member.index) has other columns than the first")
      }
      let rows = member.frames.map { account.row($0) }
      for row in rows { try csv?.write(row, system: member.index) }
      for (column, name) in account.names.enumerated() where account.conserved.contains(name) {
        try drifts?.write(
          DriftSeries(name, at: rows.map(\.t), of: rows.map { $0.values[column] }), system: member.index)
      }
      report(rows, of: member, laws[index].bodies)
    }
    try csv?.finish()
    try drifts?.finish()
  }

  /// The closest encounter of the run.
  private func report(_ rows: [MotionAccount.Row], of member: TrajectorySet.Member, _ bodies: Bodies) {
    let pairs = rows.compactMap { row in row.closest.map { (t: row.t, pair: $0) } }
    guard let closest = pairs.min(by: { $0.pair.distance < $1.pair.distance }) else { return }
    Terminal.say(
      "system \(member.index): '\(bodies.names[closest.pair.i])' and '\(bodies.names[closest.pair.j])' come nearest: "
        + "\(Float(closest.pair.distance)) at t = \(closest.t)")
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
}
