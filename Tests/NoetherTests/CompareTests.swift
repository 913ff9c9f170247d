// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// `noether compare` and `noether convert`.
@Suite struct CompareTests {
  private func kepler(_ folder: Tool.Folder, _ name: String, steps: Int, frames: Int = 101) throws {
    let run = try Tool.run(
      "simulate", "kepler", "--set", "integrator.step=62.83185307179586/\(steps)", "--set",
      "output.frames=\(frames)", "--quiet", "--out", folder.file(name))
    #expect(run.code == 0, "\(run.errors)")
  }

  private func rows(_ text: String) -> [[Substring]] {
    text.split(separator: "\n").map { $0.split(separator: ",") }
  }

  private func number(_ field: Substring) -> Double { Double(field) ?? .nan }

  @Test func halvingTheStepMovesTheEnd() throws {
    let folder = try Tool.Folder()
    try kepler(folder, "h", steps: 2000)
    try kepler(folder, "h2", steps: 4000)
    try kepler(folder, "h4", steps: 8000)
    func compare(_ a: String, _ b: String, _ threshold: String) throws -> (last: [Substring], errors: String)
    {
      let result = try Tool.run("compare", folder.file(a), folder.file(b), "--threshold", threshold)
      #expect(result.code == 0, "\(result.errors)")
      let table = rows(result.output)
      #expect(
        table[0].joined(separator: ",") == "system,step,t,q_rms,q_max,body,p_rms,p_max,relative,H_A,H_B")
      #expect(table.count == 102 && table[1][3] == "0")
      return (try #require(table.last), result.errors)
    }
    let (coarse, errors) = try compare("h", "h2", "1e-6")
    let (fine, quiet) = try compare("h2", "h4", "10")
    // Yoshida's method is of order 4; the planet alone moves.
    let ratio = number(coarse[4]) / number(fine[4])
    #expect(abs(ratio / 16 - 1) < 0.1)
    #expect(coarse[5] == "planet")
    #expect(abs(number(coarse[3]) * 2.0.squareRoot() / number(coarse[4]) - 1) < 1e-12)
    #expect(abs(number(coarse[9]) + 0.5) < 1e-5)
    #expect(errors.contains("passes 1e-06 at t = "), "\(errors)")
    #expect(quiet.contains("never passes 10.0"))
    let same = try Tool.run("compare", folder.file("h/trajectory.csv"), folder.file("h/trajectory.npz"))
    #expect(same.code == 0 && same.errors.contains("at most 0.0 apart"))
  }

  @Test func differentTimesAreRefusedUnlessAskedFor() throws {
    let folder = try Tool.Folder()
    try kepler(folder, "many", steps: 2000, frames: 101)
    try kepler(folder, "few", steps: 2000, frames: 21)
    let refused = try Tool.run(
      "compare", folder.file("many"), folder.file("few"), "--out", folder.file("c.csv"))
    #expect(refused.code == 1 && refused.errors.contains("nothing is interpolated"))
    #expect(!folder.exists("c.csv"))
    let common = try Tool.run("compare", folder.file("many"), folder.file("few"), "--common")
    #expect(common.code == 0 && rows(common.output).count == 22)
    #expect(rows(common.output).dropFirst().allSatisfy { $0[4] == "0" })
    let eight = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("eight"))
    #expect(eight.code == 0)
    let other = try Tool.run("compare", folder.file("many"), folder.file("eight"))
    #expect(other.code == 1 && other.errors.contains("only the same bodies can be compared"))
  }

  @Test func convertingThereAndBackKeepsEveryBit() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "springs", "--systems", "2", "--set", "output.frames=5", "--quiet", "--out",
      folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    func convert(_ from: String, _ to: String) throws {
      let result = try Tool.run("convert", folder.file(from), folder.file(to))
      #expect(result.code == 0, "\(result.errors)")
    }
    try convert("run", "a.xyz")
    try convert("a.xyz", "b.csv")
    #expect(try folder.data("b.csv") == folder.data("run/trajectory.csv"))
    try convert("run/trajectory.csv", "c.npz")
    #expect(try folder.data("c.npz") == folder.data("run/trajectory.npz"))
    try convert("c.npz", "d.xyz")
    #expect(try folder.data("d.xyz") == folder.data("a.xyz"))
    // Packed by gzip it is the same.
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", folder.file("d.xyz")]
    try process.run()
    process.waitUntilExit()
    try convert("d.xyz.gz", "f.csv")
    #expect(try folder.data("f.csv") == folder.data("run/trajectory.csv"))
    // The law travels with the archive, and is told where a file has none.
    let law = try Tool.run("diagnose", folder.file("c.npz"))
    #expect(law.code == 0)
    let without = try Tool.run("convert", folder.file("b.csv"), folder.file("e.npz"))
    #expect(without.code == 0 && without.errors.contains("does not tell the law"))
  }

  @Test func conversionsThatCannotBeAreRefused() throws {
    let folder = try Tool.Folder()
    try kepler(folder, "run", steps: 2000, frames: 5)
    for (source, target, message) in [
      ("run", "a.hdf5", "ends in no format that is known"), ("none.csv", "a.npz", "there is no such file"),
      ("run", "run/trajectory.csv", "is there already"),
    ] {
      let result = try Tool.run("convert", folder.file(source), folder.file(target))
      #expect(result.code == 1 && result.errors.contains(message), "\(result.errors)")
    }
    let pendulum = try Tool.run("simulate", "pendulum", "--quiet", "--out", folder.file("pendulum"))
    #expect(pendulum.code == 0)
    let angles = try Tool.run("convert", folder.file("pendulum"), folder.file("a.xyz"))
    #expect(angles.code == 1 && angles.errors.contains("angles"))
    #expect(folder.entries == ["pendulum", "run"])
  }
}
