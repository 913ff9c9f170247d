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

  /// Noether's theorem is one about energies: a field that only has the symmetry keeps nothing, though it has learned where
  /// the bodies go.
  @Test(
    "one network conserves linear momentum if it gives an energy, and not if it gives dq/dt and dp/dt",
    arguments: [
      ("hlieconv", "flieconv", "group: T2, width: 32, layers: 2", 60),
      ("hfc", "fc", "bodies: 6, width: 64, layers: 3", 100), ("hogn", "ogn", "width: 32", 60),
    ])
  func vectorField(energy: String, field: String, keys: String, epochs: Int) throws {
    func rollout(_ kind: String) throws -> TrainedRollout {
      let config = try SpringData.config([
        "data.train=400", "data.validation=50", "training.epochs=\(epochs)", "loss.integrator=rk4",
        "model={kind: \(kind), \(keys)}",
      ])
      return try TrainedRollout(config, steps: 1000, step: 0.01, method: .rk4)
    }
    let (energy, field) = (try rollout(energy), try rollout(field))
    #expect(energy.dP <= 1e-12)
    #expect(field.dP > 1e-3)
    #expect(energy.dL > 1e-3 && field.dL > 1e-3)
    #expect(energy.error < 0.6 * energy.holdError && field.error < 0.8 * field.holdError)
  }

  @Test("the control without the symmetry conserves neither")
  func control() throws {
    let result = try rollout(["model.group=Trivial", "model.centre=false"])
    #expect(result.dP > 1e-3)
    #expect(result.dL > 1e-3)
  }
}
