// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What `evaluate` prints: the columns metric,value.
extension CSVWriter {
  /// A table of metrics at `path`, or on the standard output.
  convenience init(metrics path: String?) throws {
    try self.init(path, header: ["metric", "value"])
  }

  /// Writes all metrics and puts the table in its place.
  func finish(metrics: [(name: String, value: Double)]) throws {
    for metric in metrics {
      add(metric.name)
      add(metric.value)
      try endRow()
    }
    try finish()
  }
}
