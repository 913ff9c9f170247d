// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// How far a rollout is from the truth at one kept time.
struct RolloutErrorRow: Sendable, Equatable {
  var step: Int
  var t: Double
  /// Mean over all positions and momenta of the squared difference.
  var stateMSE: Double
  /// ‖a − b‖ / (‖a‖ + ‖b‖) of the whole states: 0 where they agree, at most 1.
  var relativeError: Double
  /// exp of the mean of log(relative error) over the rows so far, the first left out: there they agree.
  var geometricMean: Double

  static let columns = ["step", "t", "state_mse", "relative_error", "geometric_mean"]
  var numbers: [Double] { [t, stateMSE, relativeError, geometricMean] }

  /// Compares `frames` with the states of the true law at the same times.
  static func rows(_ frames: [Frame], truth: [PhaseState]) -> [RolloutErrorRow] {
    var logSum = 0.0
    return zip(frames, truth).enumerated().map { count, pair in
      let (frame, exact) = pair
      let error = StateError(of: frame.state, from: exact)
      if count > 0 { logSum += log(error.relative) }
      return RolloutErrorRow(
        step: frame.step, t: frame.t, stateMSE: error.meanSquare, relativeError: error.relative,
        geometricMean: count > 0 ? exp(logSum / Double(count)) : 0)
    }
  }
}
