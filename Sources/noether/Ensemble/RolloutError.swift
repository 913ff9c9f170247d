// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators

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
      // In units of the largest entry, so that the squares of a rollout that explodes do not overflow.
      let unit = [frame.state, exact].flatMap { $0.q + $0.p }.lazy.map(abs).max() ?? 0
      let difference = square(frame.state, minus: exact, unit: unit)
      let sizes =
        square(frame.state, minus: nil, unit: unit).squareRoot()
        + square(exact, minus: nil, unit: unit).squareRoot()
      let error = sizes > 0 ? difference.squareRoot() / sizes : 0
      if count > 0 { logSum += log(error) }
      return RolloutErrorRow(
        step: frame.step, t: frame.t, stateMSE: difference * unit * unit / Double(2 * exact.q.count),
        relativeError: error, geometricMean: count > 0 ? exp(logSum / Double(count)) : 0)
    }
  }

  /// ‖a − b‖², or ‖a‖² without b, over `unit`².
  private static func square(_ a: PhaseState, minus b: PhaseState?, unit: Double) -> Double {
    guard unit > 0 else { return 0 }
    var sum = 0.0
    for i in a.q.indices {
      let Δq = (a.q[i] - (b?.q[i] ?? 0)) / unit
      let Δp = (a.p[i] - (b?.p[i] ?? 0)) / unit
      sum += Δq * Δq + Δp * Δp
    }
    return sum
  }
}

/// The true states at the times of some frames, to far better accuracy than any rollout has.
///
/// Integrated from frame to frame by GSL's order-8 method, so that the times are those of the frames exactly.
func trueStates(
  at frames: [Frame], of system: any HamiltonianSystem, from initial: PhaseState, tolerance: Double
) throws -> [PhaseState] {
  let method = try IntegrationMethods.named("gsl-rk8pd")
  let stepping = Stepping.adaptive(tolerance: tolerance)
  var states = [initial]
  for (last, next) in zip(frames, frames.dropFirst()) {
    let plan = try FramePlan(start: last.t, end: next.t, frames: 2, stepping: stepping)
    var state = initial
    _ = try integrate(
      system, from: states[states.count - 1], method: method, stepping: stepping, plan: plan
    ) { frame, _ in state = frame.state }
    states.append(state)
  }
  return states
}
