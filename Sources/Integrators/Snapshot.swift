// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// All that is needed to go on with a run to the same bits as if it had never been stopped.
///
/// Numbers are encoded by their bit patterns, so a snapshot survives JSON exactly.
public struct Snapshot: Sendable, Equatable, Codable {
  /// The method that made it; only that one can go on from it.
  public let method: String
  /// Steps done.
  public let step: Int
  @BitExact public private(set) var t: Double
  @BitExactArray public private(set) var q: [Double]
  @BitExactArray public private(set) var p: [Double]
  /// The first frame not yet emitted.
  public let nextFrame: Int
  public let ledger: ConservationLedger

  @BitExactArray private var qRest: [Double]
  @BitExactArray private var pRest: [Double]
  @BitExact private var nextStep: Double
  @BitExact private var windowTime: Double
  @BitExactArray private var scales: [Double]

  public var state: PhaseState { PhaseState(q: q, p: p) }

  init(of point: PhasePoint, method: String, nextFrame: Int, ledger: ConservationLedger) {
    self.method = method
    step = point.step
    t = point.t
    q = point.q
    p = point.p
    qRest = point.qRest
    pRest = point.pRest
    nextStep = point.nextStep
    windowTime = point.windowTime
    scales = point.scales
    self.nextFrame = nextFrame
    self.ledger = ledger
  }

  /// The point to go on from, if the snapshot fits the run: the same method, bodies, plan and summation.
  func point(for run: StepperInput, method: String) throws -> PhasePoint {
    let coordinates = run.system.bodies.coordinates
    let rests = run.compensated ? coordinates : 0
    let fits =
      self.method == method && q.count == coordinates && p.count == coordinates && qRest.count == rests
      && pRest.count == rests && step >= 0 && (0..<run.plan.count).contains(nextFrame)
      && [0, 2 * coordinates].contains(scales.count)
    guard fits else {
      throw NoetherError(
        "resume: the checkpoint (\(self.method), \(q.count) coordinates, step \(step), frame \(nextFrame)) does "
          + "not belong to this run (\(method), \(coordinates) coordinates, \(run.plan.count) frames); "
          + "resume with the configuration that wrote it")
    }
    return PhasePoint(
      step: step, t: t, q: q, p: p, qRest: qRest, pRest: pRest, nextStep: nextStep, windowTime: windowTime,
      scales: scales)
  }
}
