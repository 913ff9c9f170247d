// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How a run ended: at its end, with an event that ends it, or where it was asked to stop.
public enum Outcome: Sendable, Equatable {
  case finished
  case ended(Event)
  case stopped(Snapshot)
}

/// Moves `initial` along the flow of `system` and hands over the states that `plan` keeps, the first included.
///
/// - Parameters:
///   - truth: the true law where `system` is a learned one: T, V and H are then the true law's, and the
///     learned energy comes beside them, if there is one. A law without T and V needs it.
///   - compensated: sum the state with compensation for rounding; our own fixed-step methods only.
///   - events: what to look out for in every step.
///   - snapshot: where an earlier run with the same arguments stopped. What follows has the same bits as if it
///     had not; the frames and events before it are not emitted again.
///   - shouldStop: asked after every step.
///   - onStep: called after every step with the number of steps done and the time.
///   - onEvent: called with every event, in order; what it throws ends the run.
///   - onFrame: called with every kept state and its row; what it throws ends the run.
/// - Throws: `NoetherError` where the arguments do not fit together, `IntegrationFailure` where the states or
///   the energies stop being finite or the steps shrink to nothing; the frames before have been handed over by then.
public func integrate(
  _ system: any DynamicalSystem, from initial: PhaseState, method: IntegrationMethod, stepping: Stepping,
  compensated: Bool = false, plan: FramePlan, events: EventConditions? = nil,
  diagnosedBy truth: (any MechanicalSystem)? = nil, resuming snapshot: Snapshot? = nil,
  shouldStop: () -> Bool = { false }, onStep: ((Int, Double) -> Void)? = nil,
  onEvent: (Event) throws -> Void = { _ in }, onFrame: (Frame, DiagnosticsRow) throws -> Void
) throws -> Outcome {
  let input = StepperInput(system: system, stepping: stepping, plan: plan, compensated: compensated)
  try input.check(method: method, initial: initial)
  var run = try Run(
    input, from: initial, method: method, events: events, truth: truth, resuming: snapshot)
  try run.emitStart(onFrame)
  while run.nextFrame < plan.count {
    try run.advance()
    onStep?(run.point.step, run.point.t)
    try run.emit(onFrame)
    for event in run.events { try onEvent(event) }
    if let last = run.events.last, last.endsTheRun { return .ended(last) }
    if run.nextFrame < plan.count, shouldStop() { return .stopped(run.snapshot) }
  }
  return .finished
}

extension StepperInput {
  fileprivate func check(method: IntegrationMethod, initial: PhaseState) throws {
    try method.check(stepping)
    try method.check(system)
    if compensated, !method.isCompensable {
      throw NoetherError("integrator: \(method.name) cannot sum with compensation; leave compensated out")
    }
    guard initial.q.count == system.bodies.coordinates else {
      throw NoetherError(
        "the initial state has \(initial.q.count) coordinates where \(system.bodies.count) bodies in "
          + "\(system.bodies.dimension) dimensions have \(system.bodies.coordinates)")
    }
    let step: Double? = if case .fixed(let step) = stepping { step } else { nil }
    guard plan.step == step else {
      throw NoetherError(
        "the frames were planned for another step than the one taken; plan them with the same")
    }
  }
}
