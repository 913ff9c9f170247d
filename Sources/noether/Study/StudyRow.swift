// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// What is known of one trained cell: a row of study.csv.
struct StudyRow: Codable {
  enum Status: String, Codable {
    case finished, failed
  }

  let law: String
  let model: String
  let train: Int
  let seed: UInt64
  var status: Status
  var parameters: Int
  /// The best error on the validation systems, which is that of the model that the metrics are of.
  var validation: Double
  /// By name, in the order of `evaluate`.
  var metrics: [Metric]
  /// Wall time of the training.
  var seconds: Double

  /// Rows under one header; a metric that a cell has not is left empty.
  static func write(_ rows: [StudyRow], to path: String) throws {
    var names: [String] = []
    for row in rows {
      for metric in row.metrics where !names.contains(metric.name) { names.append(metric.name) }
    }
    let csv = try CSVWriter(
      path,
      header: ["law", "model", "train", "seed", "status", "parameters", "val_mse"] + names + ["seconds"])
    for row in rows {
      csv.add(row.law)
      csv.add(row.model)
      csv.add(row.train)
      csv.add(String(row.seed))
      csv.add(row.status.rawValue)
      csv.add(row.parameters)
      csv.addIfFinite(row.validation)
      for name in names { csv.addIfFinite(row.metrics.first { $0.name == name }?.value ?? .nan) }
      csv.add(row.seconds)
      try csv.endRow()
    }
    try csv.finish()
  }

  /// The medians over the seeds: what figures show.
  static func writeSummary(_ rows: [StudyRow], to path: String) throws {
    let csv = try CSVWriter(
      path,
      header: [
        "law", "model", "train", "seeds", "parameters", "test_mse", "test_mse_least", "test_mse_largest",
        "seconds",
      ])
    var seen: Set<String> = []
    for row in rows where seen.insert("\(row.law) \(row.model) \(row.train)").inserted {
      let group = rows.filter {
        $0.law == row.law && $0.model == row.model && $0.train == row.train && $0.status == .finished
      }
      let errors = group.compactMap { $0.metrics.first { $0.name == "test_mse" }?.value }.sorted()
      guard let least = errors.first, let largest = errors.last else { continue }
      csv.add(row.law)
      csv.add(row.model)
      csv.add(row.train)
      csv.add(errors.count)
      csv.add(row.parameters)
      csv.add(errors.median() ?? .nan)
      csv.add(least)
      csv.add(largest)
      csv.add(group.map(\.seconds).median() ?? .nan)
      try csv.endRow()
    }
    try csv.finish()
  }
}

extension CSVWriter {
  /// An empty field where there is no number.
  fileprivate func addIfFinite(_ value: Double) {
    if value.isFinite { add(value) } else { add("") }
  }
}
