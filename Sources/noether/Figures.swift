// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The figures of a run directory, drawn by gnuplot from its CSV files.
enum Figures {
  /// Draws every figure that the run's files allow; `drawn` is told each path written.
  ///
  /// A figure whose file has nothing to draw is left out with a message; one that fails does not stop the others.
  /// Throws where nothing was there to draw or a figure failed.
  static func draw(_ directory: String, drawn: (String) throws -> Void) throws {
    guard Resources.isFolder(directory) else { throw NoetherError("\(directory): no such run directory") }
    let all = Figure.all
    let figures = all.filter { $0.isIn(directory) }
    guard !figures.isEmpty else {
      throw NoetherError(
        "\(directory): no CSV file to draw; expected \(Set(all.map(\.file)).sorted().joined(separator: ", "))"
      )
    }
    let scripts = try Resources.folder("plots")
    let drawable = figures.filter { $0.hasPoints(in: directory) }
    guard !drawable.isEmpty else {
      throw NoetherError(
        "\(directory): nothing to draw: no rows of finite numbers in "
          + Set(figures.map(\.file)).sorted().joined(separator: ", "))
    }
    try makeFolder(in: directory)
    for figure in figures where !drawable.contains(where: { $0.script == figure.script }) {
      Terminal.say("\(figure.script): left out: \(directory)/\(figure.file) has no finite values to draw")
    }
    let labels = runLabels(directory)
    var failed: [String] = []
    for figure in drawable {
      do {
        for format in ["svg", "png"] {
          let output = "plots/\(figure.script).\(format)"
          try draw(figure, to: output, in: directory, scripts: scripts, labels: labels)
          try drawn("\(directory)/\(output)")
        }
      } catch let failure as DrawingFailure {
        failed.append(figure.script)
        Terminal.say("\(figure.script): cannot be drawn from \(directory)/\(figure.file): \(failure.reason)")
      }
    }
    guard failed.isEmpty else {
      throw NoetherError(
        "\(directory): \(failed.count) of \(drawable.count) figures failed: \(failed.joined(separator: ", "))"
      )
    }
  }

  /// gnuplot could not draw one figure.
  private struct DrawingFailure: Error { var reason: String }

  private static func makeFolder(in directory: String) throws {
    let folder = directory + "/plots"
    if FileManager.default.fileExists(atPath: folder), !Resources.isFolder(folder) {
      throw NoetherError("\(folder): is in the way of the folder for the figures; move it away")
    }
    let place = Resources.isFolder(folder) ? folder : directory
    guard access(place, W_OK) == 0 else {
      throw NoetherError(
        "\(place): no figures can be written there: \(String(cString: strerror(errno))); copy the run to a "
          + "folder of your own and plot that")
    }
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw NoetherError("\(folder): cannot be made: \(error.localizedDescription)")
    }
  }

  /// The file takes its name once it is complete, so that a failure leaves no half of one.
  private static func draw(
    _ figure: Figure, to output: String, in directory: String, scripts: String, labels: [String]
  ) throws {
    let partial = "plots/.partial-\(getpid())-" + output.dropFirst("plots/".count)
    defer { unlink("\(directory)/\(partial)") }
    try gnuplot(
      ["-c", "\(scripts)/\(figure.script).gp", partial] + labels, in: URL(fileURLWithPath: directory))
    guard rename("\(directory)/\(partial)", "\(directory)/\(output)") == 0 else {
      throw DrawingFailure(reason: String(cString: strerror(errno)))
    }
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
      // The reason is the last line, after the place in the script.
      let line = said.split(separator: "\n").last.map(String.init) ?? "gnuplot gave no reason"
      throw DrawingFailure(reason: line.replacing(#/^".*" line \d+: /#, with: ""))
    }
  }
}
