// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// train, evaluate and rollout as processes, with a network small enough for a second.
@Suite struct LearningTests {
  static let small = [
    "--set", "data.train=40", "--set", "data.validation=10", "--set", "data.test=10", "--set",
    "model.width=16", "--set", "model.layers=2", "--set", "training.batch=10",
  ]

  static func train(_ folder: Tool.Folder, _ name: String, epochs: Int, _ more: [String] = []) throws {
    let result = try Tool.Running(
      ["train", "springs-small", "--quiet", "--out", folder.file(name), "--set", "training.epochs=\(epochs)"]
        + small + more, in: nil, environment: [:]
    ).result()
    #expect(result.code == 0, "\(result.errors)")
  }

  /// training.csv without the seconds, which no two runs share.
  static func curve(_ folder: Tool.Folder, _ run: String) throws -> [Substring] {
    try folder.text(run + "/training.csv").split(separator: "\n").map { line in
      line[..<(line.lastIndex(of: ",") ?? line.endIndex)]
    }
  }

  @Test func trainingLearnsAndIsTheSameAtAnyNumberOfThreads() throws {
    let folder = try Tool.Folder()
    try Self.train(folder, "one", epochs: 20, ["--threads", "1"])
    try Self.train(folder, "two", epochs: 20, ["--threads", "2"])
    #expect(try folder.data("one/model.safetensors") == folder.data("two/model.safetensors"))
    let curve = try Self.curve(folder, "one")
    #expect(try curve == Self.curve(folder, "two"))
    #expect(curve[0] == "epoch,step,train_mse,val_mse,lr")
    #expect(curve.count == 21)
    let errors = curve.dropFirst().compactMap { Double($0.split(separator: ",")[3]) }
    #expect(errors.count == 20)
    #expect(errors[19] < errors[0])

    let evaluation = try Tool.run("evaluate", folder.file("one"))
    #expect(evaluation.code == 0, "\(evaluation.errors)")
    let lines = evaluation.output.split(separator: "\n")
    #expect(lines[0] == "metric,value")
    let metrics = Dictionary(
      uniqueKeysWithValues: lines.dropFirst().map { line in
        let parts = line.split(separator: ",")
        return (String(parts[0]), Double(parts[1]) ?? .nan)
      })
    #expect(metrics["test_systems"] == 10)
    let model = try #require(metrics["test_mse"])
    let hold = try #require(metrics["hold_mse"])
    #expect(model < hold)

    // What made the model cannot be changed any more; what tests it can.
    let ignored = try Tool.run("evaluate", folder.file("one"), "--set", "model.width=32")
    #expect(ignored.code == 64)
    #expect(ignored.errors.contains("model.width=32"))
  }

  @Test(arguments: ["springs", "rest-springs", "softened-gravity", "lennard-jones"])
  func trajectoriesOfAFileTrainAModelThatMayTravel(scenario: String) throws {
    let folder = try Tool.Folder()
    let data = try Tool.run(
      "simulate", scenario, "--systems", "60", "--method", "rk4-38", "--set", "integrator.step=5/499",
      "--quiet", "--out", folder.file("data"))
    #expect(data.code == 0, "\(data.errors)")
    try Self.train(
      folder, "model", epochs: 2,
      [
        "--set", "data.trajectories=\(folder.file("data/trajectory.npz"))", "--set", "data.integrator=null",
      ])
    // The run knows where its data are; the model holds no path, so that its test set has to be named.
    let whole = try Tool.run("evaluate", folder.file("model"), "--rollouts", "0")
    #expect(whole.code == 0, "\(whole.errors)")
    let model = folder.file("model/model.safetensors")
    let alone = try Tool.run("evaluate", model)
    #expect(alone.code == 1)
    #expect(alone.errors.contains("trajectories"))
    let named = try Tool.run(
      "evaluate", model, "--rollouts", "0", "--set",
      "data.trajectories=\(folder.file("data/trajectory.npz"))")
    #expect(named.code == 0, "\(named.errors)")
    #expect(named.output.contains("test_systems,10"))
    #expect(named.output == whole.output)
    #expect(
      !String(decoding: try folder.data("model/model.safetensors"), as: UTF8.self).contains(folder.path))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func stoppedTrainingGoesOnToTheSameBits(number: Int32) throws {
    let folder = try Tool.Folder()
    let epochs = 400
    try Self.train(folder, "whole", epochs: epochs)
    let run = try Tool.Running(
      ["train", "springs-small", "--out", folder.file("run"), "--set", "training.epochs=\(epochs)"]
        + Self.small,
      in: nil, environment: [:])
    #expect(run.wait { folder.exists("run/last.safetensors") }, "\(run.errors)")
    kill(run.process.processIdentifier, number)
    let stopped = try run.result()
    #expect(stopped.code == 128 + number, "\(stopped.errors)")
    #expect(try folder.text("run/run.json").contains("interrupted"))
    let rows = try Self.curve(folder, "run").count
    #expect(rows < epochs, "it was stopped in the middle")

    let resumed = try Tool.run("resume", folder.file("run"), "--quiet", "--threads", "1")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try folder.data("run/model.safetensors") == folder.data("whole/model.safetensors"))
    #expect(try Self.curve(folder, "run") == Self.curve(folder, "whole"))
    #expect(try folder.text("run/run.json").contains("finished"))
  }

  @Test func rolloutConservesWhatTheGroupSaysAndTheControlDoesNot() throws {
    let folder = try Tool.Folder()
    try Self.train(folder, "model", epochs: 10)
    try Self.train(
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
    try Self.train(folder, "model", epochs: 10)
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
    try Self.train(folder, "model", epochs: 2)
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
    try Self.train(folder, "model", epochs: 1)
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
    try Self.train(folder, "model", epochs: 60)
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
    try Self.train(folder, "model", epochs: 1)
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
    try Self.train(folder, "model", epochs: 1)
    for (scenario, word) in [("nbody", "dimension"), ("kepler", "k")] {
      let result = try Tool.run(
        "rollout", folder.file("model"), "--scenario", scenario, "--out", folder.file("rollout"))
      #expect(result.code == 1)
      #expect(result.errors.contains(word), "\(result.errors)")
      #expect(folder.entries == ["model"])
    }
  }

  @Test(arguments: [
    ("model.group=T9", "did you mean"), ("model.width=17", "multiple of 4"),
    ("loss.integrator=euler", "rk4-38"),
    ("training.epochs=0", "training.epochs"), ("optimizer.learning_rat=1", "did you mean 'learning_rate'?"),
    ("data.scenario=nowhere.yaml", "nowhere.yaml"),
  ])
  func badTrainingConfigurationIsRefused(setting: String, word: String) throws {
    let folder = try Tool.Folder()
    let result = try Tool.run("train", "springs-small", "--set", setting, "--out", folder.file("run"))
    #expect(result.code == 1)
    #expect(result.errors.contains(word), "\(result.errors)")
    #expect(folder.entries.isEmpty)
  }
}
