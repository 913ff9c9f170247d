// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import noether

/// What a scenario is warned of, and what it is not.
@Suite struct WarningTests {
  private static let folder = Tool.package + "/scenarios/"
  private static let shipped =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasSuffix(".yaml") }
    .sorted()

  private func warnings(_ name: String, _ overrides: String...) throws -> [String] {
    let scenario = try Scenario.load(Self.folder + name + ".yaml", overrides: overrides)
    return try Simulation(scenario, systems: nil, seed: nil).warnings
  }

  /// A warning where nothing is wrong would teach nobody to read them: those that remain are of centres of mass that do move, and of
  /// Pluto.
  @Test(arguments: shipped)
  func shippedScenariosAreWarnedWithCauseAlone(file: String) throws {
    #expect(Self.shipped.count >= 34)
    let name = String(file.dropLast(".yaml".count))
    for warning in try warnings(name) {
      #expect(
        warning.hasPrefix("the total momentum is not zero")
          || warning.hasPrefix("'Pluto' has") && name.hasPrefix("outer-solar-system"), "\(name): \(warning)")
    }
  }

  /// A circle of period 2π, whose twentieth part is 0.314.
  @Test(arguments: [(21.0, false), (19, true)])
  func stepsBeyondATwentiethOfThePeriodAreCoarse(parts: Double, isCoarse: Bool) throws {
    let said = try warnings(
      "kepler", "bodies.1.x=[1, 0]", "bodies.1.v=[0, 1]", "integrator.step=\(2 * Double.pi / parts)",
      "time.end=\(2 * Double.pi)", "output.frames=2")
    #expect(said.contains { $0.contains("is coarse") && $0.contains("of about 6.28") } == isCoarse, "\(said)")
    #expect(said.count == (isCoarse ? 1 : 0))
  }

  /// Störmer–Verlet is stable for hω < 2; ω = 1.
  @Test(arguments: [(1.9, "is coarse"), (2.1, "is unstable")])
  func stepsBeyondStabilityAreUnstable(step: Double, word: String) throws {
    let said = try warnings(
      "oscillator", "integrator.step=\(step)", "time.end=\(10 * step)", "output.frames=2")
    #expect(said.count == 1 && said[0].contains(word), "\(said)")
  }

  /// Beside a pair that flies apart fifteen times as fast as another swings, the swinging is seen: ω² = 2κ·2/m = 8.
  @Test(arguments: [(0.69, "is coarse"), (0.72, "is unstable")])
  func oscillationsAreSeenBesideRepulsion(step: Double, word: String) throws {
    let folder = try Tool.Folder()
    let path = try folder.write(
      "pairs.yaml",
      """
      format: noether/scenario
      version: 1
      name: pairs
      dimension: 1
      system: {kind: springs, couplings: [{i: 1, j: 2, k: 2}, {i: 3, j: 4, k: -30}]}
      bodies: [{m: 1, x: [0], v: [0]}, {m: 1, x: [1], v: [0]}, {m: 1, x: [5], v: [0]}, {m: 1, x: [6], v: [0]}]
      integrator: {method: verlet, step: \(step)}
      time: {end: \(2 * step)}
      output: {frames: 2}

      """)
    let said = try Simulation(Scenario.load(path), systems: nil, seed: nil).warnings
    #expect(said.contains { $0.contains(word) && $0.contains("2.22") }, "\(said)")
  }

  /// The Pythagorean bodies with one made light, down to a test particle, which exerts no force: periods by the eigenvalues of the dense
  /// matrix, independently computed.
  @Test(arguments: [(0, 10.88), (1, 15.45), (2, 26.55)], ["0", "1e-9", "1e-24"])
  func lightBodiesAreJudgedLikeOthers(body: (index: Int, period: Double), mass: String) throws {
    for (step, isCoarse) in [(body.period / 21, false), (body.period / 19, true)] {
      let said = try warnings(
        "pythagorean", "bodies.\(body.index).m=\(mass)", "integrator={method: verlet, step: \(step)}",
        "time.end=\(10 * step)", "output.frames=2", "expect=null")
      #expect(said.contains { $0.contains("is coarse") } == isCoarse, "\(said)")
    }
  }

  @Test func framesWithinAdaptiveStepsAreWarnedOf() throws {
    for (setting, isWarned) in [("tolerance: 1e-9", true), ("step: 62.83185307179586/20000", false)] {
      let said = try warnings(
        "kepler", "integrator={method: gsl-rk8pd, \(setting)}", "output={frames: 201, interpolate: true}")
      #expect(said.contains { $0.hasPrefix("frames within the steps of gsl-rk8pd") } == isWarned, "\(said)")
    }
  }

  @Test func longTablesAreToldBefore() throws {
    let said = try warnings(
      "kepler", "integrator.step=62.83185307179586/20000000", "output.frames=20000001")
    #expect(said.contains { $0.hasPrefix("trajectory.csv will have about 5 GB") }, "\(said)")
  }

  @Test func bodiesAsLightAsPlutoAreNamed() throws {
    let said = try warnings("outer-solar-system").filter {
      $0.hasPrefix("'Pluto' has 7.69e-09 of the mass of 'Sun'")
    }
    #expect(said.count == 1 && said[0].contains("m: 0 makes it a test particle"), "\(said)")
    #expect(
      try warnings("outer-solar-system", "bodies.5.m=1e-60").contains { $0.hasPrefix("'Pluto' has 1e-60") })
    for mass in ["0", "2e-8"] {
      #expect(try !warnings("outer-solar-system", "bodies.5.m=\(mass)").contains { $0.contains("Pluto") })
    }
  }

  @Test func implicitSymplecticMethodsAreWarnedOfATolerance() throws {
    for (setting, isWarned) in [("tolerance: 1e-9", true), ("step: 62.83185307179586/2000", false)] {
      let said = try warnings("kepler", "integrator={method: gsl-rk4imp, \(setting)}")
      #expect(said.contains { $0.contains("gsl-rk4imp is symplectic with a fixed step alone") } == isWarned)
    }
    #expect(try warnings("kepler", "integrator={method: gsl-rk8pd, tolerance: 1e-9}").isEmpty)
  }

  /// A repulsive spring is warned of with its place, runs, and keeps its energy; its law is read back from the archive.
  @Test func repulsiveSpringsRun() throws {
    let folder = try Tool.Folder()
    let path = try folder.write(
      "hill.yaml",
      """
      format: noether/scenario
      version: 1
      name: hill
      dimension: 2
      system:
        kind: springs
        couplings:
          - {i: 1, j: 2, k: 2}
          - {i: 2, j: 3, k: -0.5, rest_length: 1}
      bodies: [{m: 1, x: [0, 0]}, {m: 1, x: [1, 0]}, {m: 1, x: [2.5, 0.1]}]
      integrator: {method: yoshida4, step: 0.01}
      time: {end: 2}
      output: {frames: 11}

      """)
    let run = try Tool.run("simulate", path, "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0)
    #expect(
      run.errors
        == "noether: warning: \(path):9: system.couplings.1.k: -0.5 is below 0: this spring drives its ends away from its "
        + "rest length, ever faster\n", "\(run.errors)")
    try FileManager.default.moveItem(
      atPath: folder.file("run/trajectory.npz"), toPath: folder.file("alone.npz"))
    let rows = try Tool.run("diagnose", folder.file("alone.npz")).output.split(separator: "\n").dropFirst()
    #expect(rows.count == 11)
    for row in rows {
      #expect(abs(Double(row.split(separator: ",")[6]) ?? 1) < 1e-6, "\(row)")
    }
  }
}
