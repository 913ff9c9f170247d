// SPDX-License-Identifier: GPL-3.0-or-later

/// Something that happened within a step of a run, at a time and in a state that were found between its ends.
public struct Event: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case encounter, escape, section
  }

  public var kind: Kind
  /// The step in which it happened, counted from 1.
  public var step: Int
  public var t: Double
  public var state: PhaseState
  /// The body or the two bodies it happened to.
  public var bodies: [Int]

  public init(kind: Kind, step: Int, t: Double, state: PhaseState, bodies: [Int]) {
    self.kind = kind
    self.step = step
    self.t = t
    self.state = state
    self.bodies = bodies
  }

  /// Whether the run ends with it.
  public var endsTheRun: Bool { kind != .section }
}
