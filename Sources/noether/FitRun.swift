// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// A fit to a measured trajectory in its run directory: begun, or taken up again.
struct FitRun: PreparedRun {
  static let command = "fit"

  private let config: TrajectoryConfig
  let options: RunOptions

  init(_ config: TrajectoryConfig, options: RunOptions) {
    self.config = config
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    self.init(try Self.config(of: record), options: options)
  }

  static func config(of record: RunRecord) throws -> TrajectoryConfig {
    try TrajectoryConfig(record.requiredConfig())
  }

  func record(threads: Int) -> RunRecord {
    RunRecord(
      noether: Noether.version, command: Self.command, config: config.resolved,
      seeds: ["model": config.model.seed], method: config.method.name, threads: threads)
  }

  func prepare(_ folder: String, threads: Int, resume: Bool) throws -> TrajectoryFit {
    let measured = try config.measured()
    let fit = try TrajectoryFit(
      config, measured: measured, folder: folder, threads: threads, resume: resume,
      saveEvery: options.saveEvery)
    if let warning = fit.warning { Terminal.say(warning) }
    return fit
  }

  func go(_ fit: TrajectoryFit, in directory: RunDirectory, _ record: RunRecord) throws {
    let start = ContinuousClock.now
    if !options.quiet {
      Terminal.say(
        "\(config.model.group) with \(fit.parameterCount) parameters, \(config.iterations) iterations")
    }
    let total = Double(config.iterations)
    let progress = Progress(
      Self.command, quiet: options.quiet, startingAt: Double(fit.iterationsDone) / total)
    var last: TrajectoryFit.Record?
    try directory.carryOut(record, since: start, progress) {
      try fit.run(
        onIteration: { step in
          last = step
          progress.update(
            Double(step.iteration) / total,
            note: "\(step.points) points, chi square \(step.chiSquare.short)")
        }, shouldStop: { Interruption.isRequested })
    }
    if !options.quiet, let last {
      Terminal.say(
        "\(directory.path): chi square \(last.chiSquare.short) over windows of \(last.points) points"
      )
    }
  }
}
