// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import TestSupport
import Testing

@testable import HLieConv

@Suite("Friction learned beside H")
struct FrictionTests {
  /// A pendulum of length 1 that hangs from a pivot, V = −g cos θ, the angle as a place on a line.
  private struct Pendulum: HamiltonianSystem {
    static let g = 1.3
    let bodies = Bodies(dimension: 1, names: ["pivot", "bob"], masses: [1, 1], pinned: [true, false])
    let features = [[1.0], [1.0]]
    let featureNames = ["m"]

    func potentialEnergy(at q: Span<Double>) -> Double { -Self.g * cos(q[1]) }
    func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
      (force[0], force[1]) = (0, -Self.g * sin(q[1]))
    }
    func hessianProduct(at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>) {
      (product[0], product[1]) = (0, Self.g * cos(q[1]) * v[1])
    }
  }

  /// The same in air: θ̈ = −g sin θ − γθ̇.
  private struct DampedPendulum: DynamicalSystem {
    static let γ = 0.02
    let free = Pendulum()
    var bodies: Bodies { free.bodies }

    func rates(
      q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
    ) {
      free.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
      pdot[1] -= Self.γ * p[1]
    }
    func variation(
      q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
      δpdot: inout MutableSpan<Double>
    ) {
      free.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
      δpdot[1] -= Self.γ * δp[1]
    }
    func energy(q: Span<Double>, p: Span<Double>) -> Double? { free.energy(q: q, p: p) }
  }

  /// Its angle six times a second for 80 s, with errors of 1e-3 and every seventh frame missing; the last 20 s are to be forecast. The
  /// bob weighs `mass`.
  private static func measured(mass: Double = 1) throws -> MeasuredTrajectory {
    let law = DampedPendulum()
    let times = (0..<480).filter { $0 % 7 != 3 }.map { Double($0) / 6 }
    let states = try ReferenceTrajectory.states(
      of: law, from: PhaseState(q: [0, 1.4], p: [0, 0]), at: times, diagnosedBy: law.free)
    var generator = SeededGenerator(seed: 4)
    let frames = zip(times, states).enumerated().map { step, known in
      var state = known.1
      state.q[1] += 1e-3 * generator.normal()
      state.p[1] = mass * (state.p[1] + 1e-2 * generator.normal())
      return Frame(step: step, t: known.0, state: state)
    }
    let free = Bodies(dimension: 1, names: law.bodies.names, masses: [1, mass], pinned: [false, false])
    return try MeasuredTrajectory(
      TrajectorySet.Member(index: 0, bodies: free, parameters: .unknown, frames: frames), until: 60,
      pinned: ["pivot"], name: "pendulum")
  }

  private static func configuration(friction: Bool) throws -> TrajectoryConfig {
    try TrajectoryConfig(
      ConfigNode.parse(
        """
        format: noether/training
        version: 1
        data: {trajectories: pendulum.csv, until: 60, pinned: [pivot]}
        model:
          {group: T1, width: 4, layers: 0, pool: sum, readout: pair, channels: 1, hidden: [16], kernel: ends, \
           normalise: true, scales: [0.3], centre: false, friction: \(friction)}
        loss: {kind: trajectory, integrator: rk4, noise: 1e-3, substeps: 2}
        optimizer:
          - {method: lm, points: 12, iterations: 30}
          - {method: lm, points: 60, iterations: 30}
          - {method: lm, iterations: 40}
        """, name: "pendulum.yaml"))
  }

  private static func fit(
    friction: Bool, mass: Double = 1, in folder: String
  ) throws -> (model: HamiltonianModel, chiSquare: Double) {
    let fit = try TrajectoryFit(
      configuration(friction: friction), measured: measured(mass: mass), folder: folder, threads: 1,
      resume: false)
    var last: TrajectoryFit.Record?
    _ = try fit.run(onIteration: { last = $0 }, shouldStop: { false })
    return (try HamiltonianModel.load(folder), try #require(last).chiSquare)
  }

  @Test("a damped pendulum is recovered and forecast; without friction it is not")
  func pendulum() throws {
    let folder = try TemporaryFolder()
    let (model, chiSquare) = try Self.fit(friction: true, in: folder.path)
    #expect(chiSquare < 1.3)
    let γ = try #require(model.friction)
    #expect(abs(γ - DampedPendulum.γ) < 1e-3, "\(γ)")

    let measured = try Self.measured()
    let law = try model.law(of: measured.bodies)
    let start = try #require(
      TrajectorySet.read(folder.path + "/trajectory.csv").members.first?.frames.last)
    let later = Array(measured.frames[measured.fitted...])
    let states = try ReferenceTrajectory.states(
      of: law, from: start.state, at: [start.t] + later.map(\.t),
      diagnosedBy: Pendulum())
    let errors = zip(states.dropFirst(), later).map { abs($0.q[1] - $1.state.q[1]) }
    #expect((errors.max() ?? .infinity) < 1e-2)
    #expect(states.allSatisfy { $0.q[0] == 0 && $0.p[0] == 0 })

    let other = try TemporaryFolder()
    let control = try Self.fit(friction: false, in: other.path)
    #expect(control.model.friction == nil)
    #expect(control.chiSquare > 1e3)
  }

  /// γ is a mass over a time: of a light bob, a small number.
  @Test("a light pendulum is recovered as a heavy one is")
  func lightPendulum() throws {
    let folder = try TemporaryFolder()
    let (model, chiSquare) = try Self.fit(friction: true, mass: 1e-3, in: folder.path)
    #expect(chiSquare < 1.3)
    let γ = try #require(model.friction)
    #expect(abs(γ - 1e-3 * DampedPendulum.γ) < 1e-6, "\(γ)")
  }

  @Test("energy falls by γΣ|q̇|², no momentum is promised, and the variation is the derivative of the rates")
  func law() throws {
    var config = ModelConfig()
    (config.group, config.readout, config.layers, config.width, config.pool) = ("SE2", .pair, 0, 8, .sum)
    (config.friction, config.centre) = (true, false)
    var model = try HamiltonianModel(config, dimension: 2, featureNames: ["m"], precision: "float64")
    model.parameters[model.layout.count - 1] = 0.7
    let bodies = Bodies(dimension: 2, masses: [1, 2, 0.5])
    let law = try model.law(of: bodies)
    var generator = SeededGenerator(seed: 6)
    func random() -> [Double] { (0..<6).map { _ in generator.normal() } }
    let (z, δ) = (PhaseState(q: random(), p: random()), PhaseState(q: random(), p: random()))
    func moved(_ h: Double, along d: PhaseState) -> PhaseState {
      PhaseState(q: zip(z.q, d.q).map { $0 + h * $1 }, p: zip(z.p, d.p).map { $0 + h * $1 })
    }
    let (qdot, pdot) = rates(of: law, at: z)
    let power = extrapolatedDifference(1e-3) { h in
      let there = moved(h, along: PhaseState(q: qdot, p: pdot))
      return law.energy(q: there.q.span, p: there.p.span) ?? .nan
    }
    let dissipated = qdot.reduce(0) { $0 + 0.7 * $1 * $1 }
    #expect(abs(power + dissipated) < 1e-9 * dissipated)

    var (change, force) = ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 6))
    do {
      var qspan = change.mutableSpan
      var pspan = force.mutableSpan
      law.variation(
        q: z.q.span, p: z.p.span, δq: δ.q.span, δp: δ.p.span, δqdot: &qspan, δpdot: &pspan)
    }
    for k in 0..<6 {
      let q = extrapolatedDifference(1e-3) { rates(of: law, at: moved($0, along: δ)).qdot[k] }
      let p = extrapolatedDifference(1e-3) { rates(of: law, at: moved($0, along: δ)).pdot[k] }
      #expect(abs(change[k] - q) < 1e-9 && abs(force[k] - p) < 1e-8)
    }
    let symmetry = ModelSymmetry(model)
    for ξ in VelocityField.isometries(dimension: 2) {
      #expect(symmetry.conservation(of: ξ) == .no && symmetry.invariance(along: ξ) == .exact)
    }
  }

  @Test("a model file keeps friction")
  func file() throws {
    let folder = try TemporaryFolder()
    var config = ModelConfig()
    (config.group, config.readout, config.layers, config.friction) = ("T1", .pair, 0, true)
    var model = try HamiltonianModel(config, dimension: 1, featureNames: ["m"], precision: "float64")
    model.parameters[model.layout.count - 1] = 0.25
    try model.safetensors.write(to: folder.path + "/model.safetensors")
    let read = try HamiltonianModel.load(folder.path)
    #expect(read.friction == 0.25 && read.config == model.config)
  }

  @Test("what cannot be meant is refused")
  func refusals() throws {
    func complaint(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return ""
    }
    let bodies = Bodies(dimension: 1, names: ["pivot", "bob"], masses: [1, 1], pinned: [false, false])
    func measured(_ pinned: [String], times: [Double] = [0, 1, 2, 3]) throws {
      let frames = times.enumerated().map {
        Frame(step: $0, t: $1, state: PhaseState(q: [0, $1], p: [0, 1]))
      }
      _ = try MeasuredTrajectory(
        TrajectorySet.Member(index: 0, bodies: bodies, parameters: .unknown, frames: frames), until: 10,
        pinned: pinned, name: "x.csv")
    }
    #expect(complaint { try measured(["pivot"]) } == "")
    #expect(
      complaint { try measured(["nail"]) }.contains("nail is no body of x.csv; choose among: pivot, bob"))
    #expect(complaint { try measured(["bob"]) }.contains("bob moves in x.csv (t = 1.0)"))
    #expect(complaint { try measured(["pivot", "bob"]) }.contains("pins all bodies"))
    #expect(complaint { try measured([], times: [0, 1, 1, 2]) }.contains("in the order of time"))
    let close = try Self.measured()
    var frames = close.frames
    frames.insert(Frame(step: 1, t: frames[0].t + 1e-9, state: frames[0].state), at: 1)
    let crowded = try MeasuredTrajectory(
      TrajectorySet.Member(index: 0, bodies: close.bodies, parameters: .unknown, frames: frames), until: 60,
      name: "x.csv")
    #expect(
      complaint { _ = try SpringData.config(["model.friction=true"]) }.contains("loss: {kind: trajectory, …}")
    )
    let nystrom = try Self.configuration(friction: true).resolved.replacing(
      "loss.integrator", with: .string("nystrom4"))
    let folder = try TemporaryFolder()
    #expect(
      complaint {
        _ = try TrajectoryFit(
          Self.configuration(friction: true), measured: crowded, folder: folder.path, threads: 1,
          resume: false)
      }.contains("leave out frames that are too close"))
    let alone = try MeasuredTrajectory(
      TrajectorySet.Member(
        index: 0, bodies: close.bodies.subset([1]), parameters: .unknown,
        frames: close.frames.map {
          Frame(step: $0.step, t: $0.t, state: PhaseState(q: [$0.state.q[1]], p: [$0.state.p[1]]))
        }), until: 60, name: "x.csv")
    #expect(
      complaint {
        _ = try TrajectoryFit(
          Self.configuration(friction: true), measured: alone, folder: folder.path, threads: 1, resume: false)
      }.contains("here is one"))
    #expect(
      complaint {
        _ = try TrajectoryFit(
          TrajectoryConfig(nystrom), measured: Self.measured(), folder: folder.path, threads: 1, resume: false
        )
      }.contains("without friction, nystrom4"))
  }
}
