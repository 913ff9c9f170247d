// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// A training of a network on points in its run directory: begun, or taken up again.
protocol PointRun: PreparedRun where Work == PointTrainer {
  /// As a run.json says it.
  static var command: String { get }
  /// The configuration as it was read, the seed of its data, and its model.
  var resolved: ConfigNode { get }
  var dataSeed: UInt64 { get }
  var model: PointNetworkConfig { get }
  /// "12000 images".
  var samples: String { get }
  /// An error as it is shown.
  func shown(error: Double) -> String
  /// Reads the data and builds the trainer; with `resume`, from where the files in `folder` stand.
  func trainer(_ folder: String, threads: Int, resume: Bool) throws -> PointTrainer
}

extension PointRun {
  func record(threads: Int) -> RunRecord {
    RunRecord(
      noether: Noether.version, command: Self.command, config: resolved,
      seeds: ["data": dataSeed, "model": model.seed], threads: threads)
  }

  func prepare(_ folder: String, threads: Int, resume: Bool) throws -> PointTrainer {
    let trainer = try trainer(folder, threads: threads, resume: resume)
    if let warning = trainer.warning { Terminal.say(warning) }
    return trainer
  }

  func go(_ trainer: PointTrainer, in directory: RunDirectory, _ record: RunRecord) throws {
    let start = ContinuousClock.now
    if !options.quiet {
      Terminal.say(
        "LieConv with \(model.group), \(trainer.parameterCount) parameters, \(samples), "
          + "\(trainer.totalSteps) steps"
          + (trainer.stepsDone > 0 ? ", \(trainer.stepsDone) of them done" : ""))
    }
    let total = Double(max(1, trainer.totalSteps))
    let progress = Progress("train", quiet: options.quiet, startingAt: Double(trainer.stepsDone) / total)
    var last: PointEpoch?
    try directory.carryOut(record, since: start, progress) {
      try trainer.run(
        onStep: { step in
          let validation = last.map { ", validation error \(shown(error: $0.validationError))" } ?? ""
          progress.update(
            Double(step.step) / total,
            note: "epoch \(step.epoch), loss \(String(format: "%.3f", step.loss))\(validation)")
        }, onEpoch: { last = $0 }, shouldStop: { Interruption.isRequested })
    }
    if !options.quiet, let last {
      Terminal.say(
        "\(directory.path): validation error \(shown(error: last.validationError)) after the last epoch")
    }
  }
}
