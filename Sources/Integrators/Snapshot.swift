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
  /// The step or the tolerance of the run.
  @BitExact private var stepping: Double
  @BitExact private var nextStep: Double
  @BitExact private var windowTime: Double
  @BitExactArray private var scales: [Double]
  /// Where the method last forgot the steps before, if it remembers any: those since are to be taken again.
  let restart: Restart?

  /// A point that a method started from with no steps to remember.
  struct Restart: Sendable, Equatable, Codable {
    let step: Int
    let nextFrame: Int
    @BitExact private(set) var t: Double
    @BitExactArray private(set) var q: [Double]
    @BitExactArray private(set) var p: [Double]
    @BitExact private(set) var nextStep: Double
    @BitExact private(set) var windowTime: Double

    init(at point: PhasePoint, nextFrame: Int) {
      step = point.step
      self.nextFrame = nextFrame
      t = point.t
      q = point.q
      p = point.p
      nextStep = point.nextStep
      windowTime = point.windowTime
    }

    /// `point`, moved back to here.
    func moved(_ point: PhasePoint) -> PhasePoint {
      var result = point
      (result.step, result.t, result.q, result.p) = (step, t, q, p)
      (result.nextStep, result.windowTime) = (nextStep, windowTime)
      return result
    }
  }

  public var state: PhaseState { PhaseState(q: q, p: p) }

  init(
    of point: PhasePoint, method: String, stepping: Stepping, nextFrame: Int, ledger: ConservationLedger,
    restart: Restart? = nil
  ) {
    self.restart = restart
    self.method = method
    self.stepping = stepping.number
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

  /// The point that the snapshot was taken at, if the snapshot fits the run: the same method, bodies, plan and summation.
  func point(for run: StepperInput, method: String) throws -> PhasePoint {
    guard self.method == method, hasShape(for: run), isDue(in: run.plan), stepping == run.stepping.number
    else {
      throw NoetherError(
        "resume: the checkpoint (\(self.method), \(q.count) coordinates, step \(step), t = \(t)) does not "
          + "belong to this run (\(method), \(run.system.bodies.coordinates) coordinates, "
          + "\(run.plan.count) frames to t = \(run.plan.end)); resume with the configuration that wrote it")
    }
    return PhasePoint(
      step: step, t: t, q: q, p: p, qRest: qRest, pRest: pRest, nextStep: nextStep, windowTime: windowTime,
      scales: scales)
  }

  private func hasShape(for run: StepperInput) -> Bool {
    let coordinates = run.system.bodies.coordinates
    let rests = run.compensated ? coordinates : 0
    return q.count == coordinates && p.count == coordinates && qRest.count == rests && pRest.count == rests
      && [0, 2 * coordinates].contains(scales.count) && ledger.belongs(to: run.system.bodies)
      && (restart.map { $0.q.count == coordinates && $0.p.count == coordinates && $0.step <= step } ?? true)
  }

  /// Whether the next frame lies ahead, and the one before it does not.
  private func isDue(in plan: FramePlan) -> Bool {
    guard step >= 0, (0..<plan.count).contains(nextFrame) else { return false }
    if nextFrame == 0 { return step == 0 && t == plan.start }
    if let next = plan.step(ofFrame: nextFrame), let last = plan.step(ofFrame: nextFrame - 1) {
      return (last..<next).contains(step)
    }
    let (last, next) = (plan.time(ofFrame: nextFrame - 1), plan.time(ofFrame: nextFrame))
    return plan.start < plan.end ? last <= t && t < next : last >= t && t > next
  }
}
