// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A run that could not go on: a state that is not finite, a step that fell to nothing.
public struct IntegrationFailure: Error, Sendable, CustomStringConvertible {
  /// Method, step, time, body, nearest pair and remedy in one sentence or two.
  public let message: String
  /// The step that failed, counted from 1; 0 where the start itself is at fault.
  public let step: Int
  /// The time that step started from.
  public let t: Double
  /// The body that gave offence, where there is one.
  public let body: String?
  /// The smallest distance between two bodies before the step; nil for a single body.
  public let minimumDistance: Double?
  /// The run as it was before the step.
  public let lastGood: Snapshot

  public var description: String { message }

  init(_ fault: StepFault, step: Int, bodies: Bodies, lastGood: Snapshot) {
    // Angles have no distances.
    let pair = bodies.coordinatesKind == .cartesian ? ClosestPair(at: lastGood.q.span, of: bodies) : nil
    body = fault.body.map { bodies.names[$0] }
    minimumDistance = pair?.distance
    self.step = step
    t = lastGood.t
    self.lastGood = lastGood
    let attempt = step == 0 ? "no step can be made" : "step \(step) failed"
    let whose = body.map { " at body '\($0)'" } ?? ""
    let nearest =
      pair.map {
        "; the closest pair is '\(bodies.names[$0.i])' and '\(bodies.names[$0.j])' "
          + "at a distance of \($0.distance)"
      } ?? ""
    message =
      "\(lastGood.method): \(attempt) from t = \(lastGood.t): \(fault.reason)\(whose)\(nearest). "
      + fault.remedy
      + (pair != nil && fault.isOfMeetings
        ? "; after a close encounter, soften the force or start further apart." : ".")
  }
}
