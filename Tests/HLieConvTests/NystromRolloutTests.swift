// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import Testing

@testable import HLieConv

/// The rollouts of the training loss against the integrators, which share nothing with them but the tables.
@Suite("Chunks by Nyström's method")
struct NystromRolloutTests {
  /// The states of the first chunk of a small problem by the loss's own rollout, in float64.
  private func chunk(_ problem: SmallProblem, _ method: ChunkMethod) throws -> [PhaseState] {
    let data = ChunkTensors<Double>(problem.data)
    let tile = data.tile([0])
    let program = problem.model.program
    let engine = TileEngine(
      program, parameters: ParameterStorage(problem.model.parameters, layout: program.parameters),
      capacity: 1, bodies: data.bodies[0], evaluations: 1, tangents: false)
    engine.begin(systems: 1, features: tile.features)
    let motion = TileMotion(
      engine: engine, h: data.step, inverseMasses: tile.inverseMasses, isFree: tile.isFree,
      points: data.points, keepsEvaluations: false)
    guard case .nystrom(let table) = method.table else { throw NoetherError("\(method.name)") }
    return NystromRollout(motion: motion, table: table, stride: method.stride)
      .states(from: tile.states[0].q, tile.states[0].p).map { PhaseState(q: $0.q, p: $0.p) }
  }

  /// The same states by an integrator, with `fineness` steps between two points.
  private func reference(_ problem: SmallProblem, _ method: IntegrationMethod, fineness: Int) throws
    -> [PhaseState]
  {
    let (entry, h) = (problem.data.systems[0], problem.data.step / Double(fineness))
    let steps = (problem.data.points - 1) * fineness
    var states: [PhaseState] = []
    _ = try integrate(
      problem.system, from: entry.states[0], method: method, stepping: .fixed(step: h),
      plan: FramePlan(start: 0, steps: steps, step: h, every: Double(fineness) * h)
    ) { frame, _ in states.append(frame.state) }
    return states
  }

  private func distance(_ a: [PhaseState], _ b: [PhaseState]) -> Double {
    zip(a, b).flatMap { zip($0.q + $0.p, $1.q + $1.p).map { abs($0 - $1) } }.max() ?? .infinity
  }

  @Test("one step per point is the integrator of the same name")
  func stepByStep() throws {
    let problem = try SmallProblem(group: "T2", dimension: 2)
    let found = try chunk(problem, #require(ChunkMethod.named("nystrom4")))
    #expect(found.count == 5)
    #expect(try distance(found, reference(problem, .nystrom4, fineness: 1)) < 1e-13)
  }

  /// Seven points: with a stride of 4 the last step covers two intervals only. Errors grow with the stride, and what is
  /// far below them for one point is not for many.
  @Test("steps over several points stay near the exact motion", arguments: [(1, 1e-4), (2, 1e-2), (4, 3e-2)])
  func strides(stride: Int, bar: Double) throws {
    let problem = try SmallProblem(group: "T2", dimension: 2, points: 7)
    let found = try chunk(problem, #require(ChunkMethod.named("nystrom4", stride: stride)))
    let exact = try reference(problem, .rk4, fineness: 64)
    let still = distance([PhaseState](repeating: exact[0], count: 7), exact)
    #expect(found.count == 7 && exact.count == 7)
    let error = distance(found, exact)
    #expect(error < bar * still, "\(error / still)")
  }

  @Test("a stride is read from a configuration")
  func configuration() throws {
    let config = try SpringData.config(["loss.integrator=nystrom4", "loss.stride=2"])
    #expect(config.method.name == "nystrom4" && config.method.stride == 2)
    #expect(config.method.evaluations(points: 5) == 6 && config.method.evaluations(points: 4) == 6)
    #expect(try SpringData.config(["loss.integrator=nystrom4"]).method.stride == 1)
  }
}
