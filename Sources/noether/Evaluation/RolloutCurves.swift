// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension RolloutEvaluation {
  /// The columns of rollout_curves.csv.
  static let curveColumns = [
    "step", "t", "mse", "mse_median", "relative_error", "method_mse", "floor_mse", "hold_mse",
    "free_flight_mse",
  ]

  /// Writes rollout_curves.csv under its columns: the errors at every step, over all systems.
  func writeCurves(to csv: CSVWriter) throws {
    for (step, t) in times.enumerated() where !systems.isEmpty {
      csv.add(step)
      csv.add(t)
      csv.add(mean(\.law, at: step))
      csv.add(median(at: step))
      // At the start all agree: its error is 0, which no geometric mean has.
      csv.add(step == 0 ? 0 : relativeError(\.law, at: step...step))
      csv.add(mean(\.method, at: step))
      csv.add(mean(\.floor, at: step))
      csv.add(mean(\.hold, at: step))
      csv.add(mean(\.freeFlight, at: step))
      try csv.endRow()
    }
    try csv.finish()
  }
}
