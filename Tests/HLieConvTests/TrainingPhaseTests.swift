// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv

@Suite("Optimisers in turn")
struct TrainingPhaseTests {
  private func config(_ optimizer: String, train: Int = 12, _ overrides: [String] = []) throws
    -> TrainingConfig
  {
    let base = try SpringData.config(
      [
        "data.train=\(train)", "data.validation=10", "model.group=SE2", "model.layers=1", "model.width=8",
        "model.readout=pair", "model.hidden=[8]", "model.channels=4", "model.kernel=ends",
        "model.normalise=true", "model.pool=sum", "model.layers=0", "loss.kind=step",
        "loss.integrator=rk4-38",
        "training.precision=float64",
      ] + overrides)
    let node = try ConfigNode.parse(optimizer, name: "optimizer")
    var tree = try base.resolved.replacing("optimizer", with: node)
    if !optimizer.contains("adam") {
      for key in ["epochs", "batch"] { tree = try tree.replacing("training.\(key)", with: nil) }
    }
    return try TrainingConfig(tree)
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  @Test(
    "Adam, then L-BFGS, then Levenberg–Marquardt: each goes on from the last, and all ends where it would without a stop"
  )
  func chain() throws {
    let config = try config(
      "[{method: adam, learning_rate: 1e-2, epochs: 4, batch: 5}, {method: lbfgs, iterations: 200, memory: 10}, "
        + "{method: lm, systems: 5, iterations: 3}, {method: lm, iterations: 4}]")
    #expect(config.phases.map(\.epochs) == [4, 2, 3, 4])
    #expect(config.steps == 4 * 3 + 2 + 3 + 4)
    let (train, validation) = (
      try SpringData.dataset(config, .train), try SpringData.dataset(config, .validation)
    )
    let folder = try TemporaryFolder()
    let (whole, parts) = (folder.path + "/whole", folder.path + "/parts")
    for path in [whole, parts] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    func trainer(_ path: String, threads: Int, resume: Bool) throws -> Trainer {
      try Trainer(
        config, train: train, validation: validation, folder: path, threads: threads, resume: resume)
    }
    var records: [EpochRecord] = []
    #expect(try trainer(whole, threads: 2, resume: false).run(onEpoch: { records.append($0) }) == .finished)
    #expect(records.map(\.epoch) == Array(1...13))
    // Each optimiser leaves less than it found, the second-order ones by far.
    #expect(records[3].validationMSE < records[0].validationMSE)
    #expect(records[5].validationMSE < 0.1 * records[3].validationMSE)
    #expect(records[12].validationMSE < records[5].validationMSE)

    // Stopped before every single step.
    var outcome = TrainingOutcome.interrupted
    for _ in 0...config.steps where outcome == .interrupted {
      var steps = 0
      outcome = try trainer(parts, threads: 1, resume: true).run(
        onStep: { _ in steps += 1 }, shouldStop: { steps == 1 })
    }
    #expect(outcome == .finished)
    for file in ["model.safetensors", "last.safetensors"] {
      #expect(
        try Data(contentsOf: URL(filePath: whole + "/" + file))
          == Data(contentsOf: URL(filePath: parts + "/" + file)))
    }
  }

  @Test("phases that come back to all the data are left out")
  func phases() throws {
    let optimizer =
      "[{method: lm, systems: 100, iterations: 80}, {method: lm, systems: 1000, iterations: 25}, {method: lm, iterations: 15}]"
    func plan(_ train: Int) throws -> [[Int]] {
      try config(optimizer, train: train).phases.map { [$0.systems, $0.epochs] }
    }
    #expect(try plan(10) == [[10, 80]])
    #expect(try plan(1000) == [[100, 80], [1000, 25]])
    #expect(try plan(3000) == [[100, 80], [1000, 25], [3000, 15]])
  }

