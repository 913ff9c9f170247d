// SPDX-License-Identifier: GPL-3.0-or-later

/// A state that was kept: after `step` steps, at time `t`.
public struct Frame: Sendable, Equatable {
  public var step: Int
  public var t: Double
  public var state: PhaseState

  public init(step: Int, t: Double, state: PhaseState) {
    self.step = step
    self.t = t
    self.state = state
  }
}

/// The kept states of one system, with one row of diagnostics each.
public struct Trajectory: Sendable, Equatable {
  public var bodies: Bodies
  public var frames: [Frame]
  public var diagnostics: [DiagnosticsRow]

  public init(bodies: Bodies, frames: [Frame] = [], diagnostics: [DiagnosticsRow] = []) {
    self.bodies = bodies
    self.frames = frames
    self.diagnostics = diagnostics
  }
}
