// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv
import Images
import Molecules

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Learn the energy of a system from its trajectories, digits from images, properties of molecules.",
    discussion: """
      CONFIG is a YAML file: data, model, loss, optimizer, training. The data are simulated from its scenario, \
      so that nothing has to be prepared. Ctrl-C stops and saves; `noether resume DIR` goes on, to the same \
      bits.

        noether train scenarios/training/springs-small.yaml --out runs/model
        noether train scenarios/training/springs-small.yaml --out runs/control \\
          --set model.group=Trivial --set model.centre=false

      With format: noether/images the data are images of digits, and what is learned is which digit they show:

        noether train mnist --set data.folder=DIR --out runs/digits

      With format: noether/molecules it is a property of molecules, without forces (with forces, or smooth in the \
      atoms' places, potentials are learned as other energies are):

        noether train qm9-lieconv --set data.structures=FILE --out runs/property

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
    let path = try Resources.scenario(config, in: ["scenarios/training"])
    let node = try ConfigNode.load(path: path, overrides: settings.settings)
    try start(Self.prepared(node, options: options))
  }

  /// The training that a configuration means, read whole.
  static func prepared(_ node: ConfigNode, options: RunOptions) throws -> any PreparedRun {
    if ImageConfig.isMeant(by: node) { return try ImageRun(ImageConfig(node), options: options) }
    if PropertyConfig.isMeant(by: node) { return try PropertyRun(PropertyConfig(node), options: options) }
    if TrajectoryConfig.isMeant(by: node) { return try FitRun(TrajectoryConfig(node), options: options) }
    return try TrainRun(TrainingConfig(node), options: options)
  }

  private func start(_ run: some PreparedRun) throws {
    if output.resume {
      return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
    }
    try run.start(output)
  }
}
