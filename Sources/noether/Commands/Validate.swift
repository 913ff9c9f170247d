// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv
import Images
import Integrators
import Molecules

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a scenario, a training configuration or a study, and a scenario's promises.",
    discussion: """
      Reads the file as strictly as every command does and prints what it describes. With --run, runs a scenario \
      exactly as it stands and holds the result against its expect block; exit code 1 if a check fails.

        noether validate my-system.yaml
        noether validate my-training.yaml --set training.epochs=20
        noether validate outer-solar-system --run
      """)

  @Argument(
    help: ArgumentHelp(
      "A scenario, a training configuration or a study: a file, or the name of one that is shipped, scenarios first."
    ))
  var file: String

  @Flag(name: .customLong("run"), help: "Run a scenario and test its expect block.")
  var isRun = false

  @OptionGroup var settings: SettingOptions
  @OptionGroup var options: WorkOptions

  func run() throws {
    let path = try Resources.scenario(file, in: ["scenarios", "scenarios/training", "scenarios/studies"])
    let node = try ConfigNode.load(path: path, overrides: settings.settings)
    switch try? node["format"]?.string() {
    case StudyConfig.format:
      let cells = try StudyConfig(node).cells.count
      try report(node, at: path, "a study of \(cells) training\(cells == 1 ? "" : "s")")
    case TrainingConfig.format, ImageConfig.format, PropertyConfig.format:
      _ = try Train.prepared(node, options: RunOptions(options))
      try report(node, at: path, "a training configuration")
    default: try check(Scenario(node), at: path)
    }
  }

  private func report(_ node: ConfigNode, at path: String, _ what: String) throws {
    if isRun {
      throw NoetherError("\(path): is \(what), which promises nothing; --run goes with scenarios")
    }
    let name = try node["name"]?.string()
    try Terminal.print("\(path):\(name.map { " \($0)" } ?? "") is valid: \(what)\n")
  }

  private func check(_ scenario: Scenario, at path: String) throws {
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
