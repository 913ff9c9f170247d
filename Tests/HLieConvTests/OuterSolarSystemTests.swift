// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv

/// The measured outer Solar System by the shipped configuration and converter, in windows of a thousand days alone: the
/// century takes a minute.
@Suite(
  "Outer Solar System",
  .needs("JPL Horizons tables", "jpl_horizons/outer_barycentric_50d.csv.gz"))
struct OuterSolarSystemTests {
  @Test("windows of a thousand days are fitted to the measurement's error")
  func windows() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/outer.csv"
    try ShippedFiles.convert("horizons-to-csv.sh", SharedData.path("jpl_horizons"), to: file)
    var node = try ShippedFiles.training("outer-solar-system")
    // A fifth of the century.
    for setting in [
      "data.trajectories=\(file)", "data.until=1920",
      "optimizer=[{method: lm, points: 21, iterations: 20, layers: kernel}]",
    ] { node = try node.setting(setting) }
    let config = try TrajectoryConfig(node)
    let measured = try config.measured()
    #expect(measured.bodies.names == ["Sun", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto"])
    #expect(measured.fitted == 147 && measured.frames.count == 1454)
    var last = Double.infinity
    _ = try TrajectoryFit(config, measured: measured, folder: folder.path, threads: 2, resume: false)
      .run(onIteration: { last = $0.chiSquare }, shouldStop: { false })
    #expect(last < 2)
  }
}
