// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators

extension Problem {
  /// `frames` states from 0 to `end`.
  public func trajectory(
    _ method: IntegrationMethod, _ stepping: Stepping, end: Double, frames: Int = 2, compensated: Bool = false
  ) throws -> Trajectory {
    var result = Trajectory(bodies: system.bodies)
    _ = try integrate(
      system, from: initial, method: method, stepping: stepping, compensated: compensated,
      plan: FramePlan(start: 0, end: end, frames: frames, stepping: stepping)
    ) { frame, row in
      result.frames.append(frame)
      result.diagnostics.append(row)
    }
    return result
  }

  /// The state at `end`.
  public func state(
    _ method: IntegrationMethod, _ stepping: Stepping, at end: Double, compensated: Bool = false
  ) throws -> PhaseState {
    try trajectory(method, stepping, end: end, compensated: compensated).frames[1].state
  }
}
