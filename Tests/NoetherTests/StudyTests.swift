// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// study as a process, on a grid that takes seconds.
@Suite struct StudyTests {
  /// Two models, two laws, two sizes, two seeds.
  private static func write(_ folder: Tool.Folder, iterations: Int = 6, _ more: String = "") throws -> String
  {
    try folder.write(
      "study.yaml",
      """
      format: noether/study
      version: 1
      name: small
      models:
        pairs:
          training: \(Tool.package)/scenarios/training/springs.yaml
          set: {model.width: 8, model.hidden: [8], model.channels: 4, optimizer: {method: lm, iterations: \(iterations)}}
        network:
          training: \(Tool.package)/scenarios/training/springs-small.yaml
          set: {model.width: 8, model.layers: 1, training.batch: 4}
          by_train: {5: {training.epochs: 2}, 9: {training.epochs: 3}}
      laws:
        springs: \(Tool.package)/scenarios/springs.yaml
        wells: \(Tool.package)/scenarios/gaussian-wells.yaml
      train: [5, 9]
      seeds: [0, 3]
      data: {validation: 4, test: 6}
      rollouts: 1
      \(more)
      """)
  }

  /// Rows without the seconds, which no two runs share.
  private static func rows(_ folder: Tool.Folder, _ run: String, _ file: String = "study.csv") throws
    -> [[String]]
  {
    try folder.text("\(run)/\(file)").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropLast().map(String.init)
    }
  }

  @Test func theGridIsTrainedWithTheSameBitsOnAnyNumberOfThreads() throws {
    let folder = try Tool.Folder()
    let config = try Self.write(folder)
    for threads in ["1", "2"] {
      let result = try Tool.run(
        "study", config, "--out", folder.file(threads), "--threads", threads, "--quiet")
      #expect(result.code == 0, "\(result.errors)")
    }
    let rows = try Self.rows(folder, "1")
    #expect(try rows == Self.rows(folder, "2"))
    #expect(rows.count == 1 + 16)
    #expect(
      rows[0].prefix(8) == ["law", "model", "train", "seed", "status", "parameters", "val_mse", "test_mse"])
    #expect(rows[1].prefix(5) == ["springs", "network", "5", "0", "finished"])
    #expect(rows[16].prefix(5) == ["wells", "pairs", "9", "3", "finished"])
    // More iterations on more systems tell more of the law than three epochs of Adam.
    let column = try #require(rows[0].firstIndex(of: "test_mse"))
    func error(_ row: Int) throws -> Double { try #require(Double(rows[row][column])) }
    #expect(try error(7) < error(3))
    // A cell is what train makes of the same configuration.
    let alone = try Tool.run(
      "train", "springs", "--out", folder.file("alone"), "--quiet", "--set", "model.width=8", "--set",
      "model.hidden=[8]",
      "--set", "model.channels=4", "--set", "optimizer={method: lm, iterations: 6}", "--set", "data.train=9",
      "--set",
      "data.validation=4", "--set", "data.test=6", "--set", "data.seed=3", "--set", "model.seed=3")
    #expect(alone.code == 0, "\(alone.errors)")
    let cell = "1/cells/springs/pairs-n9-seed3/model.safetensors"
    #expect(try Self.tensors(folder, cell) == Self.tensors(folder, "alone/model.safetensors"))

    // Of two seeds, the median is the mean.
    let summary = try Self.rows(folder, "1", "study_summary.csv")
    #expect(summary.count == 1 + 8)
    let median = try #require(Double(summary[1][5]))
    #expect(try abs(median - (error(1) + error(2)) / 2) < 1e-15 * median)

    if Tool.hasGnuplot {
      let plot = try Tool.run("plot", folder.file("1"))
      #expect(plot.code == 0, "\(plot.errors)")
      #expect(folder.exists("1/plots/data-efficiency.svg") && folder.exists("1/plots/data-efficiency.png"))
    }
    let again = try Tool.run("study", config, "--out", folder.file("1"), "--overwrite", "--quiet")
    #expect(again.code == 0, "\(again.errors)")
  }

  /// What follows the header with its metadata, which holds the names of files.
  private static func tensors(_ folder: Tool.Folder, _ name: String) throws -> Data {
    let data = try folder.data(name)
    let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    return data.dropFirst(8 + length)
  }

  @Test func stoppedStudyGoesOnToTheSameBits() throws {
    let folder = try Tool.Folder()
    let config = try Self.write(folder, iterations: 300)
    let whole = try Tool.run("study", config, "--out", folder.file("whole"), "--quiet")
    #expect(whole.code == 0, "\(whole.errors)")
    let run = try Tool.Running(
      ["study", config, "--out", folder.file("run"), "--quiet"], in: nil, environment: [:])
    #expect(run.wait { folder.exists("run/study.csv") }, "\(run.errors)")
    kill(run.process.processIdentifier, SIGINT)
    let stopped = try run.result()
    #expect(stopped.code == 130, "\(stopped.errors)")
    #expect(stopped.errors.contains("noether resume"))
    #expect(try Self.rows(folder, "run").count < 17, "it was stopped in the middle")
    let resumed = try Tool.run("resume", folder.file("run"), "--quiet", "--threads", "1")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try Self.rows(folder, "run") == Self.rows(folder, "whole"))
    #expect(
      try Self.rows(folder, "run", "study_summary.csv") == Self.rows(folder, "whole", "study_summary.csv"))
    let finished = try Tool.run("resume", folder.file("run"))
    #expect(finished.code == 0 && finished.errors.contains("finished already"))
  }

  @Test(arguments: [
    ("models.pairs.trainig=x.yaml", "did you mean 'training'?"), ("train=[]", "one or more values"),
    ("train=[5, 5]", "none of them twice"), ("seeds=[-1]", "seeds.0"),
    ("models.network.set={model.widht: 4}", "did you mean 'width'?"),
    ("models.network.by_train={many: {training.epochs: 2}}", "no number of systems"),
    ("laws.springs=nothing.yaml", "laws.springs: there is no"),
    ("data={train: 3}", "data.train: unknown key"),
    ("models={\"a b\": {training: x.yaml}}", "name of a folder"), ("laws={}", "one entry or more"),
    ("laws={../x: ../scenarios/springs.yaml}", "name of a folder"),
    ("laws.springs=\(Tool.package)/scenarios/kepler.yaml", "has one system"),
  ])
  func whatMakesNoSenseIsRefusedBeforeAnythingIsWritten(setting: String, word: String) throws {
    let folder = try Tool.Folder()
    let config = try Self.write(folder)
    let result = try Tool.run("study", config, "--out", folder.file("run"), "--set", setting)
    #expect(result.code == 1)
    #expect(result.errors.contains(word), "\(result.errors)")
    #expect(folder.entries == ["study.yaml"])
  }

  @Test func aCellThatIsImpossibleLeavesTheOthersAlone() throws {
    let folder = try Tool.Folder()
    let config = try Self.write(folder)
    let run = try Tool.run(
      "study", config, "--out", folder.file("run"), "--quiet", "--set", "train=[5]", "--set", "seeds=[0]",
      "--set",
      "models.pairs.set={model.lift: haar}")
    #expect(run.code == 0, "\(run.errors)")
    #expect(
      run.errors.contains("springs/pairs-n5-seed0: optimizer.method: lm needs a sum over pairs"),
      "\(run.errors)")
    let rows = try Self.rows(folder, "run")
    #expect(rows.dropFirst().map { $0[4] } == ["finished", "failed", "finished", "failed"])
    #expect(try Self.rows(folder, "run", "study_summary.csv").count == 1 + 2)
  }

  @Test func aDamagedRowIsNotTakenForAResult() throws {
    let folder = try Tool.Folder()
    let config = try Self.write(folder)
    let run = try Tool.run("study", config, "--out", folder.file("run"), "--quiet")
    #expect(run.code == 0, "\(run.errors)")
    let json = try folder.text("run/run.json").replacing("\"finished\"", with: "\"interrupted\"")
    _ = try folder.write("run/run.json", json)
    _ = try folder.write("run/cells/wells/pairs-n5-seed0/row.json", "{")
    let resumed = try Tool.run("resume", folder.file("run"), "--quiet")
    #expect(resumed.code == 1)
    #expect(resumed.errors.contains("wells/pairs-n5-seed0/row.json: is damaged"), "\(resumed.errors)")
  }
}
