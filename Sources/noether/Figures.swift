// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The figures of a run directory, drawn by gnuplot from its CSV files.
enum Figures {
  /// One figure: a script of `plots/`, the CSV file it reads, a column without which it makes no sense.
  private static let all: [(script: String, file: String, column: String)] = [
    ("trajectories", "trajectory.csv", "x"),
    ("energy-drift", "diagnostics.csv", "dH"),
    ("momentum-drift", "diagnostics.csv", "dP"),
    ("learned-energy", "diagnostics.csv", "H_learned"),
    ("training", "training.csv", "val_mse"),
    ("rollout-error", "rollout_error.csv", "relative_error"),
  ]

  /// Draws every figure that the run's files allow and returns the paths written.
  static func draw(_ directory: String) throws -> [String] {
    guard Resources.isFolder(directory) else { throw NoetherError("\(directory): no such run directory") }
    let figures = all.filter { columns(of: directory + "/" + $0.file).contains($0.column) }
    guard !figures.isEmpty else {
      throw NoetherError(
        "\(directory): no CSV file to draw; expected \(Set(all.map(\.file)).sorted().joined(separator: ", "))"
      )
    }
    let scripts = try Resources.folder("plots")
    let labels = runLabels(directory)
    let folder = URL(fileURLWithPath: directory)
    do {
      try FileManager.default.createDirectory(
        at: folder.appendingPathComponent("plots"), withIntermediateDirectories: true)
    } catch {
      throw NoetherError("\(directory)/plots: cannot be made: \(error.localizedDescription)")
    }
    var written: [String] = []
    for figure in figures {
      for format in ["svg", "png"] {
        let output = "plots/\(figure.script).\(format)"
        try gnuplot(["-c", "\(scripts)/\(figure.script).gp", output] + labels, in: folder)
        written.append("\(directory)/\(output)")
      }
    }
    return written
  }

  private static func columns(of path: String) -> [String] {
    guard let file = FileHandle(forReadingAtPath: path),
      let head = try? file.read(upToCount: 4096),
      let line = String(decoding: head, as: UTF8.self).split(separator: "\n").first
    else { return [] }
    return line.split(separator: ",").map(String.init)
  }

  /// The name and the units of length, time and mass that head and label a figure; "" where unknown.
  private static func runLabels(_ directory: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: directory + "/run.json"),
      let record = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { return ["", "", "", ""] }
    let config = record["config"] as? [String: Any]
    let units = (record["units"] ?? config?["units"]) as? [String: Any]
    let name = (config?["name"] as? String) ?? URL(fileURLWithPath: directory).lastPathComponent
    return [name] + ["length", "time", "mass"].map { units?[$0] as? String ?? "" }
  }

  private static func gnuplot(_ arguments: [String], in folder: URL) throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot"] + arguments
    process.currentDirectoryURL = folder
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus != 127 else {
      throw NoetherError("gnuplot was not found; install it (Debian: apt-get install gnuplot-nox)")
    }
    guard process.terminationStatus == 0 else {
      throw NoetherError("gnuplot failed on \(arguments[1]): \(said)")
    }
  }
}
