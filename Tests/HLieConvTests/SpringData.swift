// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import TestSupport
import Testing

@testable import HLieConv

/// Chunks of random springs and planets, and training configurations small enough to train in a test.
enum SpringData {
  static func config(_ overrides: [String] = [], file: String = "springs-small.yaml") throws -> TrainingConfig
  {
    let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scenarios/training/\(file)").path
    return try TrainingConfig.load(
      path,
      overrides: [
        "data.train=200", "data.validation=40", "model.width=32", "model.layers=2", "training.batch=50",
        "training.epochs=3",
      ] + overrides)
  }

  static func dataset(_ config: TrainingConfig, _ split: DataConfig.Split, count: Int? = nil) throws
    -> ChunkDataset
  {
    let scenario = try #require(config.data.scenario)
    let (method, stepping) = (try scenario.integrator.integrationMethod, scenario.integrator.stepping)
    let plan = try FramePlan(scenario, stepping: stepping)
    let first = try scenario.systems(count: 1, seed: 0)[0].system
    var data = ChunkDataset(
      dimension: scenario.dimension, featureNames: first.featureNames,
      points: config.data.chunk, step: plan.time(ofFrame: 1) - plan.time(ofFrame: 0))
    for system in try scenario.systems(
      count: count ?? config.data.count(of: split), seed: config.data.seed,
      first: config.data.first(of: split))
    {
      let start = try config.data.chunkStart(ofSystem: system.index, frames: plan.count)
      var frames: [PhaseState] = []
      _ = try integrate(
        system.system, from: system.initial, method: method, stepping: stepping, plan: plan,
        shouldStop: { frames.count >= start + config.data.chunk },
        onFrame: { frame, _ in frames.append(frame.state) })
      try data.append(system.system, states: Array(frames[start..<start + config.data.chunk]))
    }
    return data
  }

  /// Trains from scratch in `folder` and returns the best model.
  static func train(_ config: TrainingConfig, in folder: String, threads: Int = 2) throws -> HamiltonianModel
  {
    let trainer = try Trainer(
      config, train: dataset(config, .train), validation: dataset(config, .validation), folder: folder,
      threads: threads)
    _ = try trainer.run()
    return try HamiltonianModel.load(folder)
  }
}
