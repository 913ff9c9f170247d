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

  func trainer(_ folder: String, threads: Int, resume: Bool) throws -> PointTrainer {
    let data = try ImageData(config.data, splits: [.train, .validation])
    return try PointTrainer(
      config, data: data, folder: folder, threads: threads, resume: resume, saveEvery: options.saveEvery)
  }

  var resolved: ConfigNode { config.resolved }
  var dataSeed: UInt64 { config.data.seed }
  var model: PointNetworkConfig { config.model }
  var samples: String { "\(config.data.train) images" }
  func shown(error: Double) -> String { String(format: "%.2f %%", 100 * error) }
}
