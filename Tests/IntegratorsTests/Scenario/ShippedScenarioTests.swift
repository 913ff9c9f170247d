// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import Testing

/// The folder of the shipped scenarios.
private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
  path: "../../../scenarios"
).standardizedFileURL.path

/// Every scenario that is shipped, by the name of its file.
private let shipped = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted().filter {
  $0.hasSuffix(".yaml")
}

@Suite struct ShippedScenarios {
  @Test func areAllThere() {
    let expected: Set = [
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

  @Test func aReturnNeedsAFrame() throws {
    let scenario = try Scenario.load(folder + "/kepler.yaml", overrides: ["output.frames=17"])
    #expect(throws: NoetherError.self) { try checkExpectations(of: scenario) }
  }

  @Test func checksDoNotDependOnThreads() throws {
    let scenario = try Scenario.load(folder + "/springs.yaml")
    #expect(try checkExpectations(of: scenario, threads: 1) == checkExpectations(of: scenario, threads: 2))
  }
}
