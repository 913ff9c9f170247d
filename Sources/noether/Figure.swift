// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// One figure of a run: a script of `plots/`, the CSV file that it reads, and what has to be there to be drawn.
struct Figure: Sendable {
  var script: String
  var file: String
  /// A column without which the figure makes no sense.
  var column: String
  /// What is drawn: `x` against any of `ys`.
  var x: String
  var ys: [String]
  /// Which values have a place on the axis.
  var scale: Scale
  /// Whether all systems are drawn, or the first only.
  var everySystem = false

  enum Scale: Sendable {
    case linear, logarithmic
    /// Logarithmic with a floor for zeros; the start is left out, where every drift is zero by definition.
    case drift
  }

  static let all = [
    Figure(
      script: "trajectories", file: "trajectory.csv", column: "y", x: "x", ys: ["y"], scale: .linear),
    Figure(
      script: "energy-drift", file: "diagnostics.csv", column: "dH", x: "t", ys: ["dH", "dH_learned"],
      scale: .drift, everySystem: true),
    Figure(
      script: "momentum-drift", file: "diagnostics.csv", column: "dL", x: "t", ys: ["dP", "dL"], scale: .drift
    ),
    Figure(
      script: "learned-energy", file: "diagnostics.csv", column: "H_learned", x: "t", ys: ["H_learned"],
      scale: .linear),
    Figure(
      script: "training", file: "training.csv", column: "val_mse", x: "epoch", ys: ["train_mse", "val_mse"],
      scale: .logarithmic),
    Figure(
      script: "training-error", file: "training.csv", column: "val_error", x: "epoch",
      ys: ["train_error", "val_error"], scale: .logarithmic),
    Figure(
      script: "training-mae", file: "training.csv", column: "val_mae", x: "epoch",
      ys: ["train_mae", "val_mae"],
      scale: .logarithmic),
    Figure(script: "angles", file: "angles.csv", column: "error", x: "angle", ys: ["error"], scale: .linear),
    Figure(
      script: "confusion", file: "confusion.csv", column: "count", x: "digit", ys: ["count"], scale: .linear),
    Figure(
      script: "rollout-error", file: "rollout_error.csv", column: "relative_error", x: "t",
      ys: ["relative_error"], scale: .logarithmic, everySystem: true),
    Figure(
      script: "data-efficiency", file: "study_summary.csv", column: "test_mse", x: "train", ys: ["test_mse"],
      scale: .logarithmic, everySystem: true),
    Figure(
      script: "rollout-curves", file: "rollout_curves.csv", column: "mse_median", x: "t",
      ys: ["mse", "mse_median"], scale: .logarithmic),
    Figure(
      script: "force-law", file: "force_law.csv", column: "force_learned", x: "r", ys: ["force_learned"],
      scale: .linear),
    Figure(
      script: "forecast", file: "forecast.csv", column: "error", x: "t",
      ys: ["error", "kepler_error"],
      scale: .logarithmic),
  ]

  /// Whether `directory` holds the file with the column.
  func isIn(_ directory: String) -> Bool {
    var header: [Substring] = []
    Self.readLines(directory + "/" + file) { line in
      header = Self.fields(line)
      return false
    }
    return header.contains { $0 == column }
  }

  /// Whether the file has a row that can be drawn.
  func hasPoints(in directory: String) -> Bool {
    var header: [Substring] = []
    var firstSystem: Substring?
    var found = false
    Self.readLines(directory + "/" + file) { line in
      let fields = Self.fields(line)
      if header.isEmpty {
        header = fields
        return true
      }
      // A name in quotation marks may hold commas: gnuplot reads those.
      if line.contains("\"") { found = true }
      // The last row of a file that was cut off.
      guard !found, fields.count == header.count else { return !found }
      if !everySystem, header.first == "system" {
        if let firstSystem, fields[0] != firstSystem { return false }
        firstSystem = fields[0]
      }
      func number(_ column: String) -> Double? {
        header.firstIndex { $0 == column }.flatMap { Double(fields[$0]) }
      }
      guard number(x)?.isFinite ?? false, scale != .drift || number("step") != 0 else { return true }
      found = ys.contains { column in
        guard let y = number(column), y.isFinite else { return false }
        return scale != .logarithmic || y > 0
      }
      return !found
    }
    return found
  }

  private static func fields(_ line: String) -> [Substring] {
    line.split(separator: ",", omittingEmptySubsequences: false)
  }

  /// Hands the lines of a file to `body` one by one, as files may be larger than memory, until it returns false.
  private static func readLines(_ path: String, _ body: (String) -> Bool) {
    guard let file = fopen(path, "r") else { return }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    while case let length = getline(&line, &capacity, file), length > 0, let start = line {
      if start[length - 1] == CChar(UInt8(ascii: "\n")) { start[length - 1] = 0 }
      guard body(String(cString: start)) else { return }
    }
  }
}
