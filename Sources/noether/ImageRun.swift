// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Images

/// A training on images in its run directory: begun, or taken up again.
struct ImageRun: PointRun {
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

  func prepare(_ folder: String, threads: Int, resume: Bool) throws -> PointTrainer {
    let data = try ImageData(config.data, splits: [.train, .validation])
    let trainer = try PointTrainer(
      config, data: data, folder: folder, threads: threads, resume: resume, saveEvery: options.saveEvery)
    if let warning = trainer.warning { Terminal.say(warning) }
    return trainer
  }

  var model: PointNetworkConfig { config.model }
  var samples: String { "\(config.data.train) images" }
  func shown(error: Double) -> String { String(format: "%.2f %%", 100 * error) }
}
