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
      "figure-eight.yaml", "kepler.yaml", "nbody.yaml", "outer-solar-system.yaml", "springs.yaml",
    ]
    #expect(expected.isSubset(of: shipped ?? []))
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
}
