// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators

/// What a scenario asks for, ready to be run: its systems, the method and which states are kept.
struct Simulation: Sendable {
  let scenario: Scenario
  let systems: [ScenarioSystem]
  let method: IntegrationMethod
  let stepping: Stepping
  let plan: FramePlan

  /// Throws where the scenario's own numbers do not fit together, naming the line they stand on.
  init(_ scenario: Scenario, systems: Int?, seed: UInt64?) throws {
    self.scenario = scenario
    let choice = scenario.integrator
    let method = try Self.placed(scenario) { try IntegrationMethods.named(choice.method) }
    let stepping = try Self.stepping(scenario, for: method)
    self.method = method
    self.stepping = stepping
    plan = try Self.placed(scenario) {
      switch scenario.output {
      case .every(let every):
        try FramePlan(
          start: scenario.time.start, end: scenario.time.end, every: every, stepping: stepping)
      case .frames(let frames):
        try FramePlan(
          start: scenario.time.start, end: scenario.time.end, frames: frames, stepping: stepping)
      }
    }
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

  private static func stepping(_ scenario: Scenario, for method: IntegrationMethod) throws -> Stepping {
    let choice = scenario.integrator
    switch (method.takes, choice.step, choice.tolerance) {
    case (.step, let step?, _): return .fixed(step: step)
    case (.tolerance, _, let tolerance?): return .adaptive(tolerance: tolerance)
    case (.step, nil, _):
      throw (scenario.resolved["integrator"] ?? scenario.resolved).error(
        "\(method.name) takes a step, and only a tolerance is given; add --set integrator.step=0.01")
    case (.tolerance, _, nil):
      throw (scenario.resolved["integrator"] ?? scenario.resolved).error(
        "\(method.name) takes a tolerance, and only a step is given; add --set integrator.tolerance=1e-12")
    }
  }

  /// Puts the file and the line of the offending block before a message about it.
  private static func placed<T>(_ scenario: Scenario, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as NoetherError {
      let subject = error.message.prefix { $0 != ":" }
      let block =
        switch subject {
        case "every", "frames": "output"
        case "time": "time"
        default: "integrator"
        }
      guard let place = scenario.resolved[block]?.place, !place.isEmpty else { throw error }
      throw NoetherError("\(place): \(error.message)", exitCode: error.exitCode)
    }
  }
}
