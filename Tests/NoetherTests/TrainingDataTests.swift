// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// Where training data come from and what the loss compares them with, as the command line tells it.
@Suite struct TrainingDataTests {
  private static let common = [
    "--set", "data.validation=10", "--set", "data.test=20", "--set", "data.train=30", "--set",
    "optimizer=[{method: lm, iterations: 25}]",
  ]

  @Test("systems of several sizes and losses on forces train one law")
  func sizesAndForces() throws {
    let folder = try Tool.Folder()
    let out = folder.file("run")
    let trained = try Tool.Running(
      [
        "train", "springs", "--quiet", "--out", out, "--set", "data.bodies=[3, 5, 4]", "--set",
        "loss.kind=force",
      ]
        + Self.common, in: nil, environment: [:]
    ).result()
    #expect(trained.code == 0, "\(trained.errors)")
    let evaluation = try Tool.run("evaluate", out)
    #expect(evaluation.code == 0, "\(evaluation.errors)")
    let error = try #require(
      evaluation.output.split(separator: "\n").first { $0.hasPrefix("test_mse,") }
        .flatMap { Double($0.dropFirst(9)) })
    print("test error after forces of three to five bodies: \(error)")
    #expect(error < 1e-5)
  }

  @Test("what does not go with several sizes is refused, with the remedy")
  func refusals() throws {
    let folder = try Tool.Folder()
    for (training, change, part) in [
      ("springs-T2", "data.bodies=[4, 6]", "centring: particles"),
      ("springs-fc", "data.bodies=[6, 4]", "centring: particles"),
      ("outer-solar-system", "data.bodies=[4, 6]", "data.bodies"),
      ("springs", "data.bodies=[]", "bodies: [4, 6, 8]"),
      ("springs", "data.bodies=[4, 0]", "0"),
      ("nbody-2d", "data.bodies=[4, 6]", "random.bodies"),
      ("springs", "loss.kind=forces", "force"),
    ] {
      let result = try Tool.run(
        "train", training, "--quiet", "--out", folder.file("none"), "--set", change)
      #expect(result.code == 1, "\(training) \(change)")
      #expect(result.errors.contains(part), "\(training) \(change): \(result.errors)")
      #expect(!folder.exists("none"))
    }
    let counted = try Tool.run(
      "train", "springs-hfc", "--quiet", "--out", folder.file("none"), "--set", "data.bodies=[6, 4]", "--set",
      "data.centring=particles", "--set", "data.train=4", "--set", "data.validation=2")
    #expect(counted.code == 1)
    #expect(counted.errors.contains("is a network for 6 bodies"), "\(counted.errors)")
  }
}
