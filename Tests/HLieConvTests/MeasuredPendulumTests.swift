// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv

/// The measured pendulum by the shipped configuration and converter.
@Suite(
  "Measured pendulum",
  .needs("measured pendulum", "schmidt_lipson/real_pend_h_1.txt"))
struct MeasuredPendulumTests {
  @Test("is fitted to the measurement's error with friction, and not without")
  func pendulum() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/pendulum.csv"
    try ShippedFiles.convert("pendulum-to-csv.sh", SharedData.path("schmidt_lipson"), to: file)
    var node = try ShippedFiles.training("pendulum").setting("data.trajectories=\(file)")
    func fit() throws -> (chiSquare: Double, model: HamiltonianModel) {
      let config = try TrajectoryConfig(node)
      let measured = try config.measured()
      #expect(measured.bodies.names == ["pivot", "bob"] && measured.bodies.pinned == [true, false])
      // Ten gaps of one or two frames.
      #expect(measured.frames.count == 556 && measured.fitted == 366)
      var last = Double.infinity
      _ = try TrajectoryFit(config, measured: measured, folder: folder.path, threads: 2, resume: false)
        .run(onIteration: { last = $0.chiSquare }, shouldStop: { false })
      return (last, try HamiltonianModel.load(folder.path))
    }
    let damped = try fit()
    #expect(damped.chiSquare < 1.1)
    // What remains of the energy's E(t), quadratic in time, says the same: amplitudes 1.47 and 0.83 over 94.5 s.
    let γ = try #require(damped.model.friction)
    #expect((0.011...0.014).contains(γ), "\(γ)")
    node = try node.setting("model.friction=false")
    #expect(try fit().chiSquare > 100)
  }
}
