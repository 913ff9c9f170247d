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

  /// Störmer–Verlet keeps the energy bounded, Kutta's rule loses it in proportion to time.
  @Test(arguments: [("verlet", "bounded"), ("rk4", "secular")])
  func trendsTellASymplecticMethodFromAnother(method: String, verdict: String) throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "kepler", "--method", method, "--set", "integrator.step=62.83185307179586/4000", "--set",
      "output.frames=1001", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let columns = "system,quantity,drift,max,rms,last,slope,slope_ci95,halves,exponent,verdict"
    // By diagnostics.csv, by the file itself, and by the frames alone.
    for source in [["run"], ["run/diagnostics.csv"], ["run/trajectory.csv"]] {
      let result = try Tool.run("diagnose", folder.file(source[0]), "--trends")
      #expect(result.code == 0, "\(result.errors)")
      let rows = result.output.split(separator: "\n").map { $0.split(separator: ",") }
      #expect(rows[0].joined(separator: ",") == columns)
      let quantities = rows.dropFirst().map { String($0[1]) }
      #expect(
        quantities == (source == ["run/diagnostics.csv"] ? ["H"] : ["H", "H_per_body"])
          + ["P", "P_x", "P_y", "L", "L_z"])
      #expect(rows[1][2] == "relative" && rows[1][10] == verdict, "\(rows[1])")
    }
  }

  @Test func motionHasTheColumnsThatASystemHas() throws {
    let folder = try Tool.Folder()
    func table(_ scenario: String, _ options: String...) throws -> [[Substring]] {
      let name = scenario + "-run"
      if !folder.exists(name) {
        let run = try Tool.run(
          "simulate", scenario, "--set", "output={frames: 101}", "--quiet", "--out", folder.file(name))
        #expect(run.code == 0, "\(run.errors)")
      }
      let result = try Tool.running(["diagnose", folder.file(name), "--motion"] + options)
      #expect(result.code == 0, "\(result.errors)")
      return result.output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
    }
    #expect(
      try table("figure-eight")[0].joined(separator: ",")
        == "system,step,t,X_x,X_y,X_drift,virial_ratio,min_distance,body_i,body_j")
    #expect(
      try table("kepler")[0].joined(separator: ",")
        == "system,step,t,virial_ratio,min_distance,e_x,e_y,apsis,body_i,body_j")
    #expect(try table("kepler")[1][4] == "0.40000000000000002")
    #expect(
      try table("harmonic-chain", "--modes", "3")[0].joined(separator: ",")
        == "system,step,t,virial_ratio,E_1,E_2,E_3")
    let trends = try table("kepler", "--trends")
    #expect(trends.dropFirst().map { $0[1] } == ["e_x", "e_y", "apsis"])
    let none = try Tool.run("diagnose", folder.file("kepler-run"), "--motion", "--modes", "2")
    #expect(none.code == 1 && none.errors.contains("--modes 2: mode energies are those of a chain"))
    let alone = try Tool.run("diagnose", folder.file("kepler-run"), "--modes", "2")
    #expect(alone.code == 64 && alone.errors.contains("--modes goes with --motion"))
  }

  /// A copy that was broken off within its last row: all frames but the last are diagnosed as before, with a warning.
  @Test func whatIsWholeOfACutTableIsDiagnosed() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "kepler", "--set", "output.frames=11", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let whole = try folder.text("run/trajectory.csv")
    let path = try folder.write("cut.csv", String(whole.dropLast(20)))
    func rows(_ path: String) throws -> (rows: [Substring], said: String) {
      let result = try Tool.run("diagnose", path, "--scenario", "kepler")
      #expect(result.code == 0, "\(result.errors)")
      return (result.output.split(separator: "\n"), result.errors)
    }
    let (all, silence) = try rows(folder.file("run/trajectory.csv"))
    let (left, warning) = try rows(path)
    #expect(all.count == 12 && left == Array(all.prefix(11)) && silence.isEmpty)
    #expect(
      warning.hasPrefix("noether: warning: \(path):23: ends inside a row")
        && warning.hasSuffix("; what is whole before that is used, 10 frames of 1 system\n"), "\(warning)")
    let text = try Tool.run("convert", path, folder.file("cut.npz"))
    #expect(text.code == 0 && text.errors.contains("10 frames of 1 system"), "\(text.errors)")
    let compared = try Tool.run("compare", "--common", folder.file("run/trajectory.csv"), path)
    #expect(compared.code == 0 && compared.errors.contains("10 frames of 1 system"), "\(compared.errors)")
    // Strict where a wrong length would go unnoticed: in data to learn from.
    let fit = try Tool.run(
      "train", "outer-solar-system", "--set", "data.trajectories=\(path)", "--out", folder.file("fit"))
    #expect(fit.code == 1 && fit.errors.contains("ends inside a row"), "\(fit.errors)")
  }

  @Test func anglesHaveNoMotion() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "pendulum", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let result = try Tool.run("diagnose", folder.file("run"), "--motion")
    #expect(result.code == 1 && result.errors.contains("angles"))
    let group = try Tool.run("diagnose", folder.file("run"), "--group", "T1")
    #expect(group.code == 1 && group.errors.contains("angles"))
    let trends = try Tool.run("diagnose", folder.file("run"), "--trends")
    #expect(trends.code == 0 && trends.output.contains("\n0,H,"))
    #expect(!trends.output.contains(",P,"))
  }
}
