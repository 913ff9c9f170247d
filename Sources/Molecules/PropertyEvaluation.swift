// SPDX-License-Identifier: GPL-3.0-or-later

import HLieConv

/// How well a network on molecules gives the property that it was trained for, in the property's unit.
public struct PropertyEvaluation: Sendable {
  public let molecules: Int
  public let mae: Double
  public let rmse: Double
  /// The mean absolute error of the composition alone, or of the mean where the property is intensive.
  public let compositionMAE: Double

  /// Of the test set; nil where it was asked to stop.
  public init?(
    of model: PointModel, on data: PropertyData, threads: Int, shouldStop: () -> Bool = { false },
    onProgress: (Double) -> Void = { _ in }
  ) throws {
    // No more than training had at a time, and few of large ones.
    let batch = max(1, min(32, data.config.plan.batch, 4096 / data.largest))
    let learner = try data.learner(model, batch: batch, threads: threads)
    let predictor = PropertyPredictor(learner: learner, data: data, batch: batch, threads: threads)
    guard let errors = try predictor.errors(.test, shouldStop: shouldStop, onProgress: onProgress) else {
      return nil
    }
    let count = Double(errors.count)
    molecules = errors.count
    mae = errors.reduce(0) { $0 + abs($1) } / count
    rmse = (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    compositionMAE = data.molecules(.test).reduce(0) { $0 + abs($1.rest) } / count
  }
}
