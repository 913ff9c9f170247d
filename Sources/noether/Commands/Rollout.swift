// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv
import Integrators

struct Rollout: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Integrate a learned law from the starts of a scenario, beside the true one.",
    discussion: """
      MODEL is a run directory of `train` or its model.safetensors. The learned Hamiltonian moves the bodies; \
      T, V, H in diagnostics.csv are the true ones along that path, H_learned is the model's own energy. \
      rollout_error.csv compares with the true trajectory, which GSL's order-8 method integrates from the same \
      start. The state is summed with compensation for rounding. A law that was learned without an energy has no \
      H_learned, and one that is not T(p) + V(q) goes with rk4, rk4-38, Gauss's and GSL's methods.

        noether rollout runs/model --scenario springs --seed 1000 --systems 1 \\
          --method verlet --steps 100000 --step 1e-4 --out runs/rollout

      With --precision float32 forces cost about half, and conserve the momenta to 1e-7 instead of 1e-15 of their \
      parts; the state is float64 in any case.

      --steps N --step H takes N steps of H, whatever end the scenario has; without them its own end and step \
      hold. Files: those of simulate, rollout_error.csv, and ledger.csv, the Noether ledger of the model's group \
      (see `noether help diagnose`).
      """)

  @Argument(help: "A run directory of train, or a model.safetensors.")
  var model: String

  @Option(help: "A scenario file, or the name of a shipped scenario.")
  var scenario: String

  @Option(parsing: .unconditional, help: ArgumentHelp("How many steps to take.", valueName: "n"))
  var steps: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The length of a step; below 0 it goes backward.", valueName: "h"))
  var step: Double?

  @Option(help: "What the network computes with: float64 or float32.")
  var precision = Precision.float64

  @OptionGroup var output: OutputOptions
  @OptionGroup var ensemble: EnsembleOptions
  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: RunOptions

  func validate() throws {
    if let steps, !(1...FramePlan.mostSteps).contains(steps) {
      throw ValidationError("--steps \(steps): 1 to \(FramePlan.mostSteps) are possible.")
    }
    if let step, !(step != 0 && step.isFinite) {
      throw ValidationError("--step \(step): a finite number other than 0 is needed.")
    }
  }

  func run() throws {
    if !output.resume { try RunDirectory.checkPlace(output.directory, overwrite: output.overwrite) }
    let overrides = settings.settings + (step.map { ["integrator.step=\($0)"] } ?? [])
    let scenario = try Scenario.load(
      Resources.scenario(scenario), overrides: Simulation.overrides(overrides, method: ensemble.method))
    let simulation = try Simulation(
      scenario, systems: ensemble.systems, seed: ensemble.seed, steps: steps)
    let run = try RolloutRun(simulation, modelAt: model, steps: steps, precision: precision, options: options)
    if output.resume {
      return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
    }
    simulation.warn()
    try run.start(output)
    simulation.explainDrifts(quiet: options.quiet)
  }
}

extension Precision: ExpressibleByArgument {}
