// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// `noether summary` over whatever a folder of runs holds.
@Suite struct SummaryTests {
  @Test func pinnedBodiesExplainTheDriftOfMomentum() throws {
    let folder = try Tool.Folder()
    let pinned = try Tool.run("simulate", "kepler", "--out", folder.file("pinned"))
    #expect(pinned.code == 0, "\(pinned.errors)")
    #expect(pinned.errors.hasSuffix("noether: P is not conserved: body sun is pinned\n"), "\(pinned.errors)")
    let free = try Tool.run("simulate", "figure-eight", "--out", folder.file("free"))
    #expect(free.code == 0, "\(free.errors)")
    #expect(!free.errors.contains("not conserved"), "\(free.errors)")

    let summary = try Tool.run("summary", folder.file("free"), folder.file("pinned"))
    #expect(summary.code == 0)
    #expect(
      summary.errors == "noether: \(folder.file("pinned")): P is not conserved: body sun is pinned\n")
  }

  @Test func pinsAwayFromTheOriginTurnTheOthers() throws {
    let folder = try Tool.Folder()
    let path = try folder.write(
      "two-centres.yaml",
      """
      format: noether/scenario
      version: 1
      name: two-centres
      dimension: 2
      units: {G: 1}
      system: {kind: gravity, softening: 0}
      bodies:
        - {name: left, m: 1, x: [-1, 0], pinned: true}
        - {name: right, m: 1, x: [1, 0], pinned: true}
        - {name: light, m: 0.1, x: [0, 2], v: [0.5, 0]}
      integrator: {method: verlet, step: 0.01}
      time: {end: 1}
      output: {frames: 11}
      """)
    let run = try Tool.run("simulate", path, "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.errors.hasSuffix("P, and L about the origin, are not conserved: bodies left, right are pinned\n"),
      "\(run.errors)")
  }

  @Test func trainingRunsAreLeftOut() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    try LearningTests.train(folder, "model", epochs: 1)

    let summary = try Tool.run("summary", "--csv", folder.file("model"), folder.file("run"))
    #expect(summary.code == 0, "\(summary.errors)")
    let lines = summary.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].hasPrefix("run,method,"))
    #expect(lines[1].hasPrefix(folder.file("run") + ","))
    #expect(summary.errors.split(separator: "\n").count == 1)
    #expect(summary.errors.contains(folder.file("model") + ": only trained"))

    let none = try Tool.run("summary", "--csv", folder.file("model"))
    #expect(none.code == 1)
    #expect(none.output.isEmpty)
    #expect(none.errors.contains(folder.file("model") + ": only trained"))
  }
}
