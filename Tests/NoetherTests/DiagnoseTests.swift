// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// `noether diagnose`: what a stored trajectory tells agrees with what was measured while it was made.
@Suite struct DiagnoseTests {
  @Test func storedTrajectoryGivesTheSameEnergies() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "springs", "--systems", "2", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let measured = try folder.text("run/diagnostics.csv").split(separator: "\n")
    for source in ["run", "run/trajectory.npz", "run/trajectory.csv"] {
      let result = try Tool.run(
        "diagnose", folder.file(source), "--out", folder.file("out.csv"), "--overwrite")
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.isEmpty)
      let rows = try folder.text("out.csv").split(separator: "\n")
      #expect(rows.count == measured.count)
      #expect(rows[0] == measured[0])
      for (row, other) in zip(rows, measured).dropFirst() {
        // system and t, then T … L_z, which depend on the kept states alone; dP and dL do not.
        let (a, b) = (row.split(separator: ","), other.split(separator: ","))
        #expect(a[0] == b[0])
        #expect(a[2..<10] == b[2..<10])
      }
    }
  }

  @Test func tablesReplaceNothingUnasked() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let before = try folder.data("run/trajectory.csv")
    let result = try Tool.run("diagnose", folder.file("run"), "--out", folder.file("run/trajectory.csv"))
    #expect(result.code == 1)
    #expect(result.errors.contains("trajectory.csv: is there already; add --overwrite"))
    #expect(try folder.data("run/trajectory.csv") == before)
  }

  @Test func lawComesFromAScenarioWhereNoRunIsRecorded() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    try folder.data("run/trajectory.csv").write(to: URL(fileURLWithPath: folder.file("alone.csv")))
    let without = try Tool.run("diagnose", folder.file("alone.csv"))
    #expect(without.code == 1)
    #expect(without.errors.contains("--scenario"))
    let with = try Tool.run("diagnose", folder.file("alone.csv"), "--scenario", "kepler")
    #expect(with.code == 0, "\(with.errors)")
    #expect(with.output.hasPrefix("system,step,t,T,V,H,dH,P_x,P_y,L_z,dP,dL\n0,0,0,2,-2.5,-0.5,0,"))
    let wrong = try Tool.run("diagnose", folder.file("alone.csv"), "--scenario", "figure-eight")
    #expect(wrong.code == 1)
  }
}
