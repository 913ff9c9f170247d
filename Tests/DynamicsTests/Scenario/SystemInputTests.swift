// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

/// Springs and ensembles with one thing wrong, and the message each must give.
@Suite struct SystemInput {
  @Test(
    arguments: [
      ("j: b", "j: d", "s.yaml:5: system.couplings.0.j: there is no body 'd'"),
      ("j: b", "j: a", "s.yaml:5: system.couplings.0: a spring from a to itself"),
      ("j: 3", "j: 4", "s.yaml:5: system.couplings.1.j: there is no body 4; number them from 1 to 3"),
      ("j: 3", "j: 0", "system.couplings.1.j: there is no body 0"),
      ("j: 3", "j: 99999999999999999999", "there is no body 99999999999999999999"),
      (
        "i: 2, j: 3", "i: 2, j: 1", "system.couplings.1: b and a have a spring already, at s.yaml:5; keep one"
      ),
      // A matter of a warning (WarningTests).
      ("k: 2", "k: -2", "no error"), ("k: 2", "k: .nan", "system.couplings.1.k: '.nan' is not a number"),
      (", k: 2", "", "system.couplings.1.k: missing; write its stiffness"),
      ("rest_length: 0.5", "rest_length: -0.5", "system.couplings.1.rest_length: '-0.5' is not allowed"),
      ("rest_length: 0.5", "rest: 0.5", "system.couplings.1.rest: unknown key"),
      ("x: [2, 0]", "x: [1, 0]", "bodies.2: c is where b is, and the spring between them has a rest length"),
      ("x: [1, 0]", "x: [0, 0]", "no error"),
      (
        "dimension: 2", "dimension: 2\nunits: {G: 1}",
        "s.yaml:5: units.G: there is no gravity under kind: springs"
      ),
      (
        "couplings: [{i: a, j: b, k: 1}, {i: 2, j: 3, k: 2, rest_length: 0.5}]", "couplings: product",
        "s.yaml:6: bodies.0: k is missing; under this law every body has its own, k: 1"
      ),
      (
        "couplings: [{i: a, j: b, k: 1}, {i: 2, j: 3, k: 2, rest_length: 0.5}]", "couplings: all",
        "s.yaml:5: system.couplings: 'all' is not known"
      ),
      (
        "kind: springs,", "kind: springs, rest_length_per_mass: 1,",
        "s.yaml:5: system.rest_length_per_mass: it goes with couplings: product"
      ),
      ("i: a", "i: \"1\"", "system.couplings.0.i: there is no body '1'"),
      ("x: [0, 0]}, ", "x: [0, 0], pinned: true}, ", "no error"),
      (
        "{name: a, m: 1, x: [0, 0]}, {name: b, m: 1, x: [1, 0]}, {name: c, m: 1, x: [2, 0]}", "",
        "bodies: no bodies"
      ),
    ] as [ScenarioInput.Fault])
  func springsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(ScenarioInput.springs, fault) }

  @Test(
    arguments: [
      (
        "kind: springs\n", "kind: spring\n",
        "s.yaml:7: random.kind: 'spring' is not known; did you mean 'springs'?"
      ),
      ("  kind: springs\n", "", "random.kind: missing"),
      (
        "kind: springs\n", "kind: star-and-planets\n",
        "random.kind: 'star-and-planets' needs system: {kind: gravity}"
      ),
      ("bodies: 3", "bodies: 0", "s.yaml:8: random.bodies: '0' is not allowed"),
      ("bodies: 3", "bodies: 100000", "random.bodies: '100000' is not allowed"),
      (
        "uniform: [0.1, 3.1]", "uniform: [3.1, 0.1]",
        "random.mass.uniform: 3.1 is not below 0.1; write the lower end"
      ),
      ("uniform: [0.1, 3.1]", "uniform: [0, 3.1]", "random.mass.uniform: draws may be 0.0"),
      ("uniform: [0.1, 3.1]", "normal: [1, 0.1]", "random.mass.normal: a normal draw may be negative"),
      ("uniform: [0.1, 3.1]", "normal: [1, 1], uniform: [1, 2]", "uniform and normal exclude each other"),
      ("uniform: [0.1, 3.1]", "uniform: [-1e308, 1e308]", "random.mass.uniform: -1e+308 is not below"),
      (
        "normal: [0, 0.4]", "normal: [0, -0.4]",
        "random.position.normal: the standard deviation -0.4 is negative"
      ),
      ("normal: [0, 0.4]", "normal: [0.4]", "random.position.normal: has 1 number; write 2, the mean and"),
      ("bodies: 3", "bodies: 3\n  centring: all", "random.centring: 'all' is not known"),
      ("bodies: 3", "bodies: 3\n  seed: -1", "random.seed: '-1' is not a seed"),
      ("bodies: 3", "bodies: 3\n  systems: 0", "random.systems: '0' is not allowed"),
      ("bodies: 3", "bodies: 3\n  planets: 3", "random.planets: unknown key"),
      ("bodies: 3", "bodies: 3\n  closest: -1", "s.yaml:9: random.closest: '-1' is not allowed"),
      ("kind: springs\n", "kind: cloud\n", "no error"),
      (
        "couplings: product", "couplings: product, rest_length_per_mass: -1",
        "system.rest_length_per_mass: '-1' is not allowed"
      ),
      (
        "kind: springs, couplings: product", "kind: gravity}\nunits: {G: 1",
        "'springs' needs system: {kind: springs, couplings: product}; write cloud"
      ),
      (
        "output: {frames: 2}", "output: {frames: 2}\nbodies: []",
        "bodies and random exclude each other; keep one"
      ),
      ("couplings: product", "couplings: []", "system.couplings: springs cannot be listed for bodies drawn"),
      (
        "output: {frames: 2}", "output: {frames: 2}\nexpect: {position: {body: a, x: [0, 0], tolerance: 1}}",
        "expect.position: bodies drawn at random have no expected position"
      ),
    ] as [ScenarioInput.Fault])
  func ensemblesAreChecked(_ fault: ScenarioInput.Fault) {
    ScenarioInput.check(ScenarioInput.ensemble, fault)
  }
}
