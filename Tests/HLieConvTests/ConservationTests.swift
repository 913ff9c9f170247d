// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import TestSupport
import Testing

@testable import HLieConv

/// What trained models conserve over 100 000 Verlet steps, beside a control and a test of accuracy: a model of
/// zero forces would conserve everything.
@Suite("Conservation by trained models")
struct ConservationTests {
  private struct Result {
    var dP = 0.0
    var dL = 0.0
    /// The error of the state after 0.2 time units, and that of not moving at all.
    var error = 0.0
    var holdError = 0.0
  }

  private func rollout(_ overrides: [String]) throws -> Result {
    let config = try SpringData.config(
      ["training.epochs=30", "data.train=400", "data.validation=50"] + overrides)
    let folder = try TemporaryFolder()
    let model = try SpringData.train(config, in: folder.path)
    let scenario = try #require(config.data.scenario)
    let start = try scenario.systems(count: 1, seed: 0, first: config.data.first(of: .test))[0]
    let method = try IntegrationMethods.named("verlet")
    let (steps, h) = (100_000, 1e-4)
    let plan = try FramePlan(start: 0, steps: steps, step: h, frames: 51)
    var (result, frames): (Result, [Frame]) = (Result(), [])
    _ = try integrate(
      model.system(like: start.system), from: start.initial, method: method, stepping: .fixed(step: h),
      compensated: true, plan: plan, diagnosedBy: start.system
    ) { frame, row in
      frames.append(frame)
      result.dP = max(result.dP, row.dP)
      result.dL = max(result.dL, row.dL)
    }
    #expect(frames.count == 51)
    let truth = try IntegrationMethods.named("gsl-rk8pd")
    var exact = start.initial
    _ = try integrate(
      start.system, from: start.initial, method: truth, stepping: .adaptive(tolerance: 1e-12),
      plan: FramePlan(start: 0, end: 0.2, frames: 2, stepping: .adaptive(tolerance: 1e-12)),
      onFrame: { frame, _ in exact = frame.state })
    func distance(_ a: PhaseState, _ b: PhaseState) -> Double {
      zip(a.q + a.p, b.q + b.p).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    #expect(abs(frames[1].t - 0.2) < 1e-12)
    result.error = distance(frames[1].state, exact)
    result.holdError = distance(start.initial, exact)
    return result
  }

  @Test("T(2) conserves linear momentum to round-off, but not angular momentum")
  func translations() throws {
    let result = try rollout([])
    #expect(result.dP <= 1e-12)
    #expect(result.dL > 1e-3)
    #expect(result.error < 0.3 * result.holdError)
  }

  @Test("the control without the symmetry conserves neither")
  func control() throws {
    let result = try rollout(["model.group=Trivial", "model.centre=false"])
    #expect(result.dP > 1e-3)
    #expect(result.dL > 1e-3)
  }
}
