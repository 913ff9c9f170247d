// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators

/// The published problem: six random springs, HLieConv T(2), k = 384, 4 layers, 895,297 parameters.
struct Springs {
  let systems: [ScenarioSystem]

  init(count: Int, scenarios: String) throws {
    systems = try Scenario.load(scenarios + "/springs.yaml").systems(count: count)
  }

  /// The model as it is before training: its speed does not depend on what it knows.
  func model() throws -> HamiltonianModel {
    try HamiltonianModel(
      ModelConfig(), dimension: 2, featureNames: systems[0].system.featureNames, precision: "float32")
  }

  /// Chunks of five points, 5/499 apart, by Kutta's 3/8 rule.
  func chunks() throws -> ChunkDataset {
    let step = 5.0 / 499
    let method = try IntegrationMethods.named("rk4-38")
    let plan = try FramePlan(start: 0, steps: 4, step: step, frames: 5)
    var dataset = ChunkDataset(
      dimension: 2, bodies: 6, featureNames: systems[0].system.featureNames, points: 5, step: step)
    for system in systems {
      var states: [PhaseState] = []
      _ = try integrate(
        system.system, from: system.initial, method: method, stepping: .fixed(step: step), plan: plan
      ) { frame, _ in states.append(frame.state) }
      try dataset.append(system.system, states: states)
    }
    return dataset
  }
}

/// One training step on a batch of chunks: loss, gradient and Adam.
func trainingStep(batch: Int, scenarios: String, threads: Int) throws -> Measurement {
  let springs = try Springs(count: batch, scenarios: scenarios)
  let training = try TrainingStep<Float>(
    springs.model(), data: springs.chunks(), method: .threeEighths, threads: threads)
  let indices = Array(0..<batch)
  return try Measurement("train_step", batch: batch) { _ = try training(indices, rate: 1e-3) }
}
