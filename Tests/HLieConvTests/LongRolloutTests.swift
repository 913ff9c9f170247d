// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@testable import HLieConv

/// A million compensated Verlet steps of trained models that carry all rotations and translations: what they
/// conserve, that the motion stays bound, and that it is the right motion to begin with.
@Suite("Momenta over a million steps")
struct LongRolloutTests {
  struct Problem: CustomTestStringConvertible {
    let config: String
    let group: String
    let epochs: Int
    var testDescription: String { "\(group) on \(config)" }
  }
  static let problems = [
    Problem(config: "springs-small", group: "T2xSO2", epochs: 40),
    Problem(config: "springs-3d", group: "SE3", epochs: 40),
    Problem(config: "nbody-2d", group: "SE2", epochs: 80),
    Problem(config: "nbody", group: "SE3", epochs: 80),
  ]

  @Test("linear and angular momentum to 1e-12, in two and in three dimensions", arguments: problems)
  func momenta(problem: Problem) throws {
    let config = try SpringData.config(
      [
        "model.group=\(problem.group)", "training.epochs=\(problem.epochs)", "data.train=1000",
        "data.validation=50",
      ], file: "\(problem.config).yaml")
    let folder = try TemporaryFolder()
    let model = try SpringData.train(config, in: folder.path)
    let scenario = try #require(config.data.scenario)
    let systems = try scenario.systems(count: 20, seed: 0, first: config.data.first(of: .test))

    // The energy of the trained model in both precisions, under the group.
    let certificate = try model.certify(on: systems, seed: 1, threads: 2)
    let (double, single) = (
      certificate.value(.invariance, "float64") ?? .nan, certificate.value(.invariance, "float32") ?? .nan
    )
    #expect(double <= 1e-12)
    #expect(single <= 1e-4)

    let start = systems[0]
    let (steps, h) = (1_000_000, 1e-4)
    let learned = try model.system(like: start.system)
    var (dP, dL, reach, frames): (Double, Double, Double, [Frame]) = (0, 0, 0, [])
    _ = try integrate(
      learned, from: start.initial, method: IntegrationMethods.named("verlet"), stepping: .fixed(step: h),
      compensated: true, plan: FramePlan(start: 0, steps: steps, step: h, frames: 1001),
      diagnosedBy: start.system
    ) { frame, row in
      frames.append(frame)
      (dP, dL) = (maximum(dP, row.dP), maximum(dL, row.dL))
      reach = max(reach, greatestPairDistance(frame.state.q.span, dimension: scenario.dimension))
    }
    #expect(frames.count == 1001)
    print("\(problem.testDescription): dP \(dP), dL \(dL), reach \(reach) of \(model.trainingDistance)")
    #expect(dP <= 1e-12)
    #expect(dL <= 1e-12)
    #expect(reach < 2 * model.trainingDistance)

    // The true motion, one time unit long at most, beside the learned one and no motion at all.
    var exact: [Frame] = []
    _ = try integrate(
      start.system, from: start.initial, method: IntegrationMethods.named("gsl-rk8pd"),
      stepping: .adaptive(tolerance: 1e-12),
      plan: FramePlan(start: 0, end: 0.2, frames: 3, stepping: .adaptive(tolerance: 1e-12)),
      onFrame: { frame, _ in exact.append(frame) })
    func distance(_ a: PhaseState, _ b: PhaseState) -> Double {
      zip(a.q + a.p, b.q + b.p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    #expect(abs(frames[2].t - exact[2].t) < 1e-12)
    let error = distance(frames[2].state, exact[2].state)
    print("\(problem.testDescription): error \(error) of \(distance(start.initial, exact[2].state))")
    #expect(error < 0.3 * distance(start.initial, exact[2].state))
  }
}
