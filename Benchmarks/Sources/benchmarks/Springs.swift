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

/// One training step on a batch of chunks: loss, gradient and Adam; saving and validation are not counted.
func trainingStep(batch: Int, steps: Int, scenarios: String, threads: Int) throws -> Measurement {
  let data = try Springs(count: batch, scenarios: scenarios).chunks()
  let one = try Springs(count: 1, scenarios: scenarios).chunks()
  let config = try TrainingConfig.load(
    scenarios + "/training/springs-T2.yaml",
    overrides: [
      "data.train=\(batch)", "data.validation=1", "training.batch=\(batch)", "training.epochs=\(steps + 1)",
    ])
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
    "noether-bench-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let trainer = try Trainer(config, train: data, validation: one, folder: folder.path, threads: threads)
  let clock = ContinuousClock()
  var start = clock.now
  var milliseconds: [Double] = []
  // Every epoch is one step: asked whether to stop just before it, told just after it.
  _ = try trainer.run(
    onStep: { _ in milliseconds.append((clock.now - start) / .milliseconds(1)) },
    shouldStop: {
      start = clock.now
      return false
    })
  return Measurement("train_step", batch: batch, milliseconds: Array(milliseconds.dropFirst()))
}
