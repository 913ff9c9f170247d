// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

private let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
  .contains { FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot") }

/// Figures: every one that the files of a run allow, and no other.
@Suite(.enabled(if: hasGnuplot, "gnuplot is not installed"))
struct PlotTests {
  @Test func everyFigureOfASimulationIsDrawn() throws {
    let folder = try Tool.Folder()
    // A space and an apostrophe in the path must not matter.
    let run = "it's a run"
    let simulation = try Tool.run("simulate", "nbody", "--systems", "3", "--quiet", "--out", folder.file(run))
    #expect(simulation.code == 0, "\(simulation.errors)")
    let plot = try Tool.run("plot", folder.file(run))
    #expect(plot.code == 0, "\(plot.errors)")
    #expect(plot.errors.isEmpty, "gnuplot complains: \(plot.errors)")
    let figures = ["trajectories", "energy-drift", "momentum-drift"]
    #expect(plot.output.split(separator: "\n").count == 2 * figures.count)
    for figure in figures {
      let svg = try folder.text("\(run)/plots/\(figure).svg")
      #expect(svg.contains("</svg>"), "\(figure) is complete")
      #expect(svg.contains("nbody"), "\(figure) names the scenario")
      let png = try folder.data("\(run)/plots/\(figure).png")
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(png.count > 5000)
    }
    #expect(!folder.exists("\(run)/plots/training.svg"))
  }

  @Test func trainingAndRolloutHaveTheirOwnFigures() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 3)
    let rollout = try Tool.run(
      "rollout", folder.file("model"), "--scenario", "springs", "--systems", "2", "--method", "rk4",
      "--steps",
      "50", "--step", "0.01", "--quiet", "--out", folder.file("rollout"))
    #expect(rollout.code == 0, "\(rollout.errors)")
    for (run, figures) in [
      ("model", ["training"]),
      ("rollout", ["trajectories", "energy-drift", "momentum-drift", "learned-energy", "rollout-error"]),
    ] {
      let plot = try Tool.run("plot", folder.file(run))
      #expect(plot.code == 0, "\(plot.errors)")
      #expect(plot.output.split(separator: "\n").count == 2 * figures.count)
      for figure in figures { #expect(folder.exists("\(run)/plots/\(figure).svg"), "\(figure)") }
    }
  }
}
