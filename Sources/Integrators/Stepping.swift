// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How far a step goes: a fixed length of time, or as far as a tolerance of the local error allows.
public enum Stepping: Sendable, Equatable {
  case fixed(step: Double)
  /// Relative to the size of each body's position and momentum vector.
  case adaptive(tolerance: Double)

  /// The step or the tolerance.
  var number: Double {
    switch self {
    case .fixed(let step): step
    case .adaptive(let tolerance): tolerance
    }
  }

  /// Throws where the number makes no sense: a step of zero or NaN, a tolerance outside (0, 1).
  public func validate() throws {
    switch self {
    case .fixed(let step):
      guard step.isFinite, step != 0 else {
        throw NoetherError("step: \(step) is no step; give a finite number other than 0")
      }
    case .adaptive(let tolerance):
      guard tolerance > 0, tolerance < 1 else {
        throw NoetherError(
          "tolerance: \(tolerance) is no tolerance; give a number between 0 and 1, say 1e-10")
      }
    }
  }
}
