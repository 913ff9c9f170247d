// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import Testing

/// The folder of the shipped scenarios.
let scenarioFolder = URL(filePath: #filePath).deletingLastPathComponent().appending(
  path: "../../../scenarios"
).standardizedFileURL.path

private let folder = scenarioFolder

/// Every scenario that is shipped, by the name of its file.
private let shipped = (try? FileManager.default.contentsOfDirectory(atPath: scenarioFolder))?.sorted().filter
{
  $0.hasSuffix(".yaml")
}

@Suite struct ShippedScenarios {
  @Test func areAllThere() {
    let expected: Set = [
      "benchmarks-game.yaml", "double-pendulum.yaml", "fput-alpha.yaml", "fput-beta.yaml", "halley.yaml",
      "harmonic-chain.yaml", "henon-heiles.yaml", "henon-heiles-chaotic.yaml", "inner-solar-system.yaml",
      "lagrange-triangle.yaml", "lennard-jones-7.yaml", "lennard-jones-13.yaml", "oscillator.yaml",
      "outer-solar-system-1986.yaml", "pendulum.yaml", "plummer.yaml", "pythagorean.yaml",
      "spring-network.yaml",
      "stiff-fput.yaml", "triple-pendulum.yaml", "trojan.yaml", "two-charges.yaml",
      "charges.yaml", "figure-eight.yaml", "gaussian-wells.yaml", "kepler.yaml", "lennard-jones.yaml",
      "nbody.yaml", "nbody-2d.yaml", "outer-solar-system.yaml", "rest-springs.yaml", "softened-gravity.yaml",
      "springs.yaml", "springs-3d.yaml",
    ]
    #expect(expected.isSubset(of: shipped ?? []))
  }

  /// Every kind of system has a scenario that can be run as it is.
  @Test func showEveryKind() throws {
    let kinds = try Set(
      (shipped ?? []).compactMap {
        try Scenario.load(folder + "/" + $0).resolved["system"]?["kind"]?.string()
      })
    #expect(kinds == Set(Scenario.systemKinds.map(\.name)))
  }

  @Test(arguments: shipped ?? [])
  func doWhatTheyExpect(_ file: String) throws {
    let scenario = try Scenario.load(folder + "/" + file)
    #expect(scenario.name + ".yaml" == file)
    #expect(!scenario.source.isEmpty && !scenario.description.isEmpty)
    let checks = try checkExpectations(of: scenario, threads: 2)
    #expect(!checks.isEmpty)
    for check in checks { #expect(check.passed, "\(check)") }
  }

  /// Every statement must be able to fail: a coarse step, and figures that are wrong.
  @Test func aWorseRunIsFoundOut() throws {
    let coarse = try Scenario.load(
      folder + "/kepler.yaml",
      overrides: [
        "integrator.method=rk4", "integrator.step=62.83185307179586/1000", "expect.energy=-0.51",
        "expect.position={body: planet, x: [0.5, 0], tolerance: 1e-3}",
      ])
    let checks = try checkExpectations(of: coarse)
    #expect(
      checks.map { String($0.statement.prefix { $0.isLetter || $0 == "_" }) }
        == ["energy", "max_dH", "max_dL", "position", "closure"])
    for check in checks { #expect(!check.passed, "\(check)") }
  }

  @Test(arguments: [
    ("oscillator", "expect.max_dL=1", "expect.max_dL: these bodies have no such momentum; remove it"),
    ("pendulum", "expect.max_dP=1", "expect.max_dP: these bodies have no such momentum; remove it"),
    (
      "pythagorean", "expect.position={body: three, at: 40.05, x: [0, 0], tolerance: 1}",
      "expect.position.at: no frame is kept at 40.05"
    ),
  ])
  func whatCannotBeTestedIsRefused(name: String, change: String, complaint: String) throws {
    let scenario = try Scenario.load(folder + "/\(name).yaml", overrides: [change])
    #expect {
      try checkExpectations(of: scenario)
    } throws: {
      "\($0)".contains(complaint)
    }
  }

  /// Who escapes, and the energy at the end, can be wrong.
  @Test func anotherEndIsFoundOut() throws {
    let other = try Scenario.load(
      folder + "/pythagorean.yaml",
      overrides: ["expect={escapes: five, final_energy: {value: -12, tolerance: 1e-3}}"])
    let bound = try Scenario.load(folder + "/trojan.yaml", overrides: ["expect={escapes: asteroid}"])
    let checks = try checkExpectations(of: other) + checkExpectations(of: bound)
    #expect(checks.map(\.passed) == [false, false, false])
    #expect(checks[1].statement == "escapes: three, expected five")
    #expect(checks[2].statement == "escapes: no body, expected asteroid")
  }

  @Test func aReturnNeedsAFrame() throws {
    let scenario = try Scenario.load(folder + "/kepler.yaml", overrides: ["output.frames=17"])
    #expect(throws: NoetherError.self) { try checkExpectations(of: scenario) }
  }

  @Test func checksDoNotDependOnThreads() throws {
    let scenario = try Scenario.load(folder + "/springs.yaml")
    #expect(try checkExpectations(of: scenario, threads: 1) == checkExpectations(of: scenario, threads: 2))
  }
}
