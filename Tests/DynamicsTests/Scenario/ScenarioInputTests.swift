// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import Dynamics

/// Scenarios with one thing wrong, and the message each must give.
@Suite struct ScenarioInput {
  static let gravity = """
    format: noether/scenario
    version: 1
    name: pair
    dimension: 2
    units: {G: 1}
    system: {kind: gravity, softening: 0}
    bodies:
      - {name: Sun, m: 1, x: [0, 0]}
      - {name: Earth, m: 0.1, x: [1, 0], v: [0, 1]}
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 11}

    """
  static let springs = """
    format: noether/scenario
    version: 1
    name: chain
    dimension: 2
    system: {kind: springs, couplings: [{i: a, j: b, k: 1}, {i: 2, j: 3, k: 2, rest_length: 0.5}]}
    bodies: [{name: a, m: 1, x: [0, 0]}, {name: b, m: 1, x: [1, 0]}, {name: c, m: 1, x: [2, 0]}]
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {every: 0.1}

    """
  static let ensemble = """
    format: noether/scenario
    version: 1
    name: ensemble
    dimension: 2
    system: {kind: springs, couplings: product}
    random:
      kind: springs
      bodies: 3
      mass: {uniform: [0.1, 3.1]}
      stiffness: {uniform: [0, 5]}
      position: {normal: [0, 0.4]}
      momentum: {normal: [0, 0.6]}
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 2}

    """

  static func parse(_ text: String) throws -> Scenario {
    try Scenario(ConfigNode.parse(text, name: "s.yaml"))
  }

  @Test func theyAreSoundToBeginWith() throws {
    for text in [Self.gravity, Self.springs, Self.ensemble] { _ = try Self.parse(text).systems() }
  }

  /// What is replaced, by what, and what is then said.
  typealias Fault = (String, String, String)

