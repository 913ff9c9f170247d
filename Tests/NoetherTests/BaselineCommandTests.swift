// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// The commands on models of the other kinds, small enough for a second.
@Suite struct BaselineCommandTests {
  private static func train(_ folder: Tool.Folder, _ name: String, _ model: String, _ more: [String] = [])
    throws -> Tool.Result
  {
    try Tool.Running(
      [
        "train", "springs-T2", "--out", folder.file(name), "--set", "model=\(model)", "--set",
        "data.train=40", "--set", "data.validation=10", "--set", "data.test=10", "--set",
        "training.batch=10", "--set", "training.epochs=2",
      ] + more, in: nil, environment: [:]
    ).result()
  }

  /// The header and the rows of a CSV file of a run.
  private static func table(_ folder: Tool.Folder, _ file: String) throws -> [String] {
    try folder.text(file).split(separator: "\n").map(String.init)
  }

  @Test(
    arguments: [
      ("{kind: hfc, bodies: 6, width: 16}", "hfc with", true, true),
      ("{kind: vogn, width: 16}", "vogn with", true, true),
      ("{kind: hogn, width: 16}", "hogn with", true, false),
      ("{kind: ogn, width: 16}", "ogn with", false, false),
      ("{kind: fc, bodies: 6, width: 16}", "fc with", false, false),
      ("{kind: flieconv, group: T2, width: 16, layers: 1}", "flieconv T2 with", false, false),
    ])
  func trainEvaluateCertifyAndRollOut(
    model: String, title: String, hasEnergy: Bool, isPotential: Bool
  ) throws {
    let folder = try Tool.Folder()
    let training = try Self.train(folder, "model", model)
    #expect(training.code == 0 && training.errors.contains(title), "\(training.errors)")
    let evaluation = try Tool.run("evaluate", folder.file("model"))
    #expect(evaluation.code == 0 && evaluation.output.contains("test_mse,"), "\(evaluation.errors)")

    let certificate = try Tool.run("certify", folder.file("model"), "--systems", "5")
    #expect(certificate.code == 0, "\(certificate.errors)")
    #expect(certificate.output.contains("invariance,") == hasEnergy)
    #expect(certificate.errors.contains("does not apply: the model has no energy") == !hasEnergy)
    #expect(certificate.errors.contains("equivariance") && certificate.errors.contains("promised, and holds"))

    func rollout(_ name: String, _ more: String...) throws -> Tool.Result {
      try Tool.Running(
        [
          "rollout", folder.file("model"), "--scenario", "springs", "--systems", "2", "--quiet", "--out",
          folder.file(name), "--steps", "20", "--step", "0.01",
        ] + more, in: nil, environment: [:]
      ).result()
    }
    let verlet = try rollout("verlet", "--method", "verlet")
    if isPotential {
      #expect(verlet.code == 0, "\(verlet.errors)")
    } else {
      #expect(verlet.code == 1 && verlet.errors.contains("rk4-38"), "\(verlet.errors)")
      #expect(!folder.exists("verlet"))
    }
    let run = try rollout("run", "--method", "rk4")
    #expect(run.code == 0, "\(run.errors)")
    let diagnostics = try Self.table(folder, "run/diagnostics.csv")
    #expect(diagnostics[0].contains("H_learned") == hasEnergy)
    #expect(diagnostics.count == 1 + 2 * 21 && !diagnostics.contains { $0.contains("nan") })
    let ledger = try Self.table(folder, "run/ledger.csv")
    #expect(!ledger.contains { $0.contains("nan") })
    for row in ledger.dropFirst() where row.contains(",P_x,") {
      #expect(row.hasSuffix(hasEnergy ? ",exact" : ",no"))
    }
    let diagnosis = try Tool.run(
      "diagnose", folder.file("run"), "--group", "T2", "--model", folder.file("model"))
    #expect(diagnosis.code == 0, "\(diagnosis.errors)")
    let summary = try Tool.run("summary", folder.file("run"))
    #expect(summary.code == 0, "\(summary.errors)")
    let plot = try Tool.run("plot", folder.file("run"))
    #expect(plot.code == 0, "\(plot.errors)")
    #expect(folder.exists("run/plots/learned-energy.svg") == hasEnergy)
  }

  @Test func aPerceptronKeepsToItsNumberOfBodies() throws {
    let folder = try Tool.Folder()
    let wrong = try Self.train(folder, "model", "{kind: fc, bodies: 5, width: 16}")
    #expect(wrong.code == 1 && wrong.errors.contains("for 5 bodies, the data have 6"), "\(wrong.errors)")
    #expect(!folder.exists("model"))
    let right = try Self.train(folder, "model", "{kind: fc, bodies: 6, width: 16}")
    #expect(right.code == 0, "\(right.errors)")
    let rollout = try Tool.run(
      "rollout", folder.file("model"), "--scenario", "springs", "--set", "random.bodies=4", "--method",
      "rk4", "--step", "0.01", "--out", folder.file("run"))
    #expect(rollout.code == 1 && rollout.errors.contains("the scenario has 4"), "\(rollout.errors)")
    #expect(!folder.exists("run"))
  }

  @Test func aVectorFieldTrainsTheSameAtAnyNumberOfThreads() throws {
    let folder = try Tool.Folder()
    for threads in ["1", "2"] {
      let result = try Self.train(folder, threads, "{kind: ogn, width: 16}", ["--threads", threads])
      #expect(result.code == 0, "\(result.errors)")
    }
    #expect(try folder.data("1/model.safetensors") == folder.data("2/model.safetensors"))
    #expect(try folder.data("1/last.safetensors") == folder.data("2/last.safetensors"))
  }

  @Test func lossesForSeparableEnergiesAreRefusedWithTheLine() throws {
    let folder = try Tool.Folder()
    let result = try Self.train(
      folder, "model", "{kind: hogn, width: 16}", ["--set", "loss.integrator=verlet"])
    #expect(result.code == 1)
    for word in ["--set loss.integrator=verlet", "T(p) + V(q)", "rk4-38, rk4"] {
      #expect(result.errors.contains(word), "\(result.errors)")
    }
  }
}
