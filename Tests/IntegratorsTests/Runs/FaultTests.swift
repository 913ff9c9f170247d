// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@Suite struct FaultTests {
  private struct Result {
    var frames: [Frame] = []
    var failure: IntegrationFailure?
  }

  private func run(
    _ system: any HamiltonianSystem, _ initial: PhaseState, _ use: MethodUse, frames: Int = 41
  ) throws -> Result {
    var result = Result()
    let stepping = use.stepping(step: 0.01, tolerance: 1e-8)
    do {
      _ = try integrate(
        system, from: initial, method: use.method, stepping: stepping,
        plan: FramePlan(start: 0, end: 4, frames: frames, stepping: stepping)
      ) { frame, _ in result.frames.append(frame) }
    } catch let failure as IntegrationFailure {
      result.failure = failure
    }
    return result
  }

  /// Body 1 passes x = 2 at t = 2: the frames before it are kept and the failure says where it was.
  @Test(arguments: MethodUse.all, [Double.nan, .infinity])
  func forcesThatStopBeingFiniteEndTheRun(use: MethodUse, fault: Double) throws {
    let start = PhaseState(q: [0, 0, 5, 0, 0, 3], p: [1, 0, 0, 0, 0, 0])
    let result = try run(Faulty(fault: fault), start, use)
    let failure = try #require(result.failure)
    // Twenty frames before t = 2, and that at t = 2 unless a trial reached beyond.
    #expect((20...21).contains(result.frames.count))
    #expect(result.frames.allSatisfy { $0.state.isFinite && $0.t <= 2.001 })
    #expect(failure.t > 1.98 && failure.t < 2.02)
    #expect(failure.body == "2", "\(failure)")
    #expect(failure.step == failure.lastGood.step + 1)
    #expect(failure.lastGood.state.isFinite)
    // At t = 2 body 1 is at (2, 0), body 2 at (5, 0), body 3 at (0, 3).
    let distance = try #require(failure.minimumDistance)
    #expect((distance - 3).magnitude < 0.03)
    for part in [use.method.name, "'2'", "t = ", "distance"] { #expect(failure.message.contains(part)) }
  }

  /// The same system without the fault runs through.
  @Test(arguments: MethodUse.all)
  func faultlessRunsEnd(use: MethodUse) throws {
    let start = PhaseState(q: [0, 0, 5, 0, 0, 3], p: [1, 0, 0, 0, 0, 0])
    let result = try run(Faulty(fault: 0), start, use)
    #expect(result.failure == nil)
    #expect(result.frames.count == 41)
    #expect((result.frames[40].state.q[0] - 4).magnitude < 1e-11)
  }

  @Test(arguments: MethodUse.all)
  func coincidentBodiesAreRefusedAtTheStart(use: MethodUse) throws {
    let gravity = GravitySystem(bodies: Bodies(dimension: 2, masses: [1, 1, 1]), G: 1, softening: 0)
    let start = PhaseState(q: [0, 0, 1, 1, 1, 1], p: [0, 0, 0, 0, 0, 0])
    let result = try run(gravity, start, use)
    let failure = try #require(result.failure)
    #expect(failure.step == 0)
    #expect(failure.minimumDistance == 0)
    #expect(failure.body == "2")
    #expect(result.frames.isEmpty)

    let springs = SpringSystem(
      bodies: gravity.bodies, couplings: [SpringCoupling(i: 1, j: 2, k: 1, restLength: 1)])
    #expect(try run(springs, start, use).failure?.minimumDistance == 0)
    // Softened, or without a rest length, the same start is fit.
    let soft = GravitySystem(bodies: gravity.bodies, G: 1, softening: 0.1)
    // (An iteration may still fail later on, at so coarse a step.)
    #expect(try run(soft, start, use).failure?.step != 0)
  }

  @Test(arguments: MethodUse.all)
  func statesThatAreNotFiniteAreRefusedAtTheStart(use: MethodUse) throws {
    for bad in [Double.nan, .infinity] {
      let start = PhaseState(q: [0, 0, 5, 0, 0, 3], p: [1, 0, 0, 0, bad, 0])
      let result = try run(Faulty(fault: 0), start, use)
      #expect(result.failure?.body == "3")
      #expect(result.frames.isEmpty)
    }
  }

  /// p = 1e200 is a finite number, p²/2m is not.
  @Test(arguments: MethodUse.all)
  func startsWithoutAFiniteEnergyAreRefused(use: MethodUse) throws {
    let start = PhaseState(q: [0, 0, 5, 0], p: [1e200, 0, 0, 0])
    let result = try run(Boundless(energy: 0), start, use)
    let failure = try #require(result.failure)
    #expect(failure.step == 0)
    #expect(failure.message.contains("the kinetic energy T at t = 0.0 is inf"))
    #expect(result.frames.isEmpty)
  }

  /// Lengths of 1e160 have no squares, and q × p = 1e310 is no number either; the energies are.
  @Test func startsWithoutFiniteMomentaAreRefused() throws {
    let start = PhaseState(q: [0, 0, 1e160, 0], p: [0, 0, 0, 1e150])
    let use = try #require(MethodUse.all.first)
    let failure = try #require(try run(Boundless(energy: 0), start, use).failure)
    #expect(
      failure.step == 0 && failure.message.contains("the momenta at t = 0.0 are too large"), "\(failure)")
    #expect(
      failure.message.hasSuffix(
        "Choose units in which masses, lengths and speeds are nearer to 1, or take shorter steps."))
  }

  /// The same on the way: between two frames the body comes to 1.3e154, whose square overflows, at t = 13 000.
  @Test func momentaThatOverflowEndTheRun() throws {
    let start = PhaseState(q: [0, 0, 0, 1], p: [0, 0, 1e150, 0])
    let verlet = try #require(MethodUse.fixedStep.first { $0.method.name == "verlet" })
    var frames = 0
    let failure = #expect(throws: IntegrationFailure.self) {
      try integrate(
        Boundless(energy: 0), from: start, method: verlet.method, stepping: .fixed(step: 10),
        plan: FramePlan(start: 0, end: 1e5, frames: 2, stepping: .fixed(step: 10)),
        onFrame: { _, _ in frames += 1 })
    }
    #expect(frames == 1 && failure?.message.contains("are too large to be told") == true, "\(failure)")
    #expect((1.3e4...1.4e4).contains(failure?.t ?? 0))
  }

  /// An iteration that does not converge, as on an oscillator with hω = 10, leaves the time and the state where they were.
  @Test(arguments: ["gauss2", "gauss4", "gauss6"])
  func iterationsThatDoNotConvergeTakeNoStep(name: String) throws {
    let failure = #expect(throws: IntegrationFailure.self) {
      try Problem.oscillator(ω: 10).trajectory(IntegrationMethods.named(name), .fixed(step: 1), end: 6)
    }
    #expect(failure?.message.contains("does not converge") == true, "\(failure)")
    #expect(
      failure?.step == 1 && failure?.t == 0 && failure?.lastGood.state == Problem.oscillator(ω: 10).initial)
  }

  /// Angles have no distances, and no law of theirs can be softened.
  @Test func anglesDoNotMeet() throws {
    let verlet = try #require(MethodUse.fixedStep.first { $0.method.name == "verlet" })
    for (kind, meet) in [(Bodies.Coordinates.angles, false), (.cartesian, true)] {
      let bodies = Bodies(
        dimension: 1, names: ["1", "2", "3"], masses: [1, 1, 1], pinned: [false, false, false],
        coordinates: kind)
      let start = PhaseState(q: [0, 5, 3], p: [1, 0, 0])
      let failure = try #require(run(Faulty(bodies: bodies), start, verlet).failure)
      #expect(failure.message.contains("closest pair") == meet && failure.message.contains("soften") == meet)
      #expect((failure.minimumDistance == nil) == !meet && failure.message.hasSuffix("."))
    }
  }

  /// Body 1 passes x = 2 at t = 1.95; the next frame, number 20 from 0, is due at t = 2.
  @Test(arguments: MethodUse.all, [Double.nan, .infinity, 0])
  func energiesThatStopBeingFiniteEndTheRun(use: MethodUse, energy: Double) throws {
    let start = PhaseState(q: [0.05, 0, 5, 0], p: [1, 0, 0, 0])
    let result = try run(Boundless(energy: energy), start, use)
    guard energy != 0 else {
      #expect(result.failure == nil && result.frames.count == 41)
      return
    }
    let failure = try #require(result.failure)
    #expect(result.frames.count == 20)
    #expect(failure.message.contains("the potential energy V at t = 2.0 is \(energy)"), "\(failure)")
    #expect(failure.step == failure.lastGood.step + 1)
    #expect(failure.lastGood.nextFrame == 20)
  }

  @Test func learnedEnergiesThatAreNotFiniteEndTheRun() throws {
    let stepping = Stepping.fixed(step: 0.01)
    #expect {
      _ = try integrate(
        Boundless(energy: .nan), from: PhaseState(q: [0.05, 0, 5, 0], p: [1, 0, 0, 0]), method: .verlet,
        stepping: stepping, plan: FramePlan(start: 0, end: 4, frames: 5, stepping: stepping),
        diagnosedBy: Boundless(energy: 0), onFrame: { _, _ in })
    } throws: {
      ($0 as? IntegrationFailure)?.message.contains("the learned energy H at t = 2.0 is nan") ?? false
    }
  }

  /// Two bodies fall straight into each other: no step reaches the tolerance, and the message names the pair.
  @Test(arguments: MethodUse.adaptive)
  func collisionsEndAdaptiveRuns(use: MethodUse) throws {
    let gravity = GravitySystem(
      bodies: Bodies(
        dimension: 2, names: ["a", "b", "c"], masses: [1, 1, 1e-6], pinned: [false, false, false]),
      G: 1, softening: 0)
    let start = PhaseState(q: [1, 0, 0, 0, 50, 50], p: [0, 0, 0, 0, 0, 0])
    let result = try run(gravity, start, use)
    let failure = try #require(result.failure)
    // Free fall of two unit masses from rest at distance 1 takes π/4.
    #expect((failure.t - Double.pi / 4).magnitude < (use.method.order == 1 ? 1e-2 : 1e-4))
    #expect(try #require(failure.minimumDistance) < 1e-3)
    #expect(failure.message.contains("'a' and 'b'"))
    #expect(result.frames.count == 8)
  }

  @Test func whatOnFrameThrowsEndsTheRun() throws {
    struct DiskFull: Error {}
    var frames = 0
    #expect(throws: DiskFull.self) {
      _ = try integrate(
        Problem.kepler.system, from: Problem.kepler.initial, method: .verlet, stepping: .fixed(step: 0.1),
        plan: FramePlan(start: 0, end: 1, frames: 11, stepping: .fixed(step: 0.1))
      ) { _, _ in
        frames += 1
        if frames == 4 { throw DiskFull() }
      }
    }
    #expect(frames == 4)
  }

  /// A learned law moves the bodies; T, V, H come from the true one.
  @Test func learnedLawsAreDiagnosedByTheTrueOne() throws {
    let truth = Problem.springs(seed: 4)
    let stepping = Stepping.fixed(step: 0.01)
    let bodies = truth.system.bodies
    let model = GravitySystem(bodies: bodies, G: 2, softening: 0.5)
    var rows: [DiagnosticsRow] = []
    var states: [PhaseState] = []
    _ = try integrate(
      model, from: truth.initial, method: .verlet, stepping: stepping,
      plan: FramePlan(start: 0, end: 1, frames: 3, stepping: stepping), diagnosedBy: truth.system
    ) { frame, row in
      states.append(frame.state)
      rows.append(row)
    }
    for (row, state) in zip(rows, states) {
      #expect(row.H == truth.system.energy(of: state))
      #expect(row.learned?.H == model.energy(of: state))
    }
    #expect(try #require(rows[2].learned).dH.magnitude < 1e-3)
    #expect(rows[2].dH.magnitude > 1e-2)
    #expect(rows[0].learned?.dH == 0)
  }
}
