// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation

struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put runs side by side: what each conserved and how far it strayed.",
    discussion: """
      One line per run directory, read from its diagnostics.csv and rollout_error.csv: the largest drift of \
      energy, linear and angular momentum over all systems and times; for learned runs also the drift of the \
      learned energy and the final distance from the truth (the median over the systems). Training runs have \
      no drifts and are left out.

        noether summary runs/kepler runs/kepler-rk4
        noether summary --csv runs/* > drifts.csv
      """)

  @Argument(help: ArgumentHelp("Run directories.", valueName: "run"))
  var runs: [String]

  @Flag(help: "Write CSV with all digits.")
  var csv = false

  func run() throws {
    let header = [
      "run", "method", "systems", "max_dH", "max_dP", "max_dL", "max_dH_learned", "final_error",
    ]
    let trainings = runs.filter(isTraining)
    let others = runs.filter { !trainings.contains($0) }
    if !trainings.isEmpty {
      let left = "\(trainings.joined(separator: ", ")): only trained, so there are no drifts to show"
      guard !others.isEmpty else { throw NoetherError(left) }
      Terminal.say(left)
    }
    let rows = try others.map(row)
    for run in others {
      if let note = driftNote(run) { Terminal.say("\(run): \(note)") }
    }
    if csv {
      try Terminal.print(([header] + rows).map { $0.joined(separator: ",") + "\n" }.joined())
    } else {
      try Terminal.print(Table([header] + rows.map { $0.map { $0.isEmpty ? "–" : $0 } }).description)
    }
  }

  private static let trainings = [
    TrainRun.command, FitRun.command, ImageRun.command, PropertyRun.command,
  ]

  private func isTraining(_ directory: String) -> Bool {
    !FileManager.default.fileExists(atPath: directory + "/diagnostics.csv")
      && (try? RunRecord.load(directory)).map { Self.trainings.contains($0.command) } ?? false
  }

  /// Why a total drifts by more than its method explains.
  private func driftNote(_ directory: String) -> String? {
    guard let record = try? RunRecord.load(directory), !Self.trainings.contains(record.command),
      record.seeds["scenario"] == nil
    else { return nil }
    return (try? Simulation(record))?.driftNote
  }

  private func row(_ directory: String) throws -> [String] {
    guard Resources.isFolder(directory) else { throw NoetherError("\(directory): no such run directory") }
    guard let diagnostics = try CSVColumns(ifPresent: directory + "/diagnostics.csv") else {
      throw NoetherError("\(directory): no diagnostics.csv; simulate, rollout and diagnose write one")
    }
    let errors = try CSVColumns(ifPresent: directory + "/rollout_error.csv")
    let name = directory.hasSuffix("/") ? String(directory.dropLast()) : directory
    return [
      name, try RunRecord.load(directory).method ?? "",
      String(Set(diagnostics["system"] ?? []).count), number(diagnostics.largest("dH")),
      number(diagnostics.largest("dP")), number(diagnostics.largest("dL")),
      number(diagnostics.largest("dH_learned")), number(errors.flatMap(finalError)),
    ]
  }

  /// The relative error at the last row of each system; of several systems, the median.
  private func finalError(_ errors: CSVColumns) -> Double? {
    guard let systems = errors["system"], let values = errors["relative_error"] else { return nil }
    let last = Dictionary(zip(systems, values)) { $1 }.values.sorted()
    return last.isEmpty ? nil : (last[(last.count - 1) / 2] + last[last.count / 2]) / 2
  }

  private func number(_ value: Double?) -> String {
    guard let value else { return "" }
    return csv ? "\(value)" : value.scientific
  }
}
