// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// One row of training.csv.
public struct ImageEpoch: Sendable, Codable, Equatable {
  /// From 1.
  public var epoch: Int
  public var step: Int
  /// Means over the epoch's batches, each taken before its update.
  public var trainLoss: Double
  public var trainError: Double
  public var validationLoss: Double
  public var validationError: Double
  public var learningRate: Double
  /// Wall time of the epochs so far; in training.csv alone.
  public var seconds = 0.0

  private enum CodingKeys: String, CodingKey {
    case epoch, step, trainLoss, trainError, validationLoss, validationError, learningRate
  }

  static let columns = [
    "epoch", "step", "train_loss", "train_error", "val_loss", "val_error", "lr", "seconds",
  ]
}

/// Trains a network on images into a folder: `training.csv`, `model.safetensors` (the best by validation error, of equals
/// the last) and `last.safetensors` (to go on from), each written atomically.
public final class ImageTrainer {
  private let training: ImageTraining
  public let totalSteps: Int
  public let stepsDone: Int
  public let parameterCount: Int
  /// What a damaged checkpoint meant for where training goes on, if one was.
  public let warning: String?

  struct Callbacks {
    let onStep: (StepRecord) -> Void
    let onEpoch: (ImageEpoch) -> Void
    let shouldStop: () -> Bool
  }

  /// Prepares training in `folder`; with `resume`, from the `last.safetensors` there, if there is one, or where that is damaged
  /// from the one saved before it. `saveEvery`: seconds between two savings, at most.
  public init(
    _ config: ImageConfig, data: ImageData, folder: String, threads: Int, resume: Bool = false,
    saveEvery: Double = 60
  ) throws {
    let model = try PointModel(
      config.model, dimension: 2, inputs: 1, outputs: ImageSet.classes, precision: config.precision,
      training: config.memory())
    let points = try SampledPoints(data.grid.points, dimension: 2, config.model)
    let file = CheckpointFile(folder + "/last.safetensors")
    var warning: String?
    let stored =
      resume ? try file.loadSafetensors(remedy: "begin again with --overwrite") { warning = $0 } : nil
    self.warning = warning
    let checkpoint = try stored.map { try ImageCheckpoint($0, name: file.path, model: model, config) }
    parameterCount = model.network.layout.count
    totalSteps = config.steps
    stepsDone = checkpoint?.state.step ?? 0
    training = try ImageTraining(
      config, checkpoint?.model ?? model, points, data, folder: folder, threads: threads,
      saveEvery: saveEvery, checkpoint: checkpoint)
  }

  /// Trains to the end, or until `shouldStop` says so after a step, and saves what there is.
  ///
  /// A loss or gradient that is not finite throws a `TrainingFailure` that says where the last good state is.
  public func run(
    onStep: @escaping (StepRecord) -> Void = { _ in }, onEpoch: @escaping (ImageEpoch) -> Void = { _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) throws -> TrainingOutcome {
    try training.run(Callbacks(onStep: onStep, onEpoch: onEpoch, shouldStop: shouldStop))
  }
}
