// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Integrators

/// How the rollouts of an evaluation step, and the times of the data at which they are compared.
struct RolloutGrid: Sendable {
  let method: IntegrationMethod
  let stepping: Stepping
  let plan: FramePlan
  /// Those of the data, evenly spaced, the start included.
  var times: [Double] { (0..<plan.count).map(plan.time(ofFrame:)) }

  /// The method of the training loss with one step from each of the data's `times` to the next, unless a `method` or a
  /// `step` says otherwise: what a loss has taught is true for its own method, whose errors are in the law.
  ///
  /// Throws where the method is not known, or the step does not divide the data's.
  init(times: [Double], loss: ChunkMethod, method name: String? = nil, step: Double? = nil) throws {
    let method = try IntegrationMethods.named(name ?? loss.name)
    let (start, intervals) = (times[0], times.count - 1)
    let spacing = (times[intervals] - start) / Double(intervals)
    self.method = method
    if let step, !method.takesStep {
      throw NoetherError("--step \(step): \(method.name) chooses its own steps; leave --step out")
    }
    if method.takesTolerance, step == nil {
      stepping = .adaptive(tolerance: ReferenceTrajectory.tolerance)
      plan = try FramePlan(start: start, end: times[intervals], frames: times.count, stepping: stepping)
    } else {
      let ratio = spacing / (step ?? spacing)
      let parts = max(1, min(ratio.rounded(), 1e6))
      guard (ratio - parts).magnitude <= 1e-9 * parts else {
        throw NoetherError(
          "--step \(step ?? spacing): does not divide the time between two states of the data, \(spacing); "
            + "\(spacing / parts) would")
      }
      let step = spacing / parts
      stepping = .fixed(step: step)
      plan = try FramePlan(start: start, steps: intervals * Int(parts), step: step, frames: times.count)
    }
  }
}
