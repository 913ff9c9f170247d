// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv

struct ForceLaw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The force between two bodies along their distance, learned beside true.",
    discussion: """
      MODEL is a run directory of `train` or its model.safetensors, of a model with pool: sum. Two bodies are drawn \
      from each of the first --pairs test systems and set apart by distances up to the largest in the training data, \
      alone, the origin in their middle. Writes kind,pair,bodies,r,force_learned,force_true,share as CSV: rows of \
      kind force have the forces at a distance r, negative where the bodies attract each other; rows of kind \
      distances have the share of all pairs of the training data about r, which says where the model could learn.

      A model that reads its energy from pairs alone (readout: pair, layers: 0) is so asked for exactly what it has \
      learned; one whose layers have seen more bodies is asked for what it would say of two.

        noether force-law runs/model --out runs/model/force_law.csv
        noether plot runs/model
      """)

  static let possiblePairs = 1...1000

  @Argument(help: "A run directory of train, or a model.safetensors.")
  var model: String

  @Option(parsing: .unconditional, help: ArgumentHelp("How many pairs of bodies.", valueName: "n"))
  var pairs = 5

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: DataSettingOptions
  @OptionGroup var options: WorkOptions

  func validate() throws {
    if !Self.possiblePairs.contains(pairs) {
      throw ValidationError("--pairs \(pairs): 1 to \(Self.possiblePairs.upperBound) are possible.")
    }
  }

  func run() throws {
    try table.check()
    let model = try HamiltonianModel.load(model)
    let config = try settings.configuration(of: model, at: self.model).data
    let progress = Progress("data", quiet: options.quiet)
    let data = try TrainingData(config: config, threads: options.threadCount(), progress: progress)
    let forces = try ForceLawTable(
      of: model, pairsOf: data.starts(.test, count: pairs).systems, range: model.trainingDistance,
      seed: config.seed)
    let shares = try ForceLawTable.histogram(of: data.dataset(.train), range: model.trainingDistance)
    progress.finish()
    try forces.write(to: table.out, distances: shares)
  }
}
