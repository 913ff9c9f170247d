// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What a stepper is made from.
struct StepperInput {
  let system: any DynamicalSystem
  let stepping: Stepping
  let plan: FramePlan
  let compensated: Bool
}

/// Advances one trajectory of one system; owns the work arrays, so that no step allocates.
///
/// What it keeps between steps must be a function of the point it left, up to the bit: a stepper made anew at
/// that point then goes on exactly like the one that came there. One that remembers more is restarted now and then
/// (`IntegrationMethod.restartInterval`), and those since are taken again.
protocol Stepper {
  /// Sets what the first step needs and the point does not yet have.
  mutating func prepare(_ point: inout PhasePoint) throws
  /// One step, towards the frame at `target` and not beyond it. Throws a `StepFault`; the point is then void.
  mutating func advance(_ point: inout PhasePoint, toward target: Double) throws
  /// Forgets all steps before: what follows is a function of the point.
  mutating func restart()
}

extension Stepper {
  func prepare(_ point: inout PhasePoint) {}
  func restart() {}
}

extension StepperInput {
  /// The step, for the method called `method`, which takes nothing else.
  func fixedStep(for method: String) throws -> Double {
    if case .fixed(let step) = stepping { return step }
    throw IntegrationMethod.needsStep(method)
  }

  /// The law as one with H = T + V, for the method called `method`, which needs that.
  func separable(for method: String) throws -> any HamiltonianSystem {
    if let system = system as? any HamiltonianSystem { return system }
    throw IntegrationMethod.needsSeparable(method)
  }
}

extension DynamicalSystem {
  /// `rates` on arrays: q̇ and ṗ go into the rows of that number in `qdots` and `pdots`.
  func rates(
    q: [Double], p: [Double], qdots: inout [Double], pdots: inout [Double], row: Int = 0
  ) {
    qdots.withUnsafeMutableBufferPointer { qdots in
      pdots.withUnsafeMutableBufferPointer { pdots in
        let part = row * q.count..<(row + 1) * q.count
        var qdot = UnsafeMutableBufferPointer(rebasing: qdots[part]).mutableSpan
        var pdot = UnsafeMutableBufferPointer(rebasing: pdots[part]).mutableSpan
        rates(q: q.span, p: p.span, qdot: &qdot, pdot: &pdot)
      }
    }
  }
}

extension HamiltonianSystem {
  /// `force(at:into:)` on arrays, for arrays that live in stored properties.
  @inline(__always)
  func force(at q: [Double], into force: inout [Double]) {
    var out = force.mutableSpan
    self.force(at: q.span, into: &out)
  }

  /// The row of that number in `rows` ← F(q).
  func force(at q: [Double], into rows: inout [Double], row: Int) {
    rows.withUnsafeMutableBufferPointer { rows in
      var out = UnsafeMutableBufferPointer(rebasing: rows[row * q.count..<(row + 1) * q.count]).mutableSpan
      self.force(at: q.span, into: &out)
    }
  }
}

/// Why no step could be made.
struct StepFault: Error {
  /// A clause; " at body '…'" may follow it.
  var reason: String
  /// The body that gave offence, where there is one.
  var body: Int?
  var remedy = "Take shorter steps or a smaller tolerance"
  /// Whether bodies that met may have done it.
  var isOfMeetings = true
}
