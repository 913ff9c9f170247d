// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import TestSupport
import Testing

@testable import HLieConv

@Suite("Trajectory fits")
struct TrajectoryFitTests {
  /// A star and two planets in the plane, masses with G = 1, seen ten times a time unit.
  private static func planets(frames: Int, noise: Double) throws -> MeasuredTrajectory {
    let masses = [1, 1e-3, 3e-6]
    let bodies = Bodies(
      dimension: 2, names: ["star", "giant", "small"], masses: masses, pinned: [false, false, false])
    let system = GravitySystem(bodies: bodies, G: 1, softening: 0)
    var state = PhaseState(q: [0, 0, 1, 0, 0, 1.7], p: [0, 0, 0, 1e-3, -3e-6 * 0.7, 0])
    let plan = try FramePlan(
      start: 0, end: 0.1 * Double(frames - 1), frames: frames, stepping: .adaptive(tolerance: 1e-12))
    var kept: [Frame] = []
    var generator = SeededGenerator(seed: 5)
    _ = try integrate(
      system, from: state, method: IntegrationMethods.named("gsl-rk8pd"),
      stepping: .adaptive(tolerance: 1e-12), plan: plan
    ) { frame, _ in
      state = frame.state
      for k in state.q.indices {
        state.q[k] += noise * generator.normal()
        // Measured velocities are far worse than places.
        state.p[k] += 1e-3 * masses[k / 2] * generator.normal()
      }
      kept.append(Frame(step: frame.step, t: frame.t, state: state))
    }
    return try MeasuredTrajectory(
      TrajectorySet.Member(index: 0, bodies: bodies, parameters: .unknown, frames: kept),
      until: 0.1 * Double(frames) - 10, name: "planets")
  }

  private func model(
    _ data: ChunkDataset, centre: Bool = false, friction: Bool = false, seed: UInt64 = 1
  ) throws -> HamiltonianModel {
    var config = ModelConfig()
    (config.group, config.readout, config.layers, config.width, config.hidden) = ("SE2", .pair, 0, 4, [8])
    (config.kernel, config.pool, config.normalise, config.scales) = (.ends, .sum, true, [0.1])
    (config.charges, config.channels, config.centre, config.seed) = (.perMass, 2, centre, seed)
    config.friction = friction
    var model = try HamiltonianModel(
      config, dimension: 2, featureNames: data.featureNames, precision: "float64"
    ).normalised(by: data)
    if friction { model.parameters[model.layout.count - 1] = 1e-6 }
    return model
  }

  @Test(
    "exact Jacobians of trajectories by parameters and starts", arguments: ["rk4", "rk4-38", "nystrom4"],
    [false, true])
  func jacobian(method: String, centre: Bool) throws {
    for friction in method == "nystrom4" ? [false] : [false, true] {
      try jacobian(method: method, centre: centre, friction: friction)
    }
  }

