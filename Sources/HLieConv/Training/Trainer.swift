// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Trains a model into a folder: `training.csv`, `model.safetensors` (the best by validation) and
/// `last.safetensors` (to go on from), each written atomically.
public final class Trainer {
  private let run: (Callbacks) throws -> TrainingOutcome
  /// Steps of the whole training, and those done already where it goes on.
  public let totalSteps: Int
  public let stepsDone: Int
  /// What a damaged checkpoint meant for where training goes on, if one was.
  public let warning: String?
  /// 895,297 for the published T(2) model.
  public let parameterCount: Int

  struct Callbacks {
    let onStep: (StepRecord) -> Void
    let onEpoch: (EpochRecord) -> Void
    let shouldStop: () -> Bool
  }

  /// Prepares training in `folder`; with `resume`, from the `last.safetensors` there, if there is one, or where that is damaged
  /// from the one saved before it. `saveEvery`: seconds between two savings, at most.
  ///
  /// Throws where data, model and configuration do not fit each other, or the checkpoint is damaged.
  public init(
    _ config: TrainingConfig, train: ChunkDataset, validation: ChunkDataset, folder: String, threads: Int,
    resume: Bool = false, saveEvery: Double = 60
  ) throws {
    let model = try HamiltonianModel(
      config.model.settled(on: train), dimension: train.dimension, featureNames: train.featureNames,
      precision: config.precision.rawValue, trainingDistance: train.largestDistance,
      training: config.memory()
    ).normalised(by: train)
    parameterCount = model.layout.count
    let file = CheckpointFile(folder + "/last.safetensors")
    let path = file.path
    var warning: String?
    let checkpoint =
      resume
      ? try file.loadSafetensors(remedy: "begin again with --overwrite") { warning = $0 } : nil
    self.warning = warning
    func prepare<T: NetworkScalar>(_ scalar: T.Type) throws -> TrainingRun<T> {
      try TrainingRun<T>(
        config, model: model, train: train, validation: validation, folder: folder, threads: threads,
        saveEvery: saveEvery,
        checkpoint: checkpoint.map { try TrainingCheckpoint($0, name: path, model: model) })
    }
    switch config.precision {
    case .float32:
      let training = try prepare(Float.self)
      (totalSteps, stepsDone, run) = (training.totalSteps, training.state.step, training.run)
    case .float64:
      let training = try prepare(Double.self)
      (totalSteps, stepsDone, run) = (training.totalSteps, training.state.step, training.run)
    }
  }

  /// Trains to the end, or until `shouldStop` says so after a step, and saves what there is.
  ///
  /// A loss or gradient that is not finite throws a `TrainingFailure` that says where the last good state is; files
  /// that cannot be written throw a `NoetherError`, and training can be resumed.
  public func run(
    onStep: @escaping (StepRecord) -> Void = { _ in }, onEpoch: @escaping (EpochRecord) -> Void = { _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) throws -> TrainingOutcome {
    try run(Callbacks(onStep: onStep, onEpoch: onEpoch, shouldStop: shouldStop))
  }
}
