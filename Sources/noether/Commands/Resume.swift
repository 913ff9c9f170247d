// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics

struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Go on with a run that was stopped, from its run.json alone.",
    discussion: """
      The result has the same bits as if the run had never been stopped, at any number of threads. A run \
      without a checkpoint begins again; a finished one is left as it is.

        noether resume runs/springs
      """)

  @Argument(help: ArgumentHelp("The run directory.", valueName: "dir"))
  var directory: String

  @OptionGroup var options: RunOptions

  func run() throws { try Self.goOn(directory, options: options) }

  /// Goes on with the run in `path`, whichever command began it.
  ///
  /// `expecting` is what the command line describes beside `--resume`: another run is refused.
  static func goOn(_ path: String, expecting: RunRecord? = nil, options: RunOptions) throws {
    let (directory, record) = try RunDirectory.open(path)
    if let expecting, !record.describesTheSame(as: expecting) {
      throw NoetherError(
        "\(path): holds another run (\(record.command), \(record.config?.name ?? "no name")) than the one "
          + "described; `noether resume \(path)` goes on with that, --overwrite replaces it")
    }
    switch record.status {
    case .finished:
      // There may be one where the process was killed at its very end.
      try Checkpoints(in: path, every: options.saveEvery).remove()
      Terminal.say("\(path): finished already")
      return
    case .failed:
      throw NoetherError(
        "\(path): the run failed and cannot go on: \(record.notes.last ?? "no reason noted")")
    case .running, .interrupted: break
    }
    switch record.command {
    case SimulationRun.command:
      try SimulationRun(record, options: options).go(in: directory, record)
      try Simulation(record).explainDrifts(quiet: options.quiet)
    case RolloutRun.command:
      if let run = try AtomRun(record, options: options) { return try run.go(in: directory, record) }
      try RolloutRun(record, options: options).go(in: directory, record)
      try Simulation(record).explainDrifts(quiet: options.quiet)
    case TrainRun.command: try TrainRun(record, options: options).go(in: directory, record)
    case FitRun.command: try FitRun(record, options: options).go(in: directory, record)
    case PropertyRun.command: try PropertyRun(record, options: options).go(in: directory, record)
    case ImageRun.command: try ImageRun(record, options: options).go(in: directory, record)
    case StudyRun.command: try StudyRun(record, options: options).go(in: directory, record)
    default:
      throw NoetherError("\(path)/run.json: command: '\(record.command)' is none that can be resumed")
    }
  }
}

extension RunRecord {
  fileprivate func describesTheSame(as other: RunRecord) -> Bool {
    command == other.command && config?.json == other.config?.json && seeds == other.seeds
      && details.mapValues(\.json) == other.details.mapValues(\.json)
  }
}

extension ConfigNode {
  fileprivate var name: String? { try? self["name"]?.string() }
}
