// SPDX-License-Identifier: GPL-3.0-or-later

/// What a network on points is trained for: the data, the loss, and what its errors are.
public protocol PointTask {
  /// What its learner takes at a time.
  associatedtype Samples
  /// What an error is called in training.csv: "error", a share of wrong ones; "mae".
  var errorName: String { get }
  /// Training samples.
  var count: Int { get }
  /// Of the order of the samples in every epoch.
  var seed: UInt64 { get }
  /// Updates the network by some training samples of an epoch, counted from 0. Returns the mean loss and the sum of the errors
  /// before that.
  ///
  /// Throws a `NonFiniteLoss`, or what is wrong with a sample.
  func step(_ learner: PointLearner<Samples>, _ batch: [Int], epoch: Int, rate: Double) throws -> (
    loss: Double, errors: Double
  )
  /// The means of loss and error over the validation set; nil where it was asked to stop.
  func validate(_ learner: PointLearner<Samples>, shouldStop: () -> Bool) throws -> (
    loss: Double, error: Double
  )?
}

/// A task and the learner that is at it, whatever its samples are.
protocol PointWork {
  associatedtype Task: PointTask
  var task: Task { get }
  var learner: PointLearner<Task.Samples> { get }
}

extension PointWork {
  func step(_ batch: [Int], epoch: Int, rate: Double) throws -> (loss: Double, errors: Double) {
    try task.step(learner, batch, epoch: epoch, rate: rate)
  }
  func validate(shouldStop: () -> Bool) throws -> (loss: Double, error: Double)? {
    try task.validate(learner, shouldStop: shouldStop)
  }
  var model: PointModel { learner.current }
  var moments: PointMoments { learner.moments }
}

struct LearnedTask<Task: PointTask>: PointWork {
  let task: Task
  let learner: PointLearner<Task.Samples>
}

/// One row of training.csv.
public struct PointEpoch: Sendable, Codable, Equatable {
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

  static func columns(_ error: String) -> [String] {
    ["epoch", "step", "train_loss", "train_\(error)", "val_loss", "val_\(error)", "lr", "seconds"]
  }
}