  @Test(
    arguments: [
      (
        "format: noether/scenario", "format: noether/training",
        "s.yaml:1: format: 'noether/training' is not what"
      ),
      (
        "format: noether/scenario\nversion: 1\nname: pair\ndimension: 2",
        "format: noether/training\nversion: 1\nmodel: {}",
        "s.yaml:1: format: 'noether/training' is not what is needed here; that is noether/scenario"
      ),
      ("m: 0.1", "m: 0,1", "s.yaml:9: bodies.1.1: unknown key; numbers have a point, did you mean m: 0.1?"),
      ("version: 1", "version: 2", "s.yaml:2: version: '2' is from a newer Noether"),
      ("version: 1", "version: 0", "s.yaml:2: version: '0' is not allowed"),
      ("format: noether/scenario\n", "", "s.yaml:1: format: missing; write format: noether/scenario"),
      ("name: pair\n", "", "s.yaml:1: name: missing"),
      ("name: pair", "name: 7", "s.yaml:3: name: '7' is not a text; put it in quotes"),
      (
        "dimension: 2", "dimension: 4",
        "s.yaml:4: dimension: '4' is not allowed; write a whole number from 1 to 3"
      ),
      (
        "dimension: 2", "dimension: 3",
        "s.yaml:8: bodies.0.x: has 2 numbers; write 3, one for each of the 3 dimensions"
      ),
      ("dimension: 2", "dimension: 3", "(body Sun)"),
      ("dimension: 2", "dimensoin: 2", "s.yaml:4: dimensoin: unknown key; did you mean 'dimension'?"),
      ("units: {G: 1}\n", "", "s.yaml:1: units.G: missing where there is gravity; write units: {G: 1}"),
      ("units: {G: 1}", "units: {length: AU}", "s.yaml:5: units.G: missing where there is gravity"),
      (
        "units: {G: 1}", "units: {G: -1}",
        "s.yaml:5: units.G: '-1' is not allowed; write a number greater than 0"
      ),
      (
        "kind: gravity", "kind: gravitation",
        "s.yaml:6: system.kind: 'gravitation' is not known; use one of: gravity"
      ),
      ("kind: gravity", "kind: gravty", "did you mean 'gravity'?"),
      ("softening: 0", "softening: -1", "s.yaml:6: system.softening: '-1' is not allowed"),
      ("softening: 0", "softening: .nan", "s.yaml:6: system.softening: '.nan' is not"),
      ("softening: 0", "couplings: product", "s.yaml:6: system.couplings: unknown key"),
      ("m: 0.1", "m: -0.1", "s.yaml:9: bodies.1.m: '-0.1' is not allowed; write a number that is at least 0"),
      ("m: 0.1", "m: 0", "no error"),
      (
        "m: 0.1, x: [1, 0], v: [0, 1]", "m: 0, x: [1, 0], pinned: true",
        "a pinned body without mass (Earth) does nothing"
      ),
      (
        "m: 1, x: [0, 0]}\n  - {name: Earth, m: 0.1", "m: 0, x: [0, 0]}\n  - {name: Earth, m: 0",
        "s.yaml:8: bodies: no body has mass"
      ),
      ("m: 0.1", "m: heavy", "s.yaml:9: bodies.1.m: 'heavy' is not a number that is at least 0"),
      (
        "dimension: 2", "dimension: 1",
        "s.yaml:4: dimension: '1': bodies under kind: gravity have 2 to 3; write dimension: 2"
      ),
      ("m: 0.1, ", "", "s.yaml:9: bodies.1.m: missing; write its mass"),
      ("m: 0.1", "mass: 0.1", "s.yaml:9: bodies.1.mass: unknown key"),
      ("m: 0.1", "k: 2, m: 0.1", "bodies.1.k: k belongs to system: {kind: springs, couplings: product}"),
      ("x: [1, 0]", "x: [1, .inf]", "s.yaml:9: bodies.1.x.1: '.inf' is not a number; it must be finite"),
      ("x: [1, 0]", "x: 1", "s.yaml:9: bodies.1.x: '1' is not a list"),
      (
        "x: [1, 0]", "x: [-0.0, 0]",
        "s.yaml:9: bodies.1: Earth is where Sun is; move one, or write a softening"
      ),
      ("v: [0, 1]", "v: [0, 1, 2]", "s.yaml:9: bodies.1.v: has 3 numbers; write 2"),
      ("v: [0, 1]", "v: [0, 1], pinned: true", "bodies.1.v: a pinned body (Earth) does not move"),
      ("m: 0.1", "m: 1e300", "no error"),
      (
        "m: 0.1, x: [1, 0], v: [0, 1]", "m: 1e300, x: [1, 0], v: [0, 1e300]",
        "momentum m·v of Earth is too large"
      ),
      ("name: Earth", "name: Sun", "s.yaml:9: bodies.1: the name 'Sun' is taken by s.yaml:8; choose another"),
      ("name: Earth", "name: \"1\"", "s.yaml:9: bodies.1.name: '1' is the number of a place in the list"),
      ("name: Earth", "name: \"\"", "s.yaml:9: bodies.1.name: a name has letters"),
      ("time: {end: 1}", "frame: centre-of-mass\ntime: {end: 1}", "no error"),
      ("x: [0, 0]}", "x: [0, 0], pinned: true}\nframe: centre-of-mass", "not valid YAML"),
      ("time: {end: 1}", "frame: centre\ntime: {end: 1}", "s.yaml:11: frame: 'centre' is not known"),
      ("step: 0.01", "step: 0", "s.yaml:10: integrator.step: '0' is not allowed"),
      (
        "step: 0.01", "step: 0.01, tolerance: 1e-9",
        "s.yaml:10: integrator: step and tolerance exclude each other"
      ),
      (", step: 0.01", "", "s.yaml:10: integrator: neither step nor tolerance; write step: 0.01"),
      ("step: 0.01", "tolerance: -1", "integrator.tolerance: '-1' is not allowed"),
      (
        "step: 0.01", "step: 0.01, compensated: yes",
        "integrator.compensated: 'yes' is not allowed; write true or"
      ),
      ("method: verlet, ", "", "s.yaml:10: integrator.method: missing"),
      ("time: {end: 1}", "time: {end: 0}", "s.yaml:11: time.end: '0' is the start; write a later time"),
      ("time: {end: 1}", "time: {start: 3, end: 3}", "time.end: '3' is the start"),
      ("time: {end: 1}", "time: {start: 3, end: 2}", "no error"),
      ("time: {end: 1}", "time: {}", "s.yaml:11: time.end: missing"),
      (
        "output: {frames: 11}", "output: {frames: 11, every: 1}",
        "output: every and frames exclude each other"
      ),
      ("output: {frames: 11}", "output: {frames: 1}", "s.yaml:12: output.frames: '1' is not allowed"),
      (
        "output: {frames: 11}", "output: {frames: 1000000000000}",
        "output.frames: '1000000000000' is not allowed"
      ),
      ("output: {frames: 11}", "output: {every: 0}", "s.yaml:12: output.every: '0' is not allowed"),
      ("output: {frames: 11}", "output: {}", "s.yaml:12: output.frames: missing; write output"),
      (
        "output: {frames: 11}", "output: {frames: 2}\nexpect: {enrgy: 1}",
        "expect.enrgy: unknown key; did you mean 'energy'?"
      ),
      ("output: {frames: 11}", "output: {frames: 2}\nexpect: {energy: 1}", "expect.tolerance: missing"),
      ("output: {frames: 11}", "output: {frames: 2}\nexpect: {period: 1}", "expect.closure: missing"),
      (
        "output: {frames: 11}",
        "output: {frames: 2}\nexpect: {position: {body: Erth, x: [0, 0], tolerance: 1}}",
        "expect.position.body: there is no body 'Erth'; did you mean 'Earth'?"
      ),
      ("bodies:", "bodies: []\nrandom:", "s.yaml:1: bodies and random exclude each other; keep one"),
    ] as [Fault])
  func gravityIsChecked(_ fault: Fault) { Self.check(Self.gravity, fault) }

