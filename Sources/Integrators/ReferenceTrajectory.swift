// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The true motion, against which others are measured.
public enum ReferenceTrajectory {
  /// GSL's order-8 method at a tolerance far below the error of any model.
  public static let method = IntegrationMethod.gslRK8PD
  public static let tolerance = 1e-12

  /// The states of `system` at `times`, the first of which is that of `initial`; of one that has no H = T + V, `truth` has one.
  ///
  /// Integrated from time to time, so that the times are met exactly. Throws `IntegrationFailure` where the states stop
  /// being finite.
  public static func states(
    of system: any DynamicalSystem, from initial: PhaseState, at times: [Double],
    tolerance: Double = tolerance, diagnosedBy truth: (any MechanicalSystem)? = nil
  ) throws -> [PhaseState] {
    var states = [initial]
    for (last, next) in zip(times, times.dropFirst()) {
      states.append(
        try state(
          of: system, from: states[states.count - 1], at: last, to: next, tolerance: tolerance,
          diagnosedBy: truth))
    }
    return states
  }

  /// The state at the time `end` of the trajectory through `initial` at `start`.
  static func state(
    of system: any DynamicalSystem, from initial: PhaseState, at start: Double, to end: Double,
    tolerance: Double = tolerance, diagnosedBy truth: (any MechanicalSystem)? = nil
  ) throws -> PhaseState {
    let stepping = Stepping.adaptive(tolerance: tolerance)
    var state = initial
    _ = try integrate(
      system, from: initial, method: method, stepping: stepping,
      plan: FramePlan(start: start, end: end, frames: 2, stepping: stepping), diagnosedBy: truth
    ) { frame, _ in state = frame.state }
    return state
  }
}