  private func jacobian(method: String, centre: Bool, friction: Bool) throws {
    let measured = try Self.planets(frames: 121, noise: 0)
    let windows = try measured.windows(points: 8)
    let model = try model(windows, centre: centre, friction: friction)
    let chosen = try #require(ChunkMethod.named(method))
    let trajectory = try #require(PairTrajectory(model, method: chosen, bodies: 3))
    let (entry, count, nd) = (windows.systems[0], model.layout.count, 6)
    // Frames may be missing, and come at any time.
    let times = [0, 1, 2, 3.4, 4.4, 5, 7, 8].map { $0 * windows.step }
    func last(_ z: [Double]) -> [Double] {
      var moved = model
      moved.parameters = zip(model.parameters, z).map { $0 + $1 }
      var start = entry.states[0]
      for k in 0..<nd {
        start.q[k] += z[count + k]
        start.p[k] += entry.bodies.masses[k / 2] * z[count + nd + k]
      }
      var places: [Double] = []
      _ = trajectory.follow(
        start, entry.bodies, features: entry.features, times: times, longest: windows.step / 2, moved.storage,
        differentiates: false
      ) { _, q, _ in places = q }
      return places
    }
    var slopes: [Double] = []
    _ = trajectory.follow(
      entry.states[0], entry.bodies, features: entry.features, times: times, longest: windows.step / 2,
      model.storage, differentiates: true
    ) { _, _, found in slopes = Array(UnsafeBufferPointer(start: found, count: nd * (count + 2 * nd))) }
    for seed in 0..<(friction ? 4 : 3) {
      var generator = SeededGenerator(seed: UInt64(seed))
      // Parameters alone, starts alone, both, and the friction alone.
      let direction = (0..<count + 2 * nd).map { k in
        let value = generator.normal()
        let isFixed = [k >= count, k < count, false, k != count - 1][seed]
        // What is small beside the lightest body's mass.
        return isFixed ? 0 : friction && k == count - 1 ? 1e-6 * value : value
      }
      let difference = (0..<nd).map { k in
        extrapolatedDifference(2e-3) { h in last(direction.map { h * $0 })[k] }
      }
      let exact = (0..<nd).map { k in
        (0..<count + 2 * nd).reduce(0) { $0 + slopes[k * (count + 2 * nd) + $1] * direction[$1] }
      }
      let size = exact.map(abs).max() ?? 0
      #expect(size > 1e-4)
      for (a, b) in zip(exact, difference) { #expect(abs(a - b) < 1e-8 * size) }
    }
  }

  /// The engine that rolls out and the Jacobians' own forces are written twice.
  @Test("trajectories are those of the learned system")
  func agreesWithTheEngine() throws {
    let measured = try Self.planets(frames: 121, noise: 0)
    let windows = try measured.windows(points: 5)
    let model = try model(windows)
    let method = try #require(ChunkMethod.named("nystrom4"))
    let trajectory = try #require(PairTrajectory(model, method: method, bodies: 3))
    let entry = windows.systems[0]
    let end = trajectory.follow(
      entry.states[0], entry.bodies, features: entry.features, times: measured.windowTimes(points: 5)[0],
      longest: windows.step, model.storage, differentiates: false, visit: { _, _, _ in })
    let tensors = ChunkTensors<Double>(windows)
    let truth = Worker(
      model.program, parameters: model.storage, shapes: [TileShape(systems: 1, bodies: 3)],
      evaluations: method.evaluations(points: 5),
      tangents: false
    ).states(tensors.tile([0]), tensors, method)[4]
    for (a, b) in zip(end.q, truth.q) { #expect(abs(a - b) < 1e-13) }
    for (k, (a, b)) in zip(end.p, truth.p).enumerated() {
      #expect(abs(a - b) < 1e-13 * entry.bodies.masses[k / 2])
    }
  }

  @Test("normal equations are those of the cost, whatever the number of threads")
  func normalEquations() throws {
    let measured = try Self.planets(frames: 121, noise: 0)
    let windows = try measured.windows(points: 6)
    let model = try model(windows)
    func problem(_ threads: Int) throws -> TrajectoryResiduals {
      try TrajectoryResiduals(
        model, windows: windows, times: measured.windowTimes(points: 6),
        starts: windows.systems.map { $0.states[0] }, method: .threeEighths,
        longest: windows.step, noise: 1e-2, threads: threads)
    }
    let one = try problem(1)
    let x = one.unknowns(model.parameters)
    let equations = one.normalEquations(at: x)
    #expect(abs(equations.cost - one.cost(at: x)) < 1e-12 * equations.cost)
    var generator = SeededGenerator(seed: 2)
    let direction = x.map { _ in generator.normal() }
    // d⟨r²⟩ = −2 ⟨rᵀJ⟩ dx.
    let slope = -2 * zip(equations.slope, direction).reduce(0) { $0 + $1.0 * $1.1 }
    let difference = extrapolatedDifference(1e-3) { h in one.cost(at: zip(x, direction).map { $0 + h * $1 }) }
    #expect(abs(slope - difference) < 1e-7 * abs(slope))
    let two = try problem(2).normalEquations(at: x)
    #expect(two.matrix == equations.matrix && two.slope == equations.slope && two.cost == equations.cost)
  }

  @Test("a law is recovered from noisy places, and forecasts")
  func recovers() throws {
    let noise = 1e-5
    let measured = try Self.planets(frames: 401, noise: noise)
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    do {
      let config = try TrajectoryConfig(
        ConfigNode.parse(Self.configuration, name: "planets.yaml"))
      func fit(threads: Int, resume: Bool = false) throws -> TrajectoryFit {
        try TrajectoryFit(config, measured: measured, folder: folder, threads: threads, resume: resume)
      }
      var records: [TrajectoryFit.Record] = []
      // Stopped on the way, and taken up by another number of threads.
      let stopped = try fit(threads: 1).run(
        onIteration: { records.append($0) }, shouldStop: { records.count == 20 })
      #expect(stopped == .interrupted)
      #expect(
        try fit(threads: 2, resume: true).run(onIteration: { records.append($0) }, shouldStop: { false })
          == .finished)
      let model = try HamiltonianModel.load(folder)
      let last = try #require(records.last)
      #expect(last.points == measured.fitted)
      #expect(last.chiSquare < 1.5)
      // The forecast of the last ten time units, more than a revolution of the giant.
      let start = try #require(TrajectorySet.read(folder + "/trajectory.csv").members.first?.frames.last)
      let later = Array(measured.frames[measured.fitted...])
      var states: [PhaseState] = []
      let plan = try FramePlan(
        start: start.t, end: later[later.count - 1].t, frames: later.count + 1,
        stepping: .adaptive(tolerance: 1e-10))
      _ = try integrate(
        try model.law(of: measured.bodies), from: start.state,
        method: IntegrationMethods.named("gsl-rk8pd"),
        stepping: .adaptive(tolerance: 1e-10), plan: plan
      ) { frame, _ in states.append(frame.state) }
      for (state, truth) in zip(states.dropFirst(), later) {
        for (a, b) in zip(state.q, truth.state.q) { #expect(abs(a - b) < 1e-2) }
      }
      // The same bits without the stop.
      let whole = try Safetensors.read(folder + "/last.safetensors")
      _ = try fit(threads: 2).run(onIteration: { _ in }, shouldStop: { false })
      #expect(try Safetensors.read(folder + "/last.safetensors") == whole)
    }
  }

  private static let configuration = """
    format: noether/training
    version: 1
    data: {trajectories: planets.csv, until: 30}
    model:
      {group: SE2, width: 4, layers: 0, pool: sum, readout: pair, charges: per-mass, channels: 1, hidden: [64], \
       kernel: ends, normalise: true, scales: [0.3, 0.03], centre: false}
    loss: {kind: trajectory, integrator: nystrom4, noise: 1e-5, substeps: 2}
    optimizer:
      - {method: lm, points: 21, iterations: 20, layers: kernel}
      - {method: lm, points: 61, iterations: 20, layers: kernel}
      - {method: lm, iterations: 40, layers: kernel}
    """
}
