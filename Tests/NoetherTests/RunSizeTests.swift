// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import noether

@Suite struct RunSizeTests {
  /// The estimate against the file itself: only headers, masses and parameters come on top.
  @Test(arguments: [1, 7])
  func archiveIsAsLongAsEstimated(systems: Int) throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "springs", "--systems", "\(systems)", "--quiet", "--set", "output.frames=401", "--out",
      folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let text = try folder.text("run/trajectory.csv")
    let rows = text.split(separator: "\n").count - 1
    let bodies = rows / (systems * 401)
    let length = Double(try folder.data("run/trajectory.npz").count)
    let size = RunSize(systems: systems, frames: 401, bodies: bodies, dimension: 2)
    #expect(size.archive < length && length < size.archive + 3000)
    #expect(size.memory > 3 * size.archive)
  }

  @Test func whatDoesNotFitIsRefusedWithANumberAndARemedy() throws {
    let size = RunSize(systems: 1000, frames: 1001, bodies: 5, dimension: 3)
    try size.check(memory: size.memory)
    #expect {
      try size.check(memory: size.memory - 1)
    } throws: {
      let message = ($0 as? NoetherError)?.message ?? ""
      return message.hasPrefix("the run needs 1.") && message.contains("--systems")
    }
    // 2²⁴ frames of 32 numbers, 15 coordinates, 15 momenta, step and time, are 4 GiB.
    try RunSize(systems: 1, frames: 1 << 23, bodies: 5, dimension: 3).check(memory: .infinity)
    #expect(throws: NoetherError.self) {
      try RunSize(systems: 1, frames: 1 << 24, bodies: 5, dimension: 3).check(memory: .infinity)
    }
  }
}
