// SPDX-License-Identifier: GPL-3.0-or-later

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
    /// Near a star a narrow network is too coarse: planets fall into orbits half as wide again.
    let width: Int
    /// Planets near the star turn round in 0.4 time units.
    let step: Double
    var testDescription: String { "\(group) on \(config)" }
  }
  static let problems = [
    Problem(config: "springs-small", group: "T2xSO2", epochs: 40, width: 32, step: 1e-4),
    Problem(config: "springs-3d", group: "SE3", epochs: 40, width: 32, step: 1e-4),
    Problem(config: "nbody-2d", group: "SE2", epochs: 100, width: 64, step: 1e-5),
    Problem(config: "nbody", group: "SE3", epochs: 100, width: 64, step: 1e-5),
  ]

  @Test("linear and angular momentum to 1e-12, in two and in three dimensions", arguments: problems)
  func momenta(problem: Problem) throws {
    let config = try SpringData.config(
      [
        "model.group=\(problem.group)", "training.epochs=\(problem.epochs)",
        "model.width=\(problem.width)", "data.train=1000", "data.validation=50",
      ], file: "\(problem.config).yaml")
    let rollout = try TrainedRollout(config, steps: 1_000_000, step: problem.step)
    #expect(rollout.dP <= 1e-12)
    #expect(rollout.dL <= 1e-12)
    // Chaos makes the shape of the orbits a matter of the last bit; a body that is thrown out flies ten times as far.
    #expect(rollout.reach < 3 * rollout.model.trainingDistance)
    #expect(rollout.error < 0.2 * rollout.holdError)

    // The energy of the trained model in both precisions, under the group.
    let certificate = try rollout.model.certify(on: rollout.systems, seed: 1, threads: 2)
    let exact = try #require(certificate.value(.invariance, "float64"))
    let rounded = try #require(certificate.value(.invariance, "float32"))
    #expect(exact <= 1e-12)
    #expect(rounded <= 1e-4)
    print(
      "\(problem.testDescription): dP \(rollout.dP), dL \(rollout.dL), invariance \(exact) and \(rounded), "
        + "reach \(rollout.reach) of \(rollout.model.trainingDistance), "
        + "error \(rollout.error) of \(rollout.holdError)")
  }
}