  static func check(_ sound: String, _ fault: Fault) {
    let (old, new, complaint) = fault
    guard let range = sound.range(of: old) else {
      Issue.record("'\(old)' is not in the scenario")
      return
    }
    let said = message { try parse(sound.replacingCharacters(in: range, with: new)) }
    #expect(said.contains(complaint), "\(said)")
    #expect(!said.contains("\n") || said.hasPrefix("no error"))
  }

  @Test func everyTruncationIsRefusedOrSound() {
    for text in [Self.gravity, Self.springs, Self.ensemble] {
      for length in 0..<text.count {
        let said = message { try Self.parse(String(text.prefix(length))) }
        #expect(said.hasPrefix("s.yaml") || length >= text.count - 2, "\(length): \(said)")
      }
    }
  }

  /// Damaged at random, a file may be refused or still make sense; it never ends the process.
  @Test func damageNeverTraps() {
    var generator = SeededGenerator(seed: 1)
    let pieces = [
      "[", "]", "{", "}", ":", "-", "9", "1e400", "null", "&a ", "*a", "\n", "'", "\"", "0", "x", "!!", "#",
    ]
    for text in [Self.gravity, Self.springs, Self.ensemble] {
      for _ in 0..<300 {
        var characters = Array(text)
        for _ in 0...generator.index(below: 3) {
          let place = generator.index(below: characters.count)
          characters.replaceSubrange(
            place..<min(characters.count, place + generator.index(below: 4)),
            with: Array(pieces[generator.index(below: pieces.count)]))
        }
        _ = try? Self.parse(String(characters)).systems(count: 1)
      }
    }
  }

  @Test func countsOfSystemsAreBounded() throws {
    let ensemble = try Self.parse(Self.ensemble)
    #expect(message { try ensemble.systems(count: 0) } == "ensemble: 0 systems; ask for 1 to 10000000")
    #expect(message { try ensemble.systems(count: .max) }.contains("ask for 1 to 10000000"))
    #expect(message { try ensemble.systems(first: -1) }.contains("ask for"))
    #expect(message { try ensemble.systems(first: .max) }.contains("ask for"))
    let wide = try Self.parse(Self.ensemble.replacing("bodies: 3", with: "bodies: 2000"))
    #expect(message { try wide.systems(count: 1_000_000) }.contains("need more than 16 GiB"))
    let pair = try Self.parse(Self.gravity)
    #expect(
      message { try pair.systems(count: 2) }
        == "pair: 2 systems; its bodies are listed, not random, so there is one")
  }

  @Test func missingFilesAreNamed() {
    #expect(message { try Scenario.load("no/such.yaml") } == "no/such.yaml: there is no such file")
    let nested = message {
      try Scenario.load(
        at: #require(ConfigNode.parse("scenario: s.yaml", name: "t.yaml", directory: "no")["scenario"]))
    }
    #expect(nested == "t.yaml:1: scenario: there is no file no/s.yaml; write the path from no")
  }
}
