// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One trajectory on its way.
struct Run {
  let input: StepperInput
  let method: IntegrationMethod
  /// What T, V and H are those of.
  private let law: any MechanicalSystem
  private let bodies: Bodies
  /// The bodies where T is that of their momenta alone.
  private let separable: Bodies?
  /// The law that moves the bodies, where it is another.
  private let learned: (any DynamicalSystem)?
  private var stepper: any Stepper
  private(set) var point: PhasePoint
  /// The point before the step under way: some methods leave a failed one in ruins.
  private var before: PhasePoint
  private var ledger: ConservationLedger
  private(set) var nextFrame: Int
  /// What happened in the last step.
  private(set) var events: [Event] = []
  private var watch: EventWatch?
  /// The frames of the last step that are still to be handed over, with their energies.
  private var due: [(frame: Frame, energies: Energies)] = []
  private var duePlace: (step: Int, fraction: Double)?
  private var dueTime: Double
  /// Steps that a tolerance chooses end at the end alone, and not at every frame.
  private let stepsAreFree: Bool
  /// Where a method that remembers steps last began anew.
  private var restart: Snapshot.Restart?

  init(
    _ input: StepperInput, from initial: PhaseState, method: IntegrationMethod, events: EventConditions?,
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
    watch = events.map { EventWatch($0, system: input.system) }
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
    stepsAreFree = input.plan.step == nil && input.plan.interpolates
    duePlace = input.plan.place(ofFrame: nextFrame)
    dueTime = input.plan.time(ofFrame: nextFrame)
    restart = nil
    if let fault = startFault() { throw failure(fault, step: point.step) }
    if let fault = snapshot == nil ? watch?.fault(at: point.q) : nil { throw fault }
    if nextFrame == 0 { try collect(Frame(step: 0, t: point.t, state: initial), step: 0) }
    do { try stepper.prepare(&point) } catch let fault as StepFault { throw failure(fault, step: point.step) }
    before = point
    if method.restartInterval != nil { try comeAgain(snapshot) }
  }

  var snapshot: Snapshot { snapshot(of: point) }

  private func snapshot(of point: PhasePoint) -> Snapshot {
    Snapshot(
      of: point, method: method.name, stepping: input.stepping, nextFrame: nextFrame, ledger: ledger,
      restart: restart)
  }

  mutating func advance() throws {
    if let interval = method.restartInterval, point.step > 0, point.step % interval == 0,
      restart?.step != point.step
    {
      stepper.restart()
      restart = Snapshot.Restart(at: point, nextFrame: nextFrame)
    }
    before.copy(from: point)
    do {
      try stepper.advance(&point, toward: goalTime)
    } catch let fault as StepFault {
      throw failure(fault, step: before.step + 1)
    }
    let momenta = ledger.momenta(q: point.q.span, p: point.p.span)
    if !momenta.proveFiniteState {
      if let index = point.firstNonFinite {
        let body = index / bodies.dimension
        throw failure(StepFault(reason: "the state is no longer finite", body: body), step: before.step + 1)
      }
      if !ledger.canMeasure(momenta) {
        throw failure(overflow(at: PhaseState(q: point.q, p: point.p), point.t), step: before.step + 1)
      }
    }
    if watch != nil { events = watch?.events(from: before, to: point) ?? [] }
    // Before the state is entered: a failure leaves the account as it was.
    if frameIsDue { try collectFrames() }
    ledger.record(momenta)
  }

  /// Whether the frame at `place` and `time` is one of the step that was taken: at its end, or within it.
  /// (No closure: it would capture the whole run, and copy it at every step.)
  private func isDue(_ place: (step: Int, fraction: Double)?, _ time: Double) -> Bool {
    if let place { return point.step == place.step }
    if stepsAreFree { return input.plan.end > input.plan.start ? time <= point.t : time >= point.t }
    return point.t == time
  }

  /// Where a step that a tolerance chooses is to end, if it comes that far.
  private var goalTime: Double { stepsAreFree ? input.plan.end : dueTime }

  private var frameIsDue: Bool { isDue(duePlace, dueTime) }

