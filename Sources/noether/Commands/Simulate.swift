// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Integrators

struct Simulate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Integrate the systems of a scenario; trajectories and diagnostics go into a run directory.",
    discussion: """
      SCENARIO is a YAML file, or the name of one of `noether list scenarios`. An ensemble runs on all cores. \
      Ctrl-C stops and saves; `noether resume DIR` goes on, to the same bits.

        noether simulate kepler --out runs/kepler
        noether simulate springs --systems 50 --seed 7 --out runs/springs
        noether simulate outer-solar-system --method yoshida4 --set integrator.step=100 --out runs/outer

      Files: trajectory.csv, trajectory.npz, diagnostics.csv, run.json; events.csv where the scenario has events.
      """)

  @Argument(help: "A scenario file, or the name of a shipped scenario.")
  var scenario: String

  @OptionGroup var output: OutputOptions
  @OptionGroup var ensemble: EnsembleOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: RunOptions

  func run() throws {
    let overrides = Simulation.overrides(settings.settings, method: ensemble.method)
    let scenario = try Scenario.load(Resources.scenario(scenario), overrides: overrides)
    if !output.resume { try output.checkPlace() }
    let simulation = try Simulation(scenario, systems: ensemble.systems, seed: ensemble.seed)
    if output.resume {
      let record = simulation.record(command: SimulationRun.command, threads: 1)
      return try Resume.goOn(output.directory, expecting: record, options: options)
    }
    simulation.warn()
    try SimulationRun(simulation, options: options).start(output)
    simulation.explainDrifts(quiet: options.quiet)
  }
}
