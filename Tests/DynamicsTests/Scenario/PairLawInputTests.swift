// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

/// Laws of pairs in scenarios, listed bodies and ensembles, with one thing wrong.
@Suite struct PairLawInput {
  static let charges = """
    format: noether/scenario
    version: 1
    name: charges
    dimension: 2
    system: {kind: coulomb}
    bodies:
      - {name: a, m: 1, charge: 2, x: [0, 0]}
      - {name: b, m: 1, charge: -2, x: [1, 0]}
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 2}

    """
  static let wells = """
    format: noether/scenario
    version: 1
    name: wells
    dimension: 3
    system: {kind: gaussian-wells, squared_width_per_mass: 0.5}
    random:
      kind: cloud
      bodies: 3
      mass: 1
      strength: {uniform: [0, 5]}
      position: {normal: [0, 0.4]}
      momentum: 0
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 2}

    """

  @Test(
    arguments: [
      ("charge: -2", "charge: 0", "no error"),
      ("charge: -2, ", "", "s.yaml:8: bodies.1: charge is missing; under this law every body has its own"),
      ("charge: -2", "charge: x", "s.yaml:8: bodies.1.charge: 'x' is not a number"),
      (
        "charge: -2", "charge: -2, k: 1",
        "bodies.1.k: k belongs to system: {kind: springs, couplings: product} or"
      ),
      (
        "charge: -2", "charge: -2, sigma: 1", "bodies.1.sigma: sigma belongs to system: {kind: lennard-jones}"
      ),
      ("kind: coulomb", "kind: coulomb, softening: -1", "s.yaml:5: system.softening: '-1' is not allowed"),
      ("kind: coulomb", "kind: coulomb, couplings: product", "s.yaml:5: system.couplings: unknown key"),
      ("kind: coulomb", "kind: colomb", "system.kind: 'colomb' is not known; did you mean 'coulomb'?"),
      ("dimension: 2", "dimension: 2\nunits: {G: 1}", "units.G: there is no gravity under kind: coulomb"),
      (
        "x: [1, 0]", "x: [0, 0]", "s.yaml:8: bodies.1: b is where a is; move one, or write a softening length"
      ),
      ("kind: coulomb", "kind: lennard-jones", "bodies.0.charge: charge belongs to system: {kind: coulomb}"),
    ] as [ScenarioInput.Fault])
  func chargesAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.charges, fault) }

  @Test(
    arguments: [
      ("dimension: 3", "dimension: 2", "no error"),
      (
        "squared_width_per_mass: 0.5", "squared_width_per_mass: 0",
        "system.squared_width_per_mass: '0' is not"
      ),
      (
        ", squared_width_per_mass: 0.5", "",
        "s.yaml:5: system.squared_width_per_mass: missing; write squared_width_per_mass: 0.5"
      ),
      ("uniform: [0, 5]", "uniform: [-1, 5]", "random.strength.uniform: draws may be -1.0"),
      ("  strength: {uniform: [0, 5]}\n", "", "random.strength: missing; write strength: {uniform: [0, 5]}"),
      ("strength", "stiffness", "random.stiffness: unknown key"),
      (
        "kind: cloud", "kind: springs",
        "'springs' needs system: {kind: springs, couplings: product}; write cloud"
      ),
    ] as [ScenarioInput.Fault])
  func wellsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.wells, fault) }

  /// Bodies in one place are refused only where their force is not finite.
  @Test func softChargesMayMeet() throws {
    let tree = try ConfigNode.parse(Self.charges, name: "s.yaml").setting("bodies.1.x=[0, 0]")
    #expect(message { try Scenario(tree) }.contains("b is where a is"))
    #expect(try Scenario(tree.setting("system.softening=0.1")).systems().count == 1)
  }

  /// The scenario's law for the bodies of a file, by the names of their parameters.
  @Test func lawsAreLentToOtherBodies() throws {
    let scenario = try Scenario(ConfigNode.parse(Self.wells, name: "s.yaml"))
    let bodies = Bodies(dimension: 3, masses: [1, 2])
    #expect(
      try scenario.system(of: bodies, parameters: ["k": [3, 4], "x": []]).features == [[1, 3], [2, 4]])
    for parameters in [[:], ["k": [1.0]]] {
      #expect(
        message { try scenario.system(of: bodies, parameters: parameters) }
          == "wells: its law needs k of every body; take a trajectory.npz, which has it")
    }
  }
}