  /// The frames of the step that was taken, up to an event that ends the run.
  private mutating func collectFrames() throws {
    let h = point.t - before.t
    let end = events.last.flatMap { $0.endsTheRun ? $0.t : nil }
    var path: StepInterpolant?
    for index in nextFrame..<input.plan.count {
      let (place, time) = (input.plan.place(ofFrame: index), input.plan.time(ofFrame: index))
      guard isDue(place, time) else { return }
      // Past the event there is no more of the run.
      if let end, (time - before.t) / h > (end - before.t) / h { return }
      var state = PhaseState(q: point.q, p: point.p)
      let fraction = place?.fraction ?? (time - before.t) / h
      if fraction != 1 {
        let interpolant = path ?? StepInterpolant(from: before, to: point, h: h, system: input.system)
        path = interpolant
        state = interpolant.state(at: fraction)
      }
      try collect(Frame(step: point.step, t: time, state: state), step: point.step)
    }
  }

  /// Measures the energies of a frame. Squares may overflow where the state does not.
  private mutating func collect(_ frame: Frame, step: Int) throws {
    let energies = Energies(of: frame.state, separable: separable, law: law, learned: learned)
    if let fault = energies.fault(at: frame.t) { throw failure(fault, step: step) }
    // Later momenta have been looked at when the step was taken.
    if step == 0, !ledger.canMeasure(ledger.momenta(q: frame.state.q.span, p: frame.state.p.span)) {
      throw failure(overflow(at: frame.state, frame.t), step: step)
    }
    due.append((frame, energies))
  }

  /// What cannot be told of a finite state whose momenta overflow: an energy, where that does too, or the momenta.
  private func overflow(at state: PhaseState, _ t: Double) -> StepFault {
    Energies(of: state, separable: separable, law: law, learned: learned).fault(at: t)
      ?? StepFault(
        reason: "the momenta at t = \(t) are too large to be told", remedy: Energies.otherUnits,
        isOfMeetings: false)
  }

  /// Hands over the first frame, unless that was done before the snapshot.
  mutating func emitStart(_ onFrame: (Frame, DiagnosticsRow) throws -> Void) throws {
    if nextFrame == 0 { try emit(onFrame) }
  }

  mutating func emit(_ onFrame: (Frame, DiagnosticsRow) throws -> Void) throws {
    guard !due.isEmpty else { return }
    for (frame, energies) in due {
      let row = ledger.row(
        step: frame.step, t: frame.t, state: frame.state, T: energies.T, V: energies.V,
        learnedH: energies.learnedH)
      comeToFrame(nextFrame + 1)
      try onFrame(frame, row)
    }
    due.removeAll(keepingCapacity: true)
  }

  private mutating func comeToFrame(_ index: Int) {
    nextFrame = index
    duePlace = input.plan.place(ofFrame: index)
    dueTime = input.plan.time(ofFrame: index)
  }

  /// Takes the steps again that led from the last restart to `snapshot`, so that the method remembers what it did there.
  private mutating func comeAgain(_ snapshot: Snapshot?) throws {
    // No step leads to the first frame, which is the start.
    restart = snapshot?.restart ?? Snapshot.Restart(at: point, nextFrame: max(nextFrame, 1))
    guard let restart, restart.step < point.step else { return }
    let goal = point
    let goalFrame = nextFrame
    point = restart.moved(point)
    comeToFrame(restart.nextFrame)
    while point.step < goal.step {
      before.copy(from: point)
      do { try stepper.advance(&point, toward: goalTime) } catch let fault as StepFault {
        throw failure(fault, step: before.step + 1)
      }
      while nextFrame < input.plan.count, frameIsDue { comeToFrame(nextFrame + 1) }
    }
    guard nextFrame == goalFrame, point.t == goal.t, point.q == goal.q, point.p == goal.p else {
      throw NoetherError(
        "resume: the steps to the checkpoint (\(method.name), step \(goal.step)) do not lead there again; resume "
          + "with the program and the configuration that wrote it")
    }
    before = point
  }

  private func startFault() -> StepFault? {
    let dimension = bodies.dimension
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
      fault.remedy = "The law does not hold everywhere: \(why)"
      fault.isOfMeetings = false
    }
    return IntegrationFailure(fault, step: step, bodies: input.system.bodies, lastGood: snapshot(of: before))
  }
}
