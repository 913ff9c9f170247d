// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// train and evaluate as processes, with a network small enough for a second.
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
    let metrics = evaluation.metrics
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
