// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Integrators

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a scenario, and with --run what its expect block promises.",
    discussion: """
      Reads the file as strictly as every command does and prints what it describes. With --run, runs it \
      exactly as it stands and holds the result against its expect block; exit code 1 if a check fails.

        noether validate my-system.yaml
        noether validate outer-solar-system --run
      """)

  @Argument(help: ArgumentHelp("A scenario file, or the name of one of `noether list scenarios`."))
  var scenario: String

  @Flag(name: .customLong("run"), help: "Run it and test its expect block.")
  var isRun = false

  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: WorkOptions

  func run() throws {
    let path = try Resources.scenario(scenario)
    let scenario = try Scenario.load(path, overrides: settings.settings)
    let simulation = try Simulation(scenario, systems: nil, seed: nil)
    try Terminal.print("\(path): \(scenario.name) is valid: \(simulation.summary)\n")
    simulation.warn()
    guard isRun else { return }
    guard scenario.expect != nil else {
      throw NoetherError(
        "\(path): expect: missing, so there is nothing to test; write expect: {max_dH: 1e-6}")
    }
    let checks = try simulation.checkExpectations(threads: options.threadCount())
    for check in checks { try Terminal.print("\(check)\n") }
    let failed = checks.count { !$0.passed }
    if failed > 0 {
      throw NoetherError("\(path): expect: \(failed) of \(checks.count) checks failed")
    }
  }
}

extension Simulation {
  /// "5 bodies in 3 dimensions, gsl-rk8pd with tolerance 1e-12, 501 frames from 0 to 5".
  var summary: String {
    let bodies = systems[0].system.bodies.count
    let many = scenario.isEnsemble ? "\(systems.count) system\(systems.count == 1 ? "" : "s") of " : ""
    let how =
      switch stepping {
      case .fixed(let step): "\(plan.steps ?? 0) steps of \(step)"
      case .adaptive(let tolerance): "a tolerance of \(tolerance)"
      }
    return
      "\(many)\(bodies) \(bodies == 1 ? "body" : "bodies") in \(scenario.dimension) dimension\(scenario.dimension == 1 ? "" : "s"), "
      + "\(method.name) with \(how), \(plan.count) frames from \(plan.start) to \(plan.end)"
  }

  fileprivate func checkExpectations(threads: Int) throws -> [ExpectationCheck] {
    do {
      return try Integrators.checkExpectations(of: scenario, threads: threads)
    } catch let failure as IntegrationFailure {
      throw NoetherError("\(scenario.name): \(failure.message)")
    }
  }
}
