// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics

struct Study: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Train every model of a list on every law, number of systems and seed, and tabulate the errors.",
    discussion: """
      CONFIG is a YAML file: models (training configurations with changes), train (numbers of systems), seeds and, \
      where wanted, laws (scenarios). Cells of the grid are trained side by side, each with the same bits as alone. \
      Ctrl-C stops and saves; `noether resume DIR` goes on.

        noether study springs --out runs/study
        noether study springs --out runs/quick --set 'train=[10, 100]' --set 'seeds=[0]'
        noether plot runs/study

      Files: study.csv (a row per cell), study_summary.csv (medians over the seeds), cells/ (a folder per training, \
      with its model.safetensors), run.json.
      """)

  @Argument(help: "A study's configuration, or the name of one in scenarios/studies.")
  var config: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: WorkOptions

  func run() throws {
    if !output.resume { try output.checkPlace() }
    let config = try StudyConfig.load(
      Resources.scenario(config, in: ["scenarios/studies"]), overrides: settings.settings)
    let options = RunOptions(options)
    let run = StudyRun(config, options: options)
    if output.resume {
      return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
    }
    try run.start(output)
  }
}
