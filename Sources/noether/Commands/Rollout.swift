// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
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

      A model of atoms (`noether train ethanol`) begins from a structure instead, with momenta drawn by --seed at a \
      temperature, so that the molecule neither moves nor turns as a whole. Lengths are in Å, times in fs, energies \
      in the unit of the training data; all energies are the model's, since no other law is known.

        noether rollout runs/ethanol --structure ethanol.xyz --temperature 300 --step 0.5 --steps 200000 \
          --out runs/motion

      --steps N --step H takes N steps of H, whatever end the scenario has; without them its own end and step \
      hold. Files: those of simulate, rollout_error.csv, and ledger.csv, the Noether ledger of the model's group \
      (see `noether help diagnose`).
      """)

  @Argument(help: "A run directory of train, or a model.safetensors.")
  var model: String

  @Option(help: "A scenario file, or the name of a shipped scenario.")
  var scenario: String?

  @Option(
    help: ArgumentHelp(
      "A file of structures to begin from, in place of --scenario, for a model that was trained on such.",
      valueName: "xyz"))
  var structure: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Which structure of the file, counted from 0.", valueName: "n"))
  var frame = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The temperature of the atoms' first momenta.", valueName: "kelvins"))
  var temperature = 300.0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many states of a structure's motion to keep, both ends included.", valueName: "n")
  )
  var frames = 501

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
    guard (scenario == nil) != (structure == nil) else {
      throw ValidationError(
        "Name what to begin from: --scenario springs, or --structure FILE.xyz for a model of atoms.")
    }
    if structure != nil {
      if ensemble.systems != nil || !settings.settings.isEmpty {
        throw ValidationError("--systems and --set go with --scenario; leave them out.")
      }
      guard steps != nil, step != nil else {
        throw ValidationError(
          "--structure needs --steps and --step, in fs, for instance --steps 20000 --step 0.5.")
      }
    }
    if !(temperature >= 0 && temperature.isFinite) {
      throw ValidationError("--temperature \(temperature): kelvins are needed, from 0.")
    }
    if frames < 2 {
      throw ValidationError("--frames \(frames): both ends are kept, so at least 2 are needed.")
    }
  }

  func run() throws {
    if !output.resume { try output.checkPlace() }
    if let structure { return try rollOut(structure) }
    let overrides = settings.settings + (step.map { ["integrator.step=\($0)"] } ?? [])
    let scenario = try Scenario.load(
      Resources.scenario(scenario ?? ""), overrides: Simulation.overrides(overrides, method: ensemble.method))
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

  private func rollOut(_ structure: String) throws {
    let start = AtomRun.Start(
      structure: URL(fileURLWithPath: structure).standardizedFileURL.path, frame: frame,
      temperature: temperature, seed: ensemble.seed ?? 0, method: ensemble.method ?? "verlet",
      step: step ?? 0,
      steps: steps ?? 0, frames: frames)
    let run = try AtomRun(start, modelAt: model, precision: precision, options: options)
    if output.resume {
      return try Resume.goOn(output.directory, expecting: run.record(threads: 1), options: options)
    }
    try run.start(output)
  }
}

extension Precision: ExpressibleByArgument {}
