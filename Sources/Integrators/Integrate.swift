// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How a run ended: at its end, or where it was asked to stop.
public enum Outcome: Sendable, Equatable {
  case finished
  case stopped(Snapshot)
}

/// Moves `initial` along the flow of `system` and hands over the states that `plan` keeps, the first included.
///
/// - Parameters:
///   - truth: the true law where `system` is a learned one: T, V and H are then the true law's, and the
///     learned energy comes beside them, if there is one. A law without T and V needs it.
///   - compensated: sum the state with compensation for rounding; fixed-step methods only.
///   - snapshot: where an earlier run with the same arguments stopped. What follows has the same bits as if it
///     had not; the frames before it are not emitted again.
///   - shouldStop: asked after every step.
///   - onStep: called after every step with the number of steps done and the time.
///   - onFrame: called with every kept state and its row; what it throws ends the run.
/// - Throws: `NoetherError` where the arguments do not fit together, `IntegrationFailure` where the states or
///   the energies stop being finite or the steps shrink to nothing; the frames before have been handed over by then.
public func integrate(
  _ system: any DynamicalSystem, from initial: PhaseState, method: IntegrationMethod, stepping: Stepping,
  compensated: Bool = false, plan: FramePlan, diagnosedBy truth: (any MechanicalSystem)? = nil,
  resuming snapshot: Snapshot? = nil, shouldStop: () -> Bool = { false },
  onStep: ((Int, Double) -> Void)? = nil, onFrame: (Frame, DiagnosticsRow) throws -> Void
) throws -> Outcome {
  let input = StepperInput(system: system, stepping: stepping, plan: plan, compensated: compensated)
  try input.check(method: method, initial: initial)
  var run = try Run(input, from: initial, method: method, truth: truth, resuming: snapshot)
  if run.nextFrame == 0 { try run.emit(onFrame) }
  while run.nextFrame < plan.count {
    try run.advance()
    onStep?(run.point.step, run.point.t)
    if run.frameIsDue { try run.emit(onFrame) }
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

/// One trajectory on its way.
private struct Run {
  let input: StepperInput
  let method: IntegrationMethod
  /// What T, V and H are those of.
  let law: any MechanicalSystem
  let bodies: Bodies
  /// The bodies where T is that of their momenta alone.
  let separable: Bodies?
  /// The law that moves the bodies, where it is another.
  let learned: (any DynamicalSystem)?
  var stepper: any Stepper
  var point: PhasePoint
  /// The point before the step under way: some methods leave a failed one in ruins.
  var before: PhasePoint
  var ledger: ConservationLedger
  var nextFrame: Int
  /// Those of the frame that is due.
  private var energies: Energies?
  private var dueStep: Int?
  private var dueTime: Double

  init(
    _ input: StepperInput, from initial: PhaseState, method: IntegrationMethod,
    truth: (any MechanicalSystem)?, resuming snapshot: Snapshot?
  ) throws {
    self.input = input
    self.method = method
    guard let law = truth ?? (input.system as? any MechanicalSystem) else {
      throw NoetherError(
        "integrate: the law has no H = T + V to be diagnosed by; name the true law of the bodies")
    }
    self.law = law
    bodies = law.bodies
    separable = law is any HamiltonianSystem ? bodies : nil
    learned = truth == nil ? nil : input.system
    stepper = try method.stepper(input)
    if let snapshot {
      point = try snapshot.point(for: input, method: method.name)
      ledger = snapshot.ledger
      nextFrame = snapshot.nextFrame
    } else {
      point = PhasePoint(at: initial, t: input.plan.start, compensated: input.compensated)
      ledger = ConservationLedger(
        bodies: input.system.bodies, state: initial, H: law.energy(of: initial),
        learnedH: learned?.energy(q: initial.q.span, p: initial.p.span))
      nextFrame = 0
    }
    before = point
    dueStep = input.plan.step(ofFrame: nextFrame)
    dueTime = input.plan.time(ofFrame: nextFrame)
    if let fault = startFault() { throw failure(fault, step: point.step) }
    if nextFrame == 0 { try measureEnergies(step: point.step) }
    do { try stepper.prepare(&point) } catch let fault as StepFault { throw failure(fault, step: point.step) }
    before = point
  }

  var frameIsDue: Bool { dueStep.map { point.step == $0 } ?? (point.t == dueTime) }

  var snapshot: Snapshot { snapshot(of: point) }

  private func snapshot(of point: PhasePoint) -> Snapshot {
    Snapshot(
      of: point, method: method.name, stepping: input.stepping, nextFrame: nextFrame, ledger: ledger)
  }

  mutating func advance() throws {
    before.copy(from: point)
    do {
      try stepper.advance(&point, toward: dueTime)
    } catch let fault as StepFault {
      throw failure(fault, step: before.step + 1)
    }
    let momenta = ledger.momenta(q: point.q.span, p: point.p.span)
    if !momenta.proveFiniteState, let index = point.firstNonFinite {
      let body = index / bodies.dimension
      throw failure(StepFault(reason: "the state is no longer finite", body: body), step: before.step + 1)
    }
    // Before the state is entered: a failure leaves the account as it was.
    if frameIsDue { try measureEnergies(step: before.step + 1) }
    ledger.record(momenta)
  }

  mutating func emit(_ onFrame: (Frame, DiagnosticsRow) throws -> Void) throws {
    let state = PhaseState(q: point.q, p: point.p)
    let energies = energies ?? Energies(of: state, separable: separable, law: law, learned: learned)
    let row = ledger.row(
      step: point.step, t: point.t, state: state, T: energies.T, V: energies.V, learnedH: energies.learnedH)
    nextFrame += 1
    dueStep = input.plan.step(ofFrame: nextFrame)
    dueTime = input.plan.time(ofFrame: nextFrame)
    try onFrame(Frame(step: point.step, t: point.t, state: state), row)
  }

  /// Measures the energies of the frame that is due; a state can be finite where they are not.
  private mutating func measureEnergies(step: Int) throws {
    let state = PhaseState(q: point.q, p: point.p)
    let energies = Energies(of: state, separable: separable, law: law, learned: learned)
    if let fault = energies.fault(at: point.t) { throw failure(fault, step: step) }
    self.energies = energies
  }

  /// What is wrong with the state before any step: a coordinate or a force that is not finite.
  private func startFault() -> StepFault? {
    let dimension = input.system.bodies.dimension
    if let index = point.firstNonFinite {
      return StepFault(reason: "the state is not finite", body: index / dimension)
    }
    var (qdot, force) = (point.q, point.q)
    input.system.rates(q: point.q, p: point.p, qdots: &qdot, pdots: &force)
    return force.indices.first { !force[$0].isFinite || !qdot[$0].isFinite }.map {
      StepFault(reason: "the force is not finite", body: $0 / dimension)
    }
  }

  /// The failure, with what the law itself has to say of the last positions that are finite.
  private func failure(_ fault: StepFault, step: Int) -> IntegrationFailure {
    let isFinite = point.q.allSatisfy(\.isFinite)
    var fault = fault
    if let why = input.system.fault(at: (isFinite ? point.q : before.q).span) {
      fault.remedy = "The law does not hold everywhere: \(why)."
    }
    return IntegrationFailure(fault, step: step, bodies: input.system.bodies, lastGood: snapshot(of: before))
  }
}
