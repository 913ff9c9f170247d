// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Rollouts of learned laws as processes: what they conserve, how they end, and which models they refuse.
@Suite struct LearnedRolloutTests {
  @Test func rolloutConservesWhatTheGroupSaysAndTheControlDoesNot() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 10)
    try LearningTests.train(
      folder, "control", epochs: 10, ["--set", "model.group=Trivial", "--set", "model.centre=false"])
    for model in ["model", "control"] {
      let result = try Tool.run(
        "rollout", folder.file(model), "--scenario", "springs", "--seed", "1000", "--systems", "2",
        "--method",
        "verlet", "--steps", "500", "--step", "0.002", "--quiet", "--out", folder.file(model + "-rollout"))
      #expect(result.code == 0, "\(result.errors)")
    }
    let header = try folder.text("model-rollout/diagnostics.csv").prefix { $0 != "\n" }
    #expect(header == "system,step,t,T,V,H,dH,P_x,P_y,L_z,dP,dL,H_learned,dH_learned")
    let errors = try folder.text("model-rollout/rollout_error.csv").split(separator: "\n")
    #expect(errors[0] == "system,step,t,state_mse,relative_error,geometric_mean")
    // The scenario keeps 500 frames; both systems start at the truth.
    #expect(errors.count == 1 + 2 * 500)
    #expect(errors[1] == "0,0,0,0,0,0")

    let summary = try Tool.run(
      "summary", "--csv", folder.file("model-rollout"), folder.file("control-rollout"))
    let table = summary.output.split(separator: "\n").map { $0.split(separator: ",") }
    #expect(
      table[0].dropFirst(3).elementsEqual(["max_dH", "max_dP", "max_dL", "max_dH_learned", "final_error"]))
    let dP = table.dropFirst().compactMap { Double($0[4]) }
    #expect(dP.count == 2)
    #expect(dP[0] < 1e-14, "T(2) conserves momentum to rounding")
    #expect(dP[1] > 1e-3, "the control does not")
  }

  @Test func rolloutInFloat32ConservesMomentumToItsRounding() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 10)
    func rollout(_ precision: String) throws -> (dP: Double, error: Double) {
      let result = try Tool.run(
        "rollout", folder.file("model"), "--scenario", "springs", "--systems", "1", "--method", "verlet",
        "--steps", "500", "--step", "0.002", "--precision", precision, "--quiet", "--out",
        folder.file(precision))
      #expect(result.code == 0, "\(result.errors)")
      let summary = try Tool.run("summary", "--csv", folder.file(precision))
      let row = summary.output.split(separator: "\n")[1].split(separator: ",").map { Double($0) ?? .nan }
      return (row[4], row[7])
    }
    let (single, double) = (try rollout("float32"), try rollout("float64"))
    #expect(single.dP < 1e-5 && single.dP > 1e-12 && double.dP < 1e-14)
    #expect(abs(single.error - double.error) < 1e-4 * double.error)

    let wrong = try Tool.run(
      "rollout", folder.file("model"), "--scenario", "springs", "--precision", "float16", "--out",
      folder.file("wrong"))
    #expect(wrong.code == 64 && wrong.errors.contains("'float32' and 'float64'"), "\(wrong.errors)")
  }

  @Test(arguments: ["float64", "float32"])
  func stoppedRolloutGoesOnToTheSameBits(precision: String) throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 2)
    let arguments = [
      "rollout", folder.file("model"), "--scenario", "springs", "--systems", "2", "--method", "verlet",
      "--steps",
      "10000", "--step", "1e-4", "--precision", precision, "--out",
    ]
    let whole = try Tool.Running(
      arguments + [folder.file("whole"), "--quiet"], in: nil, environment: [:]
    ).result()
    #expect(whole.code == 0, "\(whole.errors)")
    let run = try Tool.Running(
      arguments + [folder.file("run"), "--save-every", "0.05"], in: nil, environment: [:])
    #expect(run.wait { folder.exists("run/checkpoint") }, "\(run.errors)")
    kill(run.process.processIdentifier, SIGINT)
    #expect(try run.result().code == 130)
    let resumed = try Tool.run("resume", folder.file("run"), "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    for name in ["trajectory.csv", "trajectory.npz", "diagnostics.csv", "rollout_error.csv", "ledger.csv"] {
      #expect(try folder.data("run/" + name) == folder.data("whole/" + name), "\(name)")
    }
  }

  @Test func leavingTheTrainingDataIsWarnedOfOnce() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    let result = try Tool.run(
      "rollout", folder.file("model"), "--scenario", "springs", "--systems", "3", "--method", "verlet",
      "--steps",
      "100", "--step", "0.01", "--set", "random.position={normal: [0, 20]}", "--quiet", "--out",
      folder.file("far"))
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.errors.components(separatedBy: "has left the range of the training data").count == 2)
  }

  @Test func explodingRolloutKeepsEveryRowBeforeIt() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 60)
    // Steps a hundred times too long for RK4: the state grows without bound.
    let result = try Tool.run(
      "rollout", folder.file("model"), "--scenario", "springs", "--systems", "1", "--method", "rk4",
      "--steps",
      "5000", "--step", "20", "--set", "output.every=20", "--quiet", "--out", folder.file("run"))
    #expect(result.code == 1)
    #expect(result.errors.contains("the kinetic energy T at t = "))
    #expect(result.errors.contains("t = "))
    #expect(try folder.text("run/run.json").contains("\"status\": \"failed\""))
    let rows = try folder.text("run/diagnostics.csv").split(separator: "\n").dropFirst()
    let errors = try folder.text("run/rollout_error.csv").split(separator: "\n").dropFirst()
    #expect(rows.count > 2)
    #expect(rows.count == errors.count)
    // Every step is a row, so the last row is the step before the one that failed.
    let failed = try #require(result.errors.firstMatch(of: /step (\d+) failed/)).1
    #expect(rows.last?.split(separator: ",")[1] == (Int(failed).map { "\($0 - 1)" } ?? "")[...])
    let last = try #require(errors.last).split(separator: ",")
    #expect(try #require(Double(last[4])) > 0.99)
  }

  @Test func damagedModelsAreRefused() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    let file = try folder.data("model/model.safetensors")
    for length in [0, 7, 100, file.count / 2, file.count - 1] {
      try file.prefix(length).write(to: URL(fileURLWithPath: folder.file("cut.safetensors")))
      for command in [
        ["evaluate", folder.file("cut.safetensors")],
        [
          "rollout", folder.file("cut.safetensors"), "--scenario", "springs", "--out", folder.file("rollout"),
        ],
      ] {
        let result = try Tool.Running(command, in: nil, environment: [:]).result()
        #expect(result.code == 1)
        #expect(result.errors.hasPrefix("noether: "))
        #expect(result.errors.contains("cut.safetensors"), "\(result.errors)")
      }
      #expect(folder.entries == ["cut.safetensors", "model"])
    }
  }

  @Test func modelAndScenarioThatDoNotFitAreRefused() throws {
    let folder = try Tool.Folder()
    try LearningTests.train(folder, "model", epochs: 1)
    for (scenario, word) in [("nbody", "dimension"), ("kepler", "k")] {
      let result = try Tool.run(
        "rollout", folder.file("model"), "--scenario", scenario, "--out", folder.file("rollout"))
      #expect(result.code == 1)
      #expect(result.errors.contains(word), "\(result.errors)")
      #expect(folder.entries == ["model"])
    }
  }
}