  @Test(
    "what does not go together is refused",
    arguments: [
      ("[{method: lm, iterations: 3}]", "loss.kind=chunk", "loss: {kind: step"),
      ("[{method: lm, iterations: 3}]", "training.precision=float32", "precision: float64"),
      ("{method: lbfgs}", "data.seed=0", "iterations"),
      ("{method: lbsgf, iterations: 3}", "data.seed=0", "lbfgs"),
      ("[]", "data.seed=0", "is empty"),
      ("{method: lm, iteration: 3}", "data.seed=0", "iterations"),
    ])
  func refusals(optimizer: String, setting: String, remedy: String) throws {
    let error = #expect(throws: NoetherError.self) { try config(optimizer, [setting]) }
    #expect(error?.message.contains(remedy) == true, "\(error?.message ?? "")")
  }

  @Test("epochs and batches are for Adam")
  func epochsAreForAdam() throws {
    let base = try config("{method: lm, iterations: 3}").resolved
    let error = #expect(throws: NoetherError.self) { try TrainingConfig(base.setting("training.epochs=3")) }
    #expect(error?.message.contains("goes with method: adam") == true, "\(error?.message ?? "")")
  }

  @Test("a phase that can gain nothing more does nothing more, and a resumed one neither")
  func stall() throws {
    let config = try config("{method: lm, iterations: 400}", train: 2, ["model.seed=1"])
    let (train, validation) = (
      try SpringData.dataset(config, .train), try SpringData.dataset(config, .validation)
    )
    let folder = try TemporaryFolder()
    let (whole, parts) = (folder.path + "/whole", folder.path + "/parts")
    for path in [whole, parts] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    func trainer(_ path: String, resume: Bool) throws -> Trainer {
      try Trainer(config, train: train, validation: validation, folder: path, threads: 2, resume: resume)
    }
    var records: [EpochRecord] = []
    #expect(try trainer(whole, resume: false).run(onEpoch: { records.append($0) }) == .finished)
    #expect(records.count == 400)
    var outcome = TrainingOutcome.interrupted
    for _ in 0...20 where outcome == .interrupted {
      var steps = 0
      outcome = try trainer(parts, resume: true).run(onStep: { _ in steps += 1 }, shouldStop: { steps == 25 })
    }
    #expect(outcome == .finished)
    for file in ["model.safetensors", "last.safetensors"] {
      #expect(
        try Data(contentsOf: URL(filePath: whole + "/" + file))
          == Data(contentsOf: URL(filePath: parts + "/" + file)))
    }
  }

  @Test("a round that meets a wall keeps what it gained, and one that is asked to stop gives nothing")
  func lineSearch() throws {
    // f = (x − 2)², but nothing beyond 1.
    func f(_ x: [Double], _ gradient: UnsafeMutablePointer<Double>) -> Double {
      gradient[0] = x[0] > 1 ? .nan : 2 * (x[0] - 2)
      return x[0] > 1 ? .nan : (x[0] - 2) * (x[0] - 2)
    }
    var x = [-3.0]
    let round = try #require(LimitedMemoryBFGS(memory: 5).round(&x, evaluate: f))
    #expect(round.loss.isFinite && round.loss == (x[0] - 2) * (x[0] - 2) && x[0] <= 1)
    var y = [-3.0]
    #expect(LimitedMemoryBFGS(memory: 5).round(&y, shouldStop: { true }, evaluate: f) == nil)
  }

  @Test("Levenberg–Marquardt asks for a sum over pairs")
  func needsPairs() throws {
    for setting in ["model.layers=1", "model.lift=haar", "loss.integrator=verlet"] {
      let config = try config("{method: lm, iterations: 2}", [setting])
      let (train, validation) = (
        try SpringData.dataset(config, .train), try SpringData.dataset(config, .validation)
      )
      let folder = try TemporaryFolder()
      let error = #expect(throws: NoetherError.self) {
        try Trainer(config, train: train, validation: validation, folder: folder.path, threads: 1)
      }
      #expect(error?.message.contains("sum over pairs") == true, "\(error?.message ?? "")")
    }
  }
}
