// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import LieCore
import Testing

@testable import HLieConv

/// Models that learn no potential, but all of H(q, p), or (q̇, ṗ) without any energy.
@Suite("Learned vector fields")
struct FlowTests {
  private static func law(_ model: ModelCase, precision: Precision = .float64, pinned: Int? = nil) throws
    -> LearnedFlow
  {
    let d = model.group.spaceDimension
    let masses = [0.5, 0.9, 1.3, 1.7, 2.1]
    return LearnedFlow(
      try model.model(),
      bodies: Bodies(
        dimension: d, names: masses.indices.map { "\($0)" }, masses: masses,
        pinned: masses.indices.map { $0 == pinned }), features: masses.map { [$0] }, precision: precision)
  }

  private static func state(_ model: ModelCase) -> PhaseState {
    PhaseState(q: model.positions(bodies: 5, seed: 4), p: model.positions(bodies: 5, seed: 5))
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test("are carried into themselves by translations, if centred", arguments: ModelCase.flows)
  func translations(_ model: ModelCase) throws {
    func change(_ model: ModelCase) throws -> Double {
      let (law, z) = (try Self.law(model), Self.state(model))
      var moved = z
      for k in moved.q.indices { moved.q[k] += k.isMultiple(of: model.group.spaceDimension) ? 1.3 : -0.7 }
      let (a, b) = (rates(of: law, at: z), rates(of: law, at: moved))
      #expect((a.qdot + a.pdot).map(abs).max() ?? 0 > 1e-3)
      return Self.distance(a.qdot + a.pdot, b.qdot + b.pdot)
    }
    #expect(try change(model) < 1e-12)
    var uncentred = model
    uncentred.centre = false
    let isSymmetric = [T2.name, T3.name, SE2.name].contains(model.group.name)
    #expect(try isSymmetric ? change(uncentred) < 1e-12 : change(uncentred) > 1e-6)
  }

  @Test("hold pinned bodies, and are the same in float32 to its rounding", arguments: ModelCase.flows)
  func pinned(_ model: ModelCase) throws {
    let z = Self.state(model)
    let free = rates(of: try Self.law(model), at: z)
    let held = rates(of: try Self.law(model, pinned: 2), at: z)
    let single = rates(of: try Self.law(model, precision: .float32), at: z)
    let d = model.group.spaceDimension
    for k in z.q.indices {
      #expect(held.qdot[k] == (k / d == 2 ? 0 : free.qdot[k]))
      #expect(held.pdot[k] == (k / d == 2 ? 0 : free.pdot[k]))
    }
    let difference = Self.distance(free.qdot + free.pdot, single.qdot + single.pdot)
    #expect(difference > 0 && difference < 1e-4 * ((free.qdot + free.pdot).map(abs).max() ?? 0))
  }

  /// A chunk as training rolls it out against the integrator on the learned law.
  @Test("training and integrators agree on where they lead", arguments: ModelCase.flows)
  func rollout(_ model: ModelCase) throws {
    let problem = try SmallProblem(model)
    for (index, entry) in problem.data.systems.enumerated() {
      var states: [PhaseState] = []
      _ = try integrate(
        problem.flow(index), from: entry.states[0], method: .rk4ThreeEighths, stepping: .fixed(step: 0.1),
        plan: FramePlan(start: 0, steps: 4, step: 0.1, frames: 5),
        diagnosedBy: SpringSystem(
          bodies: entry.bodies, stiffness: (0..<4).map { entry.features[2 * $0 + 1] }),
        onFrame: { frame, _ in states.append(frame.state) })
      var square = 0.0
      for (a, b) in zip(states, entry.states) {
        square += zip(a.q + a.p, b.q + b.p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      let data = ChunkTensors<Double>(problem.data)
      let loss = try ChunkLoss<Double>(
        problem.model.program, initial: problem.model.parameters, objective: .chunks(.threeEighths),
        sizes: [4],
        points: 5,
        threads: 1, gradients: false)
      let mean = square / Double(data.numbers(of: 4))
      #expect(abs(loss.errors(of: data)[index] - mean) < 1e-12 * mean)
    }
  }

  @Test(
    "methods for H = T + V are refused by name, in training as in rollouts",
    arguments: [ModelKind.hogn, .ogn])
  func methods(kind: ModelKind) throws {
    for method in ["verlet", "yoshida4", "nystrom4"] {
      let error = #expect(throws: NoetherError.self) {
        try SpringData.config(["model={kind: \(kind.rawValue), width: 16}", "loss.integrator=\(method)"])
      }
      for part in ["loss.integrator", method, "T(p) + V(q)", "rk4-38, rk4"] {
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
      }
      let problem = try SmallProblem(kind: kind, dimension: 2)
      let chunkMethod = try #require(ChunkMethod.named(method))
      #expect(throws: NoetherError.self) {
        try problem.model.evaluate(on: problem.data, method: chunkMethod, threads: 1)
      }
      #expect(throws: NoetherError.self) {
        try IntegrationMethods.named(method).check(problem.flow(0))
      }
    }
  }

  @Test("no potential is to be had of them")
  func potential() throws {
    let model = try ModelCase(group: Trivial2.self, centre: true, kind: .ogn).model(features: ["m", "k"])
    let springs = SpringSystem(bodies: Bodies(dimension: 2, masses: [1, 1]), stiffness: [1, 1])
    let error = #expect(throws: NoetherError.self) { try model.system(like: springs) }
    #expect(error?.message.contains("ogn learns no potential") == true)
    #expect(throws: NoetherError.self) { try BatchedForce<Float>(model, for: [springs], threads: 1) }
    let law = try model.law(like: springs)
    let z = PhaseState(q: [0, 0, 1, 0], p: [0, 0, 0, 1])
    #expect(law.energy(q: z.q.span, p: z.p.span) == nil)
  }

  @Test("shared by three threads they are those of one, bit by bit", .serialized, arguments: ModelCase.flows)
  func team(_ model: ModelCase) throws {
    let program = try model.model()
    func velocity(_ team: Team?, _ z: [Double]) -> [Double] {
      let engine = TileEngine<Double>(
        program.program, parameters: program.storage, capacity: 2, bodies: 5, evaluations: 1, tangents: false,
        team: team, sharesAlways: true)
      engine.begin(systems: 2, features: (0..<10).map { 0.5 + 0.4 * Double($0) })
      var velocity = z
      engine.velocity(0, at: z, into: &velocity)
      return velocity
    }
    for seed in 0..<5 {
      let z = model.positions(bodies: 20, seed: UInt64(seed))
      #expect(velocity(Self.team, z) == velocity(nil, z))
    }
  }
  private static let team = Team(size: 3) { 3 }
}
