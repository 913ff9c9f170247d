// SPDX-License-Identifier: GPL-3.0-or-later

/// One row of training.csv.
public struct EpochRecord: Sendable, Codable, Equatable {
  /// From 1.
  public var epoch: Int
  /// Steps done since the start of training.
  public var step: Int
  /// The mean of the batch errors of the epoch, each taken before its update. Of Levenberg–Marquardt the mean squared error of
  /// the momenta after one step, before the iteration; of L-BFGS the loss after the round.
  public var trainMSE: Double
  public var validationMSE: Double
  /// Of the epoch's last step; λ after an iteration of Levenberg–Marquardt, 0 for L-BFGS.
  public var learningRate: Double
  /// Wall time of the epochs so far; of an epoch that was interrupted, of the part after. It stands in
  /// training.csv alone, since it is the one thing that differs between two equal runs.
  public var seconds = 0.0

  private enum CodingKeys: String, CodingKey {
    case epoch, step, trainMSE, validationMSE, learningRate
  }

  public static let columns = ["epoch", "step", "train_mse", "val_mse", "lr", "seconds"]
}

/// What is reported after every step.
public struct StepRecord: Sendable {
  public var step: Int
  public var totalSteps: Int
  public var epoch: Int
  /// The batch's error before the update.
  public var loss: Double

  public init(step: Int, totalSteps: Int, epoch: Int, loss: Double) {
    (self.step, self.totalSteps, self.epoch, self.loss) = (step, totalSteps, epoch, loss)
  }
}

/// Training left the range of numbers: it cannot go on as it is.
public struct TrainingFailure: Error, Sendable {
  public var message: String

  public init(message: String) { self.message = message }
}

/// How a call of `run` ended.
public enum TrainingOutcome: Sendable {
  case finished
  case interrupted
}
