// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Molecules

/// A training on a property of molecules in its run directory: begun, or taken up again.
struct PropertyRun: PointRun {
  static let command = "train-molecules"

  private let config: PropertyConfig
  let options: RunOptions

  init(_ config: PropertyConfig, options: RunOptions) {
    self.config = config
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    self.init(try PropertyConfig(record.requiredConfig()), options: options)
  }

  func trainer(_ folder: String, threads: Int, resume: Bool) throws -> PointTrainer {
    let data = try PropertyData(config, splits: [.train, .validation])
    return try PointTrainer(
      config, data: data, folder: folder, threads: threads, resume: resume, saveEvery: options.saveEvery)
  }

  var resolved: ConfigNode { config.resolved }
  var dataSeed: UInt64 { config.data.seed }
  var model: PointNetworkConfig { config.model }
  var samples: String { "\(config.data.train) molecules" }
  func shown(error: Double) -> String { String(format: "%.4g", error) }
}
