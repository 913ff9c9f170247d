// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// A training in its run directory: begun, or taken up again.
struct TrainRun: PreparedRun {
  static let command = "train"

  private let config: TrainingConfig
  let options: RunOptions

  init(_ config: TrainingConfig, options: RunOptions) {
    self.config = config
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    let training = try TrainingConfig(record.requiredConfig())
    try record.check(training.data.scenario)
    self.init(training, options: options)
  }

  func record(threads: Int) -> RunRecord {
    RunRecord(
      noether: Noether.version, command: Self.command, config: config.resolved,
      scenarioDigest: config.data.scenario?.digest,
      seeds: ["data": config.data.seed, "model": config.model.seed], method: config.method.name,
      threads: threads, units: config.data.scenario?.units)
  }

  func prepare(_ folder: String, threads: Int, resume: Bool) throws -> Trainer {
    let progress = Progress("data", quiet: options.quiet)
    let data = try TrainingData(config: config.data, threads: threads, progress: progress)
    let train = try data.dataset(.train)
    let validation = try data.dataset(.validation)
    progress.finish()
    let trainer = try Trainer(
      config, train: train, validation: validation, folder: folder, threads: threads, resume: resume,
      saveEvery: options.saveEvery)
    if let warning = trainer.warning { Terminal.say(warning) }
    return trainer
  }

  func go(_ trainer: Trainer, in directory: RunDirectory, _ record: RunRecord) throws {
    let start = ContinuousClock.now
    if !options.quiet {
      Terminal.say(
        "\(config.model.title) with \(trainer.parameterCount) parameters, \(config.data.train) systems, "
          + "\(trainer.totalSteps) steps"
          + (trainer.stepsDone > 0 ? ", \(trainer.stepsDone) of them done" : ""))
    }
    let progress = Progress(
      Self.command, quiet: options.quiet,
      startingAt: Double(trainer.stepsDone) / Double(max(1, trainer.totalSteps)))
    var last: EpochRecord?
    try directory.carryOut(record, since: start, progress) {
      try trainer.run(
        onStep: { step in
          let validation = last.map { ", validation \($0.validationMSE.scientific)" } ?? ""
          progress.update(
            Double(step.step) / Double(step.totalSteps),
            note: "epoch \(step.epoch), loss \(step.loss.scientific)\(validation)")
        }, onEpoch: { last = $0 }, shouldStop: { Interruption.isRequested })
    }
    if !options.quiet, let last {
      Terminal.say(
        "\(directory.path): validation error \(last.validationMSE.scientific) after the last epoch")
    }
  }
}
