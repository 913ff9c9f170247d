// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn the energy of a system from its trajectories.",
    discussion: """
      CONFIG is a YAML file: data, model, loss, optimizer, training. The data are simulated from its scenario, \
      so that nothing has to be prepared. Ctrl-C stops and saves; `noether resume DIR` goes on, to the same \
      bits.

        noether train scenarios/training/springs-small.yaml --out runs/model
        noether train scenarios/training/springs-small.yaml --out runs/control \\
          --set model.group=Trivial --set model.centre=false

      Files: training.csv, model.safetensors (the best by validation), last.safetensors, run.json.
      """)

  @Argument(help: "A training configuration, or the name of one in scenarios/training.")
  var config: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: WorkOptions

  func run() throws {
    if !output.resume { try RunDirectory.checkPlace(output.directory, overwrite: output.overwrite) }
    let config = try TrainingConfig.load(
      Resources.scenario(config, in: "scenarios/training"), overrides: settings.settings)
    let options = RunOptions(options)
    let run = TrainRun(config, options: options)
    if output.resume {
      return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
    }
    try run.start(output)
  }
}
