// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// `noether summary` over whatever a folder of runs holds.
@Suite struct SummaryTests {
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
