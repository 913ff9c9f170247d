// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// `noether certify` and the ledger of `diagnose --group`, with networks small enough for a second.
@Suite struct CertifyTests {
  /// The rows of a CSV text as dictionaries.
  private func rows(_ text: String) -> [[String: String]] {
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test func certificateTellsTheModelFromTheControl() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    try LearningTests.train(
      folder, "control", epochs: 1, ["--set", "model.group=Trivial", "--set", "model.centre=false"])
    var values: [String: [String: Double]] = [:]
    for name in ["model", "control"] {
      let result = try Tool.run("certify", folder.file(name), "--systems", "20")
      #expect(result.code == 0, "\(result.errors)")
      #expect(result.output.hasPrefix("quantity,precision,value\ninvariance,float32,"))
      #expect(result.output.split(separator: "\n").count == 9)
      for row in rows(result.output) where row["precision"] == "float64" {
        values[name, default: [:]][row["quantity"] ?? ""] = Double(row["value"] ?? "")
      }
      #expect(result.errors.contains(name == "model" ? "promised, and holds" : "does not hold"))
    }
    for quantity in ["invariance", "equivariance", "net_force"] {
      #expect(values["model"]?[quantity] ?? 1 <= 1e-12, "\(quantity)")
    }
    #expect(values["model"]?["net_torque"] ?? 0 > 1e-3)
    for quantity in ["invariance", "equivariance", "net_force", "net_torque"] {
      #expect(values["control"]?[quantity] ?? 0 > 1e-5, "\(quantity)")
    }
    // The same bits into a file, at any number of threads.
    let stdout = try Tool.run("certify", folder.file("model"), "--systems", "20", "--threads", "1", "--quiet")
    let filed = try Tool.run(
      "certify", folder.file("model"), "--systems", "20", "--threads", "2", "--quiet", "--out",
      folder.file("certificate.csv"))
    #expect(filed.code == 0 && filed.output.isEmpty && filed.errors.isEmpty, "\(filed.errors)")
    #expect(try folder.text("certificate.csv") == stdout.output)
  }

  @Test func rolloutKeepsALedgerAndDiagnoseAgrees() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    let rollout = try Tool.run(
      "rollout", folder.file("model"), "--scenario", "springs", "--systems", "2", "--method", "verlet",
      "--steps", "50", "--step", "0.002", "--quiet", "--out", folder.file("run"))
    #expect(rollout.code == 0, "\(rollout.errors)")
    let header = "system,step,t,momentum,value,drift,residual,residual_learned,conserved\n"
    let text = try folder.text("run/ledger.csv")
    #expect(text.hasPrefix(header))
    let ledger = rows(text)
    // 51 frames of 2 systems; T2 adds nothing to the motions of the plane.
    #expect(ledger.count == 51 * 2 * 3)
    for row in ledger {
      let learned = try #require(Double(row["residual_learned"] ?? "")).magnitude
      #expect(try #require(Double(row["residual"] ?? "")).magnitude <= 1e-14, "springs keep all three")
      if row["momentum"] == "L_z" {
        #expect(row["conserved"] == "no")
      } else {
        #expect(row["conserved"] == "exact" && learned <= 1e-14)
        #expect(try #require(Double(row["drift"] ?? "")) <= 1e-14)
      }
    }
    let torques = ledger.filter { $0["momentum"] == "L_z" }.compactMap {
      Double($0["residual_learned"] ?? "")
    }
    #expect(torques.map(\.magnitude).max() ?? 0 > 1e-6, "the control: nothing keeps L_z")

    let again = try Tool.run(
      "diagnose", folder.file("run"), "--group", "SE2", "--model", folder.file("model"))
    #expect(again.code == 0, "\(again.errors)")
    let key = ["system", "step", "momentum"]
    func sorted(_ rows: [[String: String]]) -> [[String]] {
      rows.map { row in (key + ["value", "drift", "conserved"]).map { row[$0] ?? "" } }
        .sorted { $0.joined(separator: ",") < $1.joined(separator: ",") }
    }
    #expect(sorted(rows(again.output)) == sorted(ledger))

