// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import HLieConv

/// What trained models with less than all symmetries conserve over 100 000 Verlet steps, and what they do not.
@Suite("Conservation by trained models")
struct ConservationTests {
  private func rollout(_ overrides: [String]) throws -> TrainedRollout {
    let config = try SpringData.config(
      ["training.epochs=30", "data.train=400", "data.validation=50"] + overrides)
    return try TrainedRollout(config, steps: 100_000, step: 1e-4)
  }

  @Test("T(2) conserves linear momentum to round-off, but not angular momentum")
  func translations() throws {
    let result = try rollout([])
    #expect(result.dP <= 1e-12)
    #expect(result.dL > 1e-3)
    #expect(result.error < 0.3 * result.holdError)
  }

  @Test("SO(2) about the origin conserves angular momentum to round-off, but not linear momentum")
  func rotations() throws {
    let result = try rollout(["model.group=SO2", "model.centre=false", "training.epochs=60"])
    #expect(result.dL <= 1e-12)
    #expect(result.dP > 1e-3)
    #expect(result.error < 0.3 * result.holdError)
  }

  @Test("the control without the symmetry conserves neither")
  func control() throws {
    let result = try rollout(["model.group=Trivial", "model.centre=false"])
    #expect(result.dP > 1e-3)
    #expect(result.dL > 1e-3)
  }
}
