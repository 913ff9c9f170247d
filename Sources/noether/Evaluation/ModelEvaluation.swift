// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// A number by which a model is judged, under the name that tables give it.
struct Metric: Sendable, Equatable, Codable {
  let name: String
  let value: Double
}

/// All that `evaluate` and `study` say of a model: errors of chunks, and of rollouts where they are wanted.
struct ModelEvaluation {
  let chunks: ChunkEvaluation
  let rollouts: RolloutEvaluation?

  /// Of the test systems of `data`; `method` and `step` take the place of the loss's own in rollouts.
  init(
    of model: HamiltonianModel, on data: TrainingData, loss: ChunkMethod, rollouts count: Int,
    method: String? = nil,
    step: Double? = nil, threads: Int, quiet: Bool
  ) throws {
    chunks = try model.evaluate(on: data.dataset(.test), method: loss, threads: threads)
    guard count > 0 else {
      rollouts = nil
      return
    }
    let (systems, times) = try data.starts(.test, count: count)
    let grid = try RolloutGrid(times: times, loss: loss, method: method, step: step)
    let progress = Progress("rollouts", quiet: quiet)
    rollouts = try RolloutEvaluation(
      of: systems, on: grid, seed: data.config.seed, threads: threads, progress: progress
    ) { try model.law(like: $0) }
    progress.finish()
  }

  var metrics: [Metric] {
    [
      Metric(name: "test_mse", value: chunks.mean), Metric(name: "test_mse_median", value: chunks.median),
      Metric(name: "hold_mse", value: chunks.hold), Metric(name: "free_flight_mse", value: chunks.freeFlight),
      Metric(name: "test_systems", value: Double(chunks.systems)),
    ] + (rollouts?.metrics ?? [])
  }
}
