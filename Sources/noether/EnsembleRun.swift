// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import Molecules

/// An ensemble that runs in a run directory: files, checkpoints, record.
struct EnsembleRun {
  let ensemble: Ensemble
  /// The systems under their true law, in the order of the ensemble's members.
  let systems: [ScenarioSystem]
  let options: RunOptions

  /// Runs to the end, or to the first Ctrl-C, from what a checkpoint in `directory` holds.
  ///
  /// Throws, after all files are written, where the run was stopped or a system failed. `finish` may add files
  /// of its own once every system is through.
  func go(
    in directory: RunDirectory, _ record: RunRecord, finish: ([SystemRun]) throws -> Void = { _ in }
  ) throws {
    var record = record
    record.threads = try options.threadCount()
    let checkpoints = Checkpoints(in: directory.path, every: options.saveEvery)
    // Before run.json is touched: a damaged checkpoint leaves the run as it was.
    let saved = try parallelMap(count: ensemble.members.count, threads: record.threads) {
      try checkpoints.load(ensemble.members[$0].index)
    }
    record.status = .running
    try directory.update(record)

    let clock = ContinuousClock()
    let start = clock.now
    let progress = Progress(record.command, quiet: options.quiet)
    let runs: [SystemRun]
    let isOver: Bool
    do {
      runs = try ensemble.run(
        from: saved, threads: record.threads, checkpoints: checkpoints, progress: progress)
      progress.finish()
      isOver = runs.allSatisfy(\.isOver)
      try write(runs, to: directory, isOver: isOver)
      if isOver { try finish(runs) }
      record.wallTime += Double((clock.now - start) / .milliseconds(1)) / 1000
      record.notes = notes(runs)
      record.status = !isOver ? .interrupted : runs.contains { $0.failure != nil } ? .failed : .finished
      try directory.update(record)
    } catch let error as NoetherError {
      progress.finish()
      throw directory.canGoOn(after: error)
    }
    guard isOver else { throw Interruption.stopped(directory.path) }
    try checkpoints.remove()
    try report(runs, directory)
  }

  /// The CSV files hold what there is; trajectory.npz is written when the run is over.
  private func write(_ runs: [SystemRun], to directory: RunDirectory, isOver: Bool) throws {
    var trajectories = TrajectorySet(
      zip(systems, runs).map { (index: $0.index, system: $0.system, frames: $1.frames) })
    for (index, system) in systems.enumerated() where system.system is AtomSystem {
      trajectories.members[index].nuclearCharges = TrajectoryXYZ.nuclearCharges(
        namedBy: system.system.bodies)
    }
    try trajectories.writeCSV(to: directory.file("trajectory.csv"))
    let diagnostics = try DiagnosticsCSV(
      directory.file("diagnostics.csv"), for: systems[0].system.bodies, learned: ensemble.hasLearnedEnergy)
    for run in runs {
      for row in run.rows { try diagnostics.write(row, system: run.index) }
    }
    try diagnostics.finish()
    if ensemble.events != nil { try writeEvents(runs, to: directory) }
    // The largest last: what fails on it has cost no other file.
    if isOver, runs.contains(where: { !$0.frames.isEmpty }) {
      try trajectories.writeNPZ(to: directory.file("trajectory.npz"))
    }
  }

  private func writeEvents(_ runs: [SystemRun], to directory: RunDirectory) throws {
    let csv = try EventsCSV(directory.file("events.csv"), dimension: systems[0].system.bodies.dimension)
    for (system, run) in zip(systems, runs) {
      for (index, event) in run.events.enumerated() {
        try csv.write(event, number: index + 1, of: system.system.bodies, system: run.index)
      }
    }
    try csv.finish()
  }

  /// "system 3 ended at t = 2.5: an encounter of 'a' and 'b'".
  private func ends(_ runs: [SystemRun]) -> [String] {
    zip(systems, runs).compactMap { system, run in
      guard let event = run.events.last, event.endsTheRun else { return nil }
      let names = event.bodies.map { "'\(system.system.bodies.names[$0])'" }.joined(separator: " and ")
      return "system \(run.index) ended at t = \(event.t): an \(event.kind.rawValue) of \(names)"
    }
  }

  private func notes(_ runs: [SystemRun]) -> [String] {
    let absolute = runs.filter { $0.rows.first?.dHIsAbsolute ?? false }.map { "\($0.index)" }
    let failures = runs.compactMap { run in run.failure.map { "system \(run.index): \($0)" } }
    return
      (absolute.isEmpty
      ? [] : ["dH is absolute where H = 0 at the start: system \(absolute.joined(separator: ", "))"])
      + ends(runs) + failures
  }

  /// The largest drifts in one line, or which systems failed.
  private func report(_ runs: [SystemRun], _ directory: RunDirectory) throws {
    let failures = runs.compactMap { run in run.failure.map { (index: run.index, message: $0) } }
    if let first = failures.first {
      let rest = failures.count > 1 ? " (and \(failures.count - 1) more, named in run.json)" : ""
      throw NoetherError(
        "\(directory.path): \(failures.count) of \(runs.count) systems failed; the rows before are kept. "
          + "System \(first.index): \(first.message)\(rest)")
    }
    guard !options.quiet else { return }
    let ends = ends(runs)
    if let first = ends.first {
      Terminal.say(first + (ends.count > 1 ? " (and \(ends.count - 1) more, named in run.json)" : ""))
    }
    func largest(_ drift: (DiagnosticsRow) -> Double) -> String {
      String(format: "%.1e", runs.flatMap(\.rows).map { abs(drift($0)) }.maximum() ?? 0)
    }
    let (P, L) = systems[0].system.bodies.momentumNames
    let drifts =
      ["dH \(largest(\.dH))"] + (P.isEmpty ? [] : ["dP \(largest(\.dP))"])
      + (L.isEmpty ? [] : ["dL \(largest(\.dL))"])
    Terminal.say(
      "\(directory.path): \(runs.count) system\(runs.count == 1 ? "" : "s"); largest "
        + drifts.joined(separator: ", "))
  }
}
