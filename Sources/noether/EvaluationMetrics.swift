// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// The metrics of a model on test systems, by name and in the order in which `evaluate` prints them.
func evaluationMetrics(
  of model: HamiltonianModel, _ config: TrainingConfig, test: ChunkDataset, rollouts: Int, threads: Int
) throws -> [StudyRow.Metric] {
  let result = try model.evaluate(on: test, method: config.method, threads: threads)
  return [
    StudyRow.Metric(name: "test_mse", value: result.mean),
    StudyRow.Metric(name: "test_mse_median", value: result.median),
    StudyRow.Metric(name: "hold_mse", value: result.hold),
    StudyRow.Metric(name: "free_flight_mse", value: result.freeFlight),
    StudyRow.Metric(name: "test_systems", value: Double(result.systems)),
  ]
}
