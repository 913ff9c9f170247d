// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Where one trajectory is: everything a step reads and writes.
struct PhasePoint: Sendable {
  /// Steps done.
  var step: Int
  var t: Double
  var q: [Double]
  var p: [Double]
  /// What compensated summation has not yet added to q and p; empty without it.
  var qRest: [Double]
  var pRest: [Double]
  /// The step an adaptive method means to try next; 0 before it has chosen one, and with fixed steps.
  var nextStep: Double
  /// The time at the last step count that an adaptive method's progress was checked at.
  var windowTime: Double
  /// An adaptive method's measures of each coordinate, q before p, from the start of the run; else empty.
  var scales: [Double]
}

extension PhasePoint {
  init(at state: PhaseState, t: Double, compensated: Bool) {
    let rest = compensated ? [Double](repeating: 0, count: state.q.count) : []
    self.init(
      step: 0, t: t, q: state.q, p: state.p, qRest: rest, pRest: rest, nextStep: 0, windowTime: t,
      scales: [])
  }

  /// Takes over what a step changes, into the arrays already there.
  mutating func copy(from other: PhasePoint) {
    step = other.step
    t = other.t
    nextStep = other.nextStep
    windowTime = other.windowTime
    assign(other.q, to: &q)
    assign(other.p, to: &p)
    // An empty array shares its storage with every other, and so is looked at anew each time it is to be written.
    guard !other.qRest.isEmpty else { return }
    assign(other.qRest, to: &qRest)
    assign(other.pRest, to: &pRest)
  }

  /// The first coordinate, counted alike in q and p, that is NaN or infinite.
  var firstNonFinite: Int? {
    (0..<q.count).first { !q[$0].isFinite || !p[$0].isFinite }
  }
}
