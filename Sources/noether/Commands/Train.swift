// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv
import Images

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn the energy of a system from its trajectories, or digits from images.",
    discussion: """
      CONFIG is a YAML file: data, model, loss, optimizer, training. The data are simulated from its scenario, \
      so that nothing has to be prepared. Ctrl-C stops and saves; `noether resume DIR` goes on, to the same \
      bits.

        noether train scenarios/training/springs-small.yaml --out runs/model
        noether train scenarios/training/springs-small.yaml --out runs/control \\
          --set model.group=Trivial --set model.centre=false

      With format: noether/images the data are images of digits, and what is learned is which digit they show:

        noether train mnist --set data.folder=DIR --out runs/digits

      With loss.kind: trajectory the data are measured positions; see scenarios/README.md and `noether help \
      forecast`.

      Files: training.csv, model.safetensors (the best by validation), last.safetensors, run.json.
      """)

  @Argument(help: "A training configuration, or the name of one in scenarios/training.")
  var config: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    if !output.resume { try output.checkPlace() }
    let path = try Resources.scenario(config, in: "scenarios/training")
    let node = try settings.settings.reduce(ConfigNode.load(path: path)) { try $0.setting($1) }
    if ImageConfig.isMeant(by: node) {
      let run = ImageRun(try ImageConfig(node), options: options)
      if output.resume {
        return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
      }
      return try run.start(output)
    }
    if TrajectoryConfig.isMeant(by: node) {
      let run = FitRun(try TrajectoryConfig(node), options: options)
      if output.resume {
        return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
      }
      return try run.start(output)
    }
    let run = TrainRun(try TrainingConfig(node), options: options)
    if output.resume {
      return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
    }
    try run.start(output)
  }
}
