// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

/// Scenarios on a line, in a field and of angles, with one thing wrong.
@Suite struct LineInput {
  static func text(_ dimension: Int, _ system: String, _ bodies: String) -> String {
    """
    format: noether/scenario
    version: 1
    name: line
    dimension: \(dimension)
    system: \(system)
    bodies: [\(bodies)]
    integrator: {method: rk4, step: 0.01}
    time: {end: 1}
    output: {frames: 2}

    """
  }
  static let chain = text(1, "{kind: chain, alpha: 0.25}", "{m: 1, x: [0.1]}, {m: 2, x: [0.1]}")
  static let stiff = text(1, "{kind: stiff-chain, omega: 50}", "{m: 1, x: [0.1]}, {m: 1, x: [0]}")
  static let rods = text(1, "{kind: pendulum, g: 9.81}", "{name: a, m: 1, length: 2, x: [3], v: [1]}")
  static let star = text(2, "{kind: henon-heiles}", "{m: 1, x: [0, 0.1]}, {m: 1, x: [0, 0.1]}")

  @Test func theyAreSoundToBeginWith() throws {
    for text in [Self.chain, Self.stiff, Self.rods, Self.star] { _ = try ScenarioInput.parse(text).systems() }
  }

  @Test(
    arguments: [
      ("x: [0.1]", "x: 0.1", "bodies.0.x: '0.1' is not a list"),
      ("x: [0.1]", "x: [0.1, 0]", "bodies.0.x: has 2 numbers; write 1, for the one dimension (body 1)"),
      (
        "dimension: 1", "dimension: 2",
        "s.yaml:4: dimension: '2': bodies under kind: chain have 1; write dimension: 1"
      ),
      ("alpha: 0.25", "alpha: x", "s.yaml:5: system.alpha: 'x' is not a number"),
      ("alpha: 0.25", "alpah: 1", "system.alpah: unknown key; did you mean 'alpha'?"),
      ("alpha: 0.25", "g: 1", "s.yaml:5: system.g: unknown key"),
      ("alpha: 0.25", "stiffness: 0", "system.stiffness: '0' is not allowed"),
      ("m: 2", "m: 0", "bodies.1.m: '0' is not allowed; write a number greater than 0"),
      ("m: 2", "m: 2, pinned: true", "no error"),
      (
        "integrator:", "frame: centre-of-mass\nintegrator:",
        "s.yaml:7: frame: the ends of the chain are held, so that they have no centre-of-mass frame"
      ),
      (
        "output: {frames: 2}", "output: {frames: 2}\nexpect: {position: {body: 2, x: [0], tolerance: 1}}",
        "no error"
      ),
      (
        "output: {frames: 2}", "output: {frames: 2}\nexpect: {position: {body: 3, x: [0], tolerance: 1}}",
        "s.yaml:10: expect.position.body: there is no body '3'"
      ),
      (
        "output: {frames: 2}",
        "output: {frames: 2}\nexpect: {position: [{body: 2, x: [0, 1], tolerance: 1}]}",
        "expect.position.0.x: has 2 numbers; write 1, for the one dimension"
      ),
      (
        "output: {frames: 2}", "output: {frames: 2}\nexpect: {escapes: 2}",
        "expect.escapes: only listed bodies under gravity are asked who escapes"
      ),
      (
        "output: {frames: 2}", "output: {frames: 2}\nexpect: {final_energy: {value: 1}}",
        "expect.final_energy.tolerance: missing"
      ),
    ] as [ScenarioInput.Fault])
  func chainsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.chain, fault) }

  @Test(
    arguments: [
      (", {m: 1, x: [0]}", "", "s.yaml:6: bodies: 1 bodies; under stiff-chain they come in pairs"),
      (", omega: 50", "", "s.yaml:5: system.omega: missing; write omega: 50.0"),
      ("omega: 50", "omega: -1", "system.omega: '-1' is not allowed; write a number greater than 0"),
    ] as [ScenarioInput.Fault])
  func stiffChainsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.stiff, fault) }

  @Test(
    arguments: [
      ("length: 2, ", "", "bodies.0: length is missing; under this law every body has its own, length: 1"),
      ("length: 2", "length: 0", "bodies.0.length: '0' is not allowed"),
      (", v: [1]", ", pinned: true", "bodies.0.pinned: bodies under kind: pendulum cannot be pinned"),
      (", g: 9.81", "", "s.yaml:5: system.g: missing; write g: 9.81"),
      ("system:", "units: {G: 1}\nsystem:", "units.G: there is no gravity under kind: pendulum"),
      ("dimension: 1", "dimension: 3", "bodies under kind: pendulum have 1; write dimension: 1"),
    ] as [ScenarioInput.Fault])
  func pendulumsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.rods, fault) }

  @Test(
    arguments: [
      ("dimension: 2", "dimension: 3", "bodies under kind: henon-heiles have 2; write dimension: 2"),
      ("kind: henon-heiles", "kind: henon-helies", "system.kind: 'henon-helies' is not known; did you mean"),
      ("kind: henon-heiles", "kind: henon-heiles, lambda: .inf", "it must be finite"),
    ] as [ScenarioInput.Fault])
  func fieldsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.star, fault) }

  /// Angular velocities become canonical momenta: of one rod ml²ω.
  @Test func velocitiesBecomeMomenta() throws {
    let one = try #require(try ScenarioInput.parse(Self.rods).systems().first)
    #expect(one.initial == PhaseState(q: [3], p: [4]))
    let two = try #require(
      try ScenarioInput.parse(
        Self.rods.replacing("v: [1]}", with: "v: [1]}, {m: 1, length: 1, x: [3], v: [2]}")
      )
      .systems().first)
    // M = [[8, 2], [2, 1]] where both rods are parallel.
    #expect(two.initial == PhaseState(q: [3, 3], p: [12, 4]))
    #expect((try? two.system.separable()) == nil)
  }

  /// Any number of systems is drawn under these laws too, each from its stream.
  @Test func ensemblesMayLieOnALine() throws {
    let cloud =
      "random: {kind: cloud, bodies: 4, mass: 1, position: {normal: [0, 1]}, momentum: 0, systems: 3}"
    let text = Self.chain.replacing("bodies: [{m: 1, x: [0.1]}, {m: 2, x: [0.1]}]", with: cloud)
    let systems = try ScenarioInput.parse(text).systems()
    #expect(systems.count == 3 && systems.allSatisfy { $0.initial.q.count == 4 })
    let odd = text.replacing("kind: chain, alpha: 0.25", with: "kind: stiff-chain, omega: 5").replacing(
      "bodies: 4", with: "bodies: 5")
    #expect(message { try ScenarioInput.parse(odd) }.contains("random.bodies: 5 bodies; under stiff-chain"))
  }
}
