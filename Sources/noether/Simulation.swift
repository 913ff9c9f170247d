// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators

/// What a scenario asks for, ready to be run: its systems, the method and which states are kept.
struct Simulation: Sendable {
  let scenario: Scenario
  let systems: [ScenarioSystem]
  let seed: UInt64
  let method: IntegrationMethod
  let stepping: Stepping
  let plan: FramePlan

  /// Throws where the scenario's own numbers do not fit together, naming the line they stand on.
  init(_ scenario: Scenario, systems: Int?, seed: UInt64?) throws {
    self.scenario = scenario
    let method = try Self.placed(scenario) { try scenario.integrator.integrationMethod }
    let stepping = scenario.integrator.stepping
    try Self.checkStepping(scenario, for: method)
    self.method = method
    self.stepping = stepping
    plan = try Self.placed(scenario) { try FramePlan(scenario, stepping: stepping) }
    self.seed = seed ?? scenario.seed
    self.systems = try scenario.systems(count: systems, seed: seed)
  }

  /// The systems as an ensemble that moves by its own law.
  var ensemble: Ensemble {
    Ensemble(
      members: systems.map { system in
        Ensemble.Member(index: system.index, law: { system.system }, truth: nil, initial: system.initial)
      },
      method: method, stepping: stepping, compensated: scenario.integrator.compensated, plan: plan)
  }

  /// The overrides that `--method` stands for: the new method keeps the step or the tolerance that the file
  /// has, whichever it can use.
  static func overrides(_ settings: [String], method: String?) -> [String] {
    settings + (method.map { ["integrator.method=\($0)"] } ?? [])
  }

  private static func checkStepping(_ scenario: Scenario, for method: IntegrationMethod) throws {
    let node = scenario.resolved["integrator"] ?? scenario.resolved
    switch method.takes {
    case .step where scenario.integrator.step == nil:
      throw node.error(
        "\(method.name) takes a step, and only a tolerance is given; add --set integrator.step=0.01")
    case .tolerance where scenario.integrator.tolerance == nil:
      throw node.error(
        "\(method.name) takes a tolerance, and only a step is given; add --set integrator.tolerance=1e-12")
    default: break
    }
  }

  /// Puts the file and the line of the offending block before a message about it.
  private static func placed<T>(_ scenario: Scenario, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as NoetherError {
      let subject = String(error.message.prefix { $0 != ":" })
      let (block, key) =
        switch subject {
        case "every", "frames": ("output", subject)
        case "time": ("time", "end")
        case "integrator": ("integrator", "method")
        default: ("integrator", subject)
        }
      let node = scenario.resolved[block]
      guard let place = (node?[key] ?? node)?.place, !place.isEmpty else { throw error }
      throw NoetherError("\(place): \(error.message)", exitCode: error.exitCode)
    }
  }
}
