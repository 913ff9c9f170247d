// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// A fit to a measured trajectory in its run directory: begun, or taken up again.
struct FitRun {
  static let command = "fit"

  private let config: TrajectoryConfig
  private let options: RunOptions

  init(_ config: TrajectoryConfig, options: RunOptions) {
    self.config = config
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    self.init(try Self.config(of: record), options: options)
  }

  static func config(of record: RunRecord) throws -> TrajectoryConfig {
    guard let config = record.config else {
      throw NoetherError("run.json: config: missing; begin the run again")
    }
    return try TrajectoryConfig(config)
  }

  func record(threads: Int) -> RunRecord {
    RunRecord(
      noether: Noether.version, command: Self.command, config: config.resolved,
      seeds: ["model": config.model.seed], method: config.method.name, threads: threads)
  }

  /// Begins. The run directory appears once the data are there and fit the model.
  func start(_ output: OutputOptions) throws {
    let threads = try options.threadCount()
    let fit = try prepare(output.directory, threads: threads, resume: false)
    let record = record(threads: threads)
    let directory = try RunDirectory.create(output.directory, record: record, overwrite: output.overwrite)
    try go(fit, in: directory, record)
  }

  func go(in directory: RunDirectory, _ record: RunRecord) throws {
    var record = record
    record.threads = try options.threadCount()
    record.status = .running
    let fit = try prepare(directory.path, threads: record.threads, resume: true)
    try directory.update(record)
    try go(fit, in: directory, record)
  }

  private func prepare(_ folder: String, threads: Int, resume: Bool) throws -> TrajectoryFit {
    let measured = try MeasuredTrajectory.read(config.trajectories, until: config.until)
    let fit = try TrajectoryFit(
      config, measured: measured, folder: folder, threads: threads, resume: resume,
      saveEvery: options.saveEvery)
    if let warning = fit.warning { Terminal.say(warning) }
    return fit
  }

  private func go(_ fit: TrajectoryFit, in directory: RunDirectory, _ record: RunRecord) throws {
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
            note: "\(step.points) points, chi square \(String(format: "%.3g", step.chiSquare))")
        }, shouldStop: { Interruption.isRequested })
    }
    if !options.quiet, let last {
      Terminal.say(
        "\(directory.path): chi square \(String(format: "%.3g", last.chiSquare)) over windows of \(last.points) points"
      )
    }
  }
}
