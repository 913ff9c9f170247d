// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@testable import HLieConv

/// A model trained in the test, and a long compensated rollout of it from a system it has never seen.
struct TrainedRollout {
  let model: HamiltonianModel
  /// Systems of the test split.
  let systems: [ScenarioSystem]
  /// The largest drifts over all steps.
  private(set) var dP = 0.0
  private(set) var dL = 0.0
  /// The largest distance between two bodies at the kept states.
  private(set) var reach = 0.0
  /// The error of the state after 0.2 time units, and that of not moving at all: a model of zero forces would
  /// conserve everything.
  private(set) var error = Double.nan
  private(set) var holdError = Double.nan

  init(_ config: TrainingConfig, steps: Int, step h: Double, method: IntegrationMethod = .verlet) throws {
    let folder = try TemporaryFolder()
    model = try SpringData.train(config, in: folder.path)
    let scenario = try #require(config.data.scenario)
    systems = try scenario.systems(count: 20, seed: 0, first: config.data.first(of: .test))
    let start = systems[0]
    let stride = Int((0.2 / h).rounded())
    var early: Frame?
    _ = try integrate(
      model.law(like: start.system), from: start.initial, method: method,
      stepping: .fixed(step: h), compensated: true,
      plan: FramePlan(start: 0, steps: steps, step: h, every: Double(stride) * h),
      diagnosedBy: start.system
    ) { frame, row in
      if frame.step == stride { early = frame }
      (dP, dL) = (maximum(dP, row.dP), maximum(dL, row.dL))
      reach = maximum(reach, greatestPairDistance(frame.state.q.span, dimension: scenario.dimension))
    }
    let stepping = Stepping.adaptive(tolerance: 1e-12)
    var exact = start.initial
    _ = try integrate(
      start.system, from: start.initial, method: IntegrationMethods.named("gsl-rk8pd"), stepping: stepping,
      plan: FramePlan(start: 0, end: 0.2, frames: 2, stepping: stepping),
      onFrame: { frame, _ in exact = frame.state })
    error = Self.distance(try #require(early).state, exact)
    holdError = Self.distance(start.initial, exact)
  }

  private static func distance(_ a: PhaseState, _ b: PhaseState) -> Double {
    zip(a.q + a.p, b.q + b.p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }
}
