// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Figures: every one that the files of a run allow, and no other.
@Suite(.enabled(if: Tool.hasGnuplot, "gnuplot is not installed"))
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
      #expect(svg.contains("relative |dH|") == (figure == "energy-drift"))
      let png = try folder.data("\(run)/plots/\(figure).png")
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(png.count > 5000)
    }
    #expect(!folder.exists("\(run)/plots/training.svg"))
  }

  @Test func figuresWithNothingToDrawAreLeftOut() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let table = try folder.text("run/diagnostics.csv").split(separator: "\n")
    let header = table[0].split(separator: ",")
    let dH = try #require(header.firstIndex(of: "dH"))
    let withoutEnergy = table.dropFirst().map { row in
      var fields = row.split(separator: ",")
      fields[dH] = "nan"
      return fields.joined(separator: ",")
    }
    // A header alone, a file cut off in its first rows, a column without a number.
    for (name, text, missing) in [
      ("header", "\(table[0])\n", ["energy-drift", "momentum-drift"]),
      ("cut", "\(table[0])\n\(table[1])\n\(table[2].prefix(20))", ["energy-drift", "momentum-drift"]),
      ("nan", ([String(table[0])] + withoutEnergy).joined(separator: "\n") + "\n", ["energy-drift"]),
    ] {
      _ = try folder.write("run/diagnostics.csv", text)
      try? FileManager.default.removeItem(atPath: folder.file("run/plots"))
      let plot = try Tool.run("plot", folder.file("run"))
      #expect(plot.code == 0, "\(name): \(plot.errors)")
      #expect(folder.exists("run/plots/trajectories.svg"), "\(name)")
      let messages = plot.errors.split(separator: "\n")
      #expect(messages.count == missing.count, "\(name): \(plot.errors)")
      for (figure, message) in zip(missing, messages) {
        #expect(message.hasPrefix("noether: \(figure): left out: "), "\(name): \(message)")
        #expect(!folder.exists("run/plots/\(figure).svg"), "\(name)")
      }
      #expect(folder.exists("run/plots/momentum-drift.svg") == !missing.contains("momentum-drift"), "\(name)")
    }
    _ = try folder.write("run/trajectory.csv", "system,step,t,body,m,x,y,px,py\n")
    _ = try folder.write("run/diagnostics.csv", "\(table[0])\n")
    let nothing = try Tool.run("plot", folder.file("run"))
    #expect(nothing.code == 1)
    #expect(nothing.errors.contains("nothing to draw"))
  }

  @Test func oneBadFigureDoesNotStopTheOthers() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    // A folder in the place of the first figure.
    try FileManager.default.createDirectory(
      atPath: folder.file("run/plots/trajectories.svg"), withIntermediateDirectories: true)
    let plot = try Tool.run("plot", folder.file("run"))
    #expect(plot.code == 1)
    #expect(plot.errors.hasPrefix("noether: trajectories: cannot be drawn"), "\(plot.errors)")
    #expect(plot.errors.contains("1 of 3 figures failed: trajectories"))
    for figure in ["energy-drift", "momentum-drift"] { #expect(folder.exists("run/plots/\(figure).png")) }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.file("run/plots"))
    #expect(!left.contains { $0.contains("partial") }, "\(left)")
  }

  @Test func placesThatCannotBeWrittenAreNamed() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    _ = try folder.write("run/plots", "precious")
    let inTheWay = try Tool.run("plot", folder.file("run"))
    #expect(inTheWay.code == 1)
    #expect(inTheWay.errors.contains(folder.file("run/plots") + ": is in the way"))
    #expect(try folder.text("run/plots") == "precious")
    // Root may write everywhere.
    guard getuid() != 0 else { return }
    try FileManager.default.removeItem(atPath: folder.file("run/plots"))
    chmod(folder.file("run"), 0o555)
    defer { chmod(folder.file("run"), 0o755) }
    let readOnly = try Tool.run("plot", folder.file("run"))
    #expect(readOnly.code == 1)
    #expect(readOnly.errors.contains("no figures can be written there"), "\(readOnly.errors)")
  }

  /// Three epochs have no ticks at halves between them.
  @Test func epochsAreWholeNumbers() throws {
    let folder = try Tool.Folder()
    try FileManager.default.createDirectory(atPath: folder.file("run"), withIntermediateDirectories: true)
    _ = try folder.write(
      "run/training.csv",
      "epoch,step,train_mse,val_mse,lr,seconds\n1,1,1,1,1,1\n2,2,0.1,0.2,1,2\n3,3,0.01,0.1,1,3\n")
    let plot = try Tool.run("plot", folder.file("run"))
    #expect(plot.code == 0, "\(plot.errors)")
    let svg = try folder.text("run/plots/training.svg")
    #expect(svg.contains(">3<") || svg.contains("> 3<"))
    #expect(!svg.contains("1.5<") && !svg.contains("2.5<"))
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
