// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Images

/// A training on images in its run directory: begun, or taken up again.
struct ImageRun: PreparedRun {
  static let command = "train-images"

  private let config: ImageConfig
  let options: RunOptions

  init(_ config: ImageConfig, options: RunOptions) {
    self.config = config
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    self.init(try ImageConfig(record.requiredConfig()), options: options)
  }

  func record(threads: Int) -> RunRecord {
    RunRecord(
      noether: Noether.version, command: Self.command, config: config.resolved,
      seeds: ["data": config.data.seed, "model": config.model.seed], threads: threads)
  }

  func prepare(_ folder: String, threads: Int, resume: Bool) throws -> ImageTrainer {
    let data = try ImageData(config.data, splits: [.train, .validation])
    let trainer = try ImageTrainer(
      config, data: data, folder: folder, threads: threads, resume: resume, saveEvery: options.saveEvery)
    if let warning = trainer.warning { Terminal.say(warning) }
    return trainer
  }

  func go(_ trainer: ImageTrainer, in directory: RunDirectory, _ record: RunRecord) throws {
    let start = ContinuousClock.now
    if !options.quiet {
      Terminal.say(
        "LieConv with \(config.model.group), \(trainer.parameterCount) parameters, \(config.data.train) images, "
          + "\(trainer.totalSteps) steps"
          + (trainer.stepsDone > 0 ? ", \(trainer.stepsDone) of them done" : ""))
    }
    let total = Double(max(1, trainer.totalSteps))
    let progress = Progress("train", quiet: options.quiet, startingAt: Double(trainer.stepsDone) / total)
    var last: ImageEpoch?
    try directory.carryOut(record, since: start, progress) {
      try trainer.run(
        onStep: { step in
          let validation = last.map { ", validation error \(Self.percent($0.validationError))" } ?? ""
          progress.update(
            Double(step.step) / total,
            note: "epoch \(step.epoch), loss \(String(format: "%.3f", step.loss))\(validation)")
        }, onEpoch: { last = $0 }, shouldStop: { Interruption.isRequested })
    }
    if !options.quiet, let last {
      Terminal.say(
        "\(directory.path): validation error \(Self.percent(last.validationError)) after the last epoch")
    }
  }

  private static func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
}
