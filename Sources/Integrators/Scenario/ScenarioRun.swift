// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension Scenario.IntegratorChoice {
  /// The method of that name; throws with the nearest name where there is none.
  public var integrationMethod: IntegrationMethod {
    get throws { try IntegrationMethods.named(method) }
  }

  /// A step alone is a fixed step, a tolerance an adaptive one.
  public var stepping: Stepping {
    if let step { .fixed(step: step) } else { .adaptive(tolerance: tolerance ?? 0) }
  }
}

extension FramePlan {
  /// The frames that the `time` and `output` of `scenario` ask for, taken by `stepping`.
  public init(_ scenario: Scenario, stepping: Stepping) throws {
    let (start, end) = scenario.time
    switch scenario.output {
    case .every(let interval):
      try self.init(
        start: start, end: end, every: interval, stepping: stepping, interpolate: scenario.interpolates)
    case .frames(let count):
      try self.init(
        start: start, end: end, frames: count, stepping: stepping, interpolate: scenario.interpolates)
    }
  }
}
