// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv
import Integrators

struct Examine: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "How good a method is on a scenario: its errors at the step and at half of it, and what it preserves.",
    discussion: """
      Runs the first system of SCENARIO at its step h and at h/2 (at a tolerance: that, and a tenth) and writes \
      quantity,setting,value as CSV, where setting is the step or the tolerance:

        max_dH, max_dP, max_dL   largest drifts of energy and momenta (of --model also max_dH_learned)
        position_error           largest distance of a body from where it is in the true motion, at any time
        method_error             the same from the run at h/2: what is the method's, and not the law's
        force_evaluations        what the run costs; derivative_evaluations of implicit methods beside it
        reversal_error           ‖a − b‖/(‖a‖ + ‖b‖) of the start and the end of the run there and back again
        order                    how errors fall with h: measured at h, h/2, h/4 over the first 200 steps; left out \
      where rounding hides it
        symplecticity_defect     largest entry of JᵀSJ − S, J the exact derivative of one step, over five states; left \
      out where an implicit method does not solve the equations of J
        lyapunov_exponent        of the second half of the true motion (Benettin); lyapunov_growth is the factor by \
      which neighbours part there, under 10 in regular motion

      With --model the learned law moves the bodies: where position_error stays at h/2 and method_error falls, \
      the error is the model's.

        noether examine kepler
        noether examine kepler --method rk4 --set integrator.step=62.83185307179586/2000
        noether examine springs --model runs/model --method verlet --set integrator.step=0.01
      """)

  @Argument(help: "A scenario file, or the name of a shipped scenario.")
  var scenario: String

  @Option(help: "A run directory of train, or a model.safetensors, whose law moves the bodies.")
  var model: String?

  @Option(
    help: ArgumentHelp(
      "Another method, one of `noether list integrators`.",
      discussion: "It keeps the step or the tolerance of the scenario, whichever it can use.", valueName: "m")
  )
  var method: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The seed of a random scenario.", valueName: "s"))
  var seed: UInt64?

  @OptionGroup var table: TableOptions
  @OptionGroup var settings: SettingOptions

  func run() throws {
    try table.check()
    let overrides = Simulation.overrides(settings.settings, method: method)
    let scenario = try Scenario.load(Resources.scenario(scenario), overrides: overrides)
    let simulation = try Simulation(scenario, systems: scenario.isEnsemble ? 1 : nil, seed: seed)
    let system = simulation.systems[0]
    let learned = try model.map { try HamiltonianModel.load($0).law(like: system.system) }
    if let learned { try simulation.method.check(learned) }
    let examination = try examine(simulation, law: learned ?? system.system, isLearned: learned != nil)
    let csv = try CSVWriter(table.out, header: ["quantity", "setting", "value"])
    for entry in examination.entries {
      csv.add(entry.quantity)
      csv.add(entry.setting)
      csv.add(entry.value)
      try csv.endRow()
    }
    try csv.finish()
  }

  private func examine(
    _ simulation: Simulation, law: any DynamicalSystem, isLearned: Bool
  ) throws -> MethodExamination {
    let system = simulation.systems[0]
    do {
      return try MethodExamination(
        of: simulation.method, stepping: simulation.stepping, on: law, truth: system.system,
        from: system.initial,
        start: simulation.plan.start, end: simulation.plan.end,
        compensated: simulation.scenario.integrator.compensated, isLearned: isLearned,
        shouldStop: { Interruption.isRequested })
    } catch is MethodExamination.Stopped {
      throw Interruption.stoppedBeforeWriting
    } catch let failure as IntegrationFailure {
      throw NoetherError("\(simulation.scenario.name): \(failure.message)")
    }
  }
}
