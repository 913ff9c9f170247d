// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// evaluate and force-law as processes, with networks small enough for a second.
@Suite struct EvaluateTests {
  /// The default model of springs on few systems and for few steps.
  private static func train(_ folder: Tool.Folder, _ name: String) throws {
    let result = try Tool.run(
      "train", "springs", "--quiet", "--out", folder.file(name), "--set", "data.train=20", "--set",
      "data.validation=5", "--set", "data.test=8", "--set", "optimizer=[{method: lm, iterations: 30}]")
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func rolloutsAreMeasuredAndDrawn() throws {
    let folder = try Tool.Folder()
    try Self.train(folder, "model")
    let arguments = ["evaluate", folder.file("model"), "--rollouts", "4", "--quiet"]
    func evaluate(_ more: String...) throws -> Tool.Result {
      try Tool.Running(arguments + more, in: nil, environment: [:]).result()
    }
    let one = try evaluate("--threads", "1", "--curves", folder.file("model/rollout_curves.csv"))
    #expect(one.code == 0 && one.errors.isEmpty, "\(one.errors)")
    let two = try evaluate("--threads", "2", "--curves", folder.file("two.csv"))
    #expect(one.output == two.output)
    #expect(try folder.data("model/rollout_curves.csv") == folder.data("two.csv"))

    let metrics = one.metrics
    #expect(metrics["rollouts"] == 4 && metrics["test_systems"] == 8 && metrics["rollouts_failed"] == 0)
    for step in [5, 10, 100, 499] {
      let learned = try #require(metrics["rollout_mse_\(step)"])
      #expect(learned < 0.1 * (metrics["hold_mse_\(step)"] ?? 0), "step \(step)")
    }
    #expect(metrics["momentum_error"] ?? 1 < 1e-14)
    #expect(metrics.values.allSatisfy { !$0.isNaN })

    let curves = try folder.text("two.csv").split(separator: "\n")
    #expect(
      curves[0]
        == "step,t,mse,mse_median,relative_error,method_mse,floor_mse,hold_mse,free_flight_mse")
    #expect(curves.count == 501)
    let row = curves[101].split(separator: ",").compactMap { Double($0) }
    #expect(row[0] == 100 && row[2] == metrics["rollout_mse_100"] && row[6] == metrics["floor_mse_100"])

    // Integrated accurately, the true law has no error left; all other predictions stay what they are.
    let accurate = try evaluate("--method", "gsl-rk8pd").metrics
    #expect(accurate["method_mse_499"] ?? 1 < 1e-20 && metrics["method_mse_499"] ?? 0 > 1e-12)
    // The evenly spaced times of the two plans differ by rounding.
    #expect(abs((accurate["floor_mse_499"] ?? 0) / (metrics["floor_mse_499"] ?? 1) - 1) < 1e-6)

    let none = try Tool.run("evaluate", folder.file("model"), "--rollouts", "0")
    #expect(none.output.split(separator: "\n").count == 6)
    #expect(one.output.hasPrefix(none.output))

    guard Tool.hasGnuplot else { return }
    let plot = try Tool.run("plot", folder.file("model"))
    #expect(plot.code == 0 && plot.errors.isEmpty, "\(plot.errors)")
    #expect(folder.exists("model/plots/rollout-curves.svg"))
  }

  @Test func forcesBetweenTwoBodiesLieOnTheTrueOnes() throws {
    let folder = try Tool.Folder()
    try Self.train(folder, "model")
    let run = try Tool.run(
      "force-law", folder.file("model"), "--pairs", "3", "--quiet", "--out",
      folder.file("model/force_law.csv"))
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    let rows = try folder.text("model/force_law.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(rows[0] == ["kind", "pair", "bodies", "r", "force_learned", "force_true", "share"])
    let forces = rows.filter { $0[0] == "force" }
    #expect(forces.count == 3 * 200)
    for pair in ["1", "2", "3"] {
      let table = forces.filter { $0[1] == pair }.map { $0[3...5].compactMap { Double($0) } }
      // F = −2kᵢkⱼr.
      let slope = table[0][2] / table[0][0]
      #expect(slope < 0)
      #expect(table.allSatisfy { abs($0[2] - slope * $0[0]) < 1e-12 * abs($0[2]) })
      let middle = table[70]
      #expect(abs(middle[1] / middle[2] - 1) < 0.1, "pair \(pair): \(middle)")
    }
    let shares = rows.filter { $0[0] == "distances" }.compactMap { Double($0[6]) }
    #expect(shares.count == 50 && abs(shares.reduce(0, +) - 1) < 1e-12)

    guard Tool.hasGnuplot else { return }
    let plot = try Tool.run("plot", folder.file("model"))
    #expect(plot.code == 0 && plot.errors.isEmpty, "\(plot.errors)")
    #expect(folder.exists("model/plots/force-law.svg"))
  }

  @Test func badInputIsRefusedByName() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    _ = try folder.write("taken.csv", "precious")
    let (model, taken) = (folder.file("model"), folder.file("taken.csv"))
    let cases: [([String], Int32, [String])] = [
      (["evaluate", model, "--rollouts", "-1"], 64, ["--rollouts -1"]),
      (["evaluate", model, "--rollouts", "0", "--curves", "c.csv"], 64, ["--rollouts 0", "--curves"]),
      (["evaluate", model, "--step", "-0.1"], 64, ["--step -0.1", "above 0"]),
      (["evaluate", model, "--step", "0.003"], 1, ["--step 0.003", "does not divide"]),
      (["evaluate", model, "--method", "verlt"], 1, ["did you mean 'verlet'?"]),
      (["evaluate", model, "--curves", taken], 1, [taken, "--overwrite"]),
      (["evaluate", model, "--curves", folder.file("no/such.csv")], 1, ["no/such.csv"]),
      (["force-law", model], 1, ["pool: mean", "model.pool=sum"]),
      (["force-law", model, "--pairs", "0"], 64, ["--pairs 0"]),
      (["force-law", model, "--set", "model.width=8"], 64, ["model.width=8"]),
      (["force-law", model, "--out", taken], 1, [taken, "--overwrite"]),
    ]
    for (arguments, code, words) in cases {
      let result = try Tool.Running(arguments, in: nil, environment: [:]).result()
      #expect(result.code == code, "\(arguments): \(result.errors)")
      #expect(result.output.isEmpty, "\(arguments)")
      for word in words { #expect(result.errors.contains(word), "'\(word)' in: \(result.errors)") }
    }
    #expect(folder.entries == ["model", "taken.csv"])
    #expect(try folder.text("taken.csv") == "precious")
  }
}
