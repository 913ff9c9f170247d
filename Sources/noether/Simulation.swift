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

  /// `steps` takes so many steps, whatever end the scenario has.
  ///
  /// A `seed` is for random scenarios. Throws where the scenario's own numbers do not fit together, naming the line they stand on.
  init(_ scenario: Scenario, systems: Int?, seed: UInt64?, steps: Int? = nil) throws {
    if let seed, !scenario.isEnsemble {
      throw NoetherError(
        "\(scenario.name): --seed \(seed): its bodies are listed, not random, so there is nothing to draw")
    }
    self.scenario = scenario
    let method = try Self.placed(scenario) { try scenario.integrator.integrationMethod }
    let stepping = scenario.integrator.stepping
    try Self.checkStepping(scenario, for: method)
    self.method = method
    self.stepping = stepping
    plan = try Self.placed(scenario) {
      guard let steps else { return try FramePlan(scenario, stepping: stepping) }
      return try FramePlan(scenario, steps: steps, stepping: stepping, method: method)
    }
    self.seed = seed ?? scenario.seed
    let drawn = try scenario.systems(count: systems, seed: seed)
    if let first = drawn.first { try Self.placed(scenario) { try method.check(first.system) } }
    self.systems = drawn
  }

  /// The systems as an ensemble that moves by its own law.
  var ensemble: Ensemble {
    Ensemble(
      members: systems.map { system in
        Ensemble.Member(index: system.index, law: { system.system }, truth: nil, initial: system.initial)
      },
      method: method, stepping: stepping, compensated: scenario.integrator.compensated, plan: plan)
  }

  /// "P is not conserved: body sun is pinned", and L where a pin is away from the origin; nil where nothing holds bodies.
  ///
  /// What holds a body takes up momentum; a central force towards the origin has no torque about it. So does what acts on
  /// the bodies from outside.
  var driftNote: String? {
    // Only listed bodies are pinned, and they are one system.
    let bodies = systems[0].system.bodies
    if let anchor = scenario.anchor {
      return (bodies.momentumNames.L.isEmpty ? "P is not conserved: " : "P and L are not conserved: ")
        + anchor
    }
    let pinned = bodies.pinned.indices.filter { bodies.pinned[$0] }
    guard !pinned.isEmpty else { return nil }
    let q = systems[0].initial.q
    let isCentral = pinned.allSatisfy { body in
      q[body * bodies.dimension..<(body + 1) * bodies.dimension].allSatisfy { $0 == 0 }
    }
    let names = pinned.map { bodies.names[$0] }.joined(separator: ", ")
    return
      (isCentral || bodies.momentumNames.L.isEmpty
      ? "P is not conserved: " : "P, and L about the origin, are not conserved: ")
      + (pinned.count == 1 ? "body \(names) is pinned" : "bodies \(names) are pinned")
  }

  /// Explains, after a run, a drift that no step makes smaller.
  func explainDrifts(quiet: Bool) {
    if !quiet, let driftNote { Terminal.say(driftNote) }
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
        "\(method.name) takes a step, and only a tolerance is given; add --set integrator.step=0.01 or "
          + "choose another method")
    case .tolerance where scenario.integrator.tolerance == nil:
      throw node.error(
        "\(method.name) takes a tolerance, and only a step is given; add --set integrator.tolerance=1e-12 "
          + "or choose another method")
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

extension FramePlan {
  /// `steps` steps from the scenario's start, and as many frames of them as the scenario has, or as there are.
  fileprivate init(
    _ scenario: Scenario, steps: Int, stepping: Stepping, method: IntegrationMethod
  ) throws {
    guard case .fixed(let step) = stepping else {
      throw NoetherError(
        "integrator: \(method.name) chooses its own steps, so --steps cannot count them; add --method verlet and "
          + "--step")
    }
    switch scenario.output {
    case .every(let interval):
      try self.init(start: scenario.time.start, steps: steps, step: step, every: interval)
    case .frames(let frames):
      let count = min(frames, steps + 1)
      try self.init(start: scenario.time.start, steps: steps, step: step, frames: count)
    }
  }
}