    let alone = try Tool.run("diagnose", folder.file("run"), "--group", "R")
    #expect(alone.output.hasPrefix("system,step,t,momentum,value,drift,residual\n0,0,0,D,"))
  }

  @Test func badInputIsRefusedByName() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    let run = try Tool.run("simulate", "springs", "--systems", "1", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    _ = try folder.write("empty", "")
    _ = try folder.write("taken.csv", "precious")
    let (model, trajectory) = (folder.file("model"), folder.file("run"))
    let cases: [([String], Int32, [String])] = [
      (["certify", model, "--group", "SE4"], 1, ["--group: 'SE4'", "did you mean 'SE2'?"]),
      (
        ["certify", model, "--group", "SE3"], 1,
        ["--group: SE3", "acts on 3 dimensions", "there are 2", "SO2"]
      ),
      (["certify", ""], 1, ["the name of a file", "is empty"]),
      (["certify", model, "--group", ""], 1, ["'' is not known; use one of"]),
      (["certify", model, "--group", "Trivial"], 1, ["--group Trivial", "no motions"]),
      (["certify", model, "--scenario", "springs-3d"], 1, ["2 dimensions", "has 3"]),
      (["certify", model, "--scenario", "kepler"], 1, ["m, k"]),
      (["certify", model, "--scenario", "keppler"], 1, ["did you mean 'kepler'?"]),
      (["certify", model, "--scenario", "kepler", "--seed", "1"], 1, ["--seed 1", "listed, not random"]),
      (["certify", model, "--systems", "0"], 64, ["--systems 0"]),
      (["certify", folder.file("empty")], 1, [folder.file("empty")]),
      (["certify", trajectory], 1, [trajectory]),
      (["certify", model, "--out", folder.file("taken.csv")], 1, ["taken.csv", "--overwrite"]),
      (["certify", model, "--out", "/proc/certificate.csv"], 1, ["/proc/certificate.csv"]),
      (["certify", model, "--out", folder.file("no/such.csv")], 1, ["no/such.csv"]),
      (["diagnose", trajectory, "--group", "quark"], 1, ["--group", "'quark' is not known", "T2"]),
      (["diagnose", trajectory, "--group", "T3"], 1, ["--group: T3", "acts on 3 dimensions"]),
      (["diagnose", trajectory, "--model", model], 64, ["--model goes with --group"]),
      (["diagnose", trajectory, "--group", "T2", "--model", folder.file("none")], 1, [folder.file("none")]),
      (["diagnose", trajectory, "--group", "T2", "--out", "/proc/ledger.csv"], 1, ["/proc/ledger.csv"]),
    ]
    let before = folder.entries
    for (arguments, code, words) in cases {
      let result = try Tool.Running(arguments, in: nil, environment: [:]).result()
      #expect(result.code == code, "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty, "\(arguments)")
      #expect(result.errors.hasPrefix("noether: "))
      for word in words { #expect(result.errors.contains(word), "'\(word)' in: \(result.errors)") }
    }
    #expect(folder.entries == before)
    #expect(try folder.text("taken.csv") == "precious")
  }

  @Test func aModelOfAFileOfTrajectoriesNeedsAScenario() throws {
    let folder = try Tool.Folder()
    let data = try Tool.run(
      "simulate", "springs", "--systems", "60", "--method", "rk4-38", "--set", "integrator.step=5/499",
      "--quiet", "--out", folder.file("data"))
    #expect(data.code == 0, "\(data.errors)")
    try LearningTests.train(
      folder, "model", epochs: 1,
      [
        "--set", "data.trajectories=\(folder.file("data/trajectory.npz"))", "--set", "data.integrator=null",
      ])
    let alone = try Tool.run("certify", folder.file("model"))
    #expect(alone.code == 1)
    #expect(alone.errors.contains("--scenario"))
    let named = try Tool.run("certify", folder.file("model"), "--scenario", "springs", "--systems", "3")
    #expect(named.code == 0, "\(named.errors)")
  }
}
