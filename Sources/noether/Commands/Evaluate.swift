// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
import HLieConv

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The error of a model on systems it has never seen.",
    discussion: """
      MODEL is a run directory of `train` or its model.safetensors, which remembers its configuration; --set \
      changes it. Prints metric,value as CSV: the mean squared error of the chunks of the test systems (their \
      mean and median over systems), and the errors of two predictions that learn nothing: hold, where nothing \
      moves, and free flight, where no force acts.

        noether evaluate runs/model
        noether evaluate runs/model --set data.test=500 --out runs/model/evaluation.csv
      """)

  @Argument(help: "A run directory of train, or a model.safetensors.")
  var model: String

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: WorkOptions

  func validate() throws {
    // The other keys made the model what it is.
    if let other = settings.settings.first(where: { !$0.hasPrefix("data.") && !$0.hasPrefix("loss.") }) {
      throw ValidationError("--set \(other): only keys of data and loss change an evaluation.")
    }
  }

  func run() throws {
    try table.check()
    let model = try HamiltonianModel.load(model)
    guard let stored = model.training else {
      throw NoetherError("\(self.model): does not say what it was trained on, so there is no test set")
    }
    let config = try TrainingConfig(
      settings.settings.reduce(ConfigNode.parse(stored, name: "\(self.model): training")) {
        try $0.setting($1)
      })
    let csv = try CSVWriter(table.out, header: ["metric", "value"])
    let threads = try options.threadCount()
    let progress = Progress("data", quiet: options.quiet)
    let test = try TrainingData(config: config.data, threads: threads, progress: progress).dataset(.test)
    progress.finish()
    let result = try model.evaluate(on: test, method: config.method, threads: threads)
    for (metric, value) in [
      ("test_mse", result.mean), ("test_mse_median", result.median), ("hold_mse", result.hold),
      ("free_flight_mse", result.freeFlight), ("test_systems", Double(result.systems)),
    ] {
      csv.add(metric)
      csv.add(value)
      try csv.endRow()
    }
    try csv.finish()
  }
}
