// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import LieCore
import TestSupport
import Testing

@testable import HLieConv

@Suite("Training")
struct TrainerTests {
  private func bytes(_ folder: String, _ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: folder + "/" + name))
  }

  /// training.csv without its last column, the seconds.
  private func curve(_ folder: String) throws -> [String] {
    String(decoding: try bytes(folder, "training.csv"), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: ",").dropLast().joined(separator: ",")
    }
  }

  @Test(
    "interrupted anywhere and resumed: the same bits, on any number of threads",
    arguments: ["float32", "float64"], ["[]", "[permutations, rotations]"])
  func resume(precision: String, augment: String) throws {
    let config = try SpringData.config([
      "training.precision=\(precision)", "data.train=190", "training.augment=\(augment)",
    ])
    let (train, validation) = (
      try SpringData.dataset(config, .train), try SpringData.dataset(config, .validation)
    )
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let (whole, parts) = (folder + "/whole", folder + "/parts")
    for path in [whole, parts] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    let outcome = try Trainer(config, train: train, validation: validation, folder: whole, threads: 1).run()
    #expect(outcome == .finished)
    // Stops after 1, then 3 more (the end of an epoch), then 6 more steps; the last batch of an epoch is short.
    var rows = 0
    for (index, limit) in [1, 3, 6, 1000].enumerated() {
      let trainer = try Trainer(
        config, train: train, validation: validation, folder: parts, threads: index + 1, resume: true)
      var steps = 0
      let outcome = try trainer.run(
        onStep: { _ in steps += 1 }, onEpoch: { _ in rows += 1 }, shouldStop: { steps >= limit })
      #expect(outcome == (limit == 1000 ? .finished : .interrupted))
    }
    #expect(rows == 3)
    #expect(try bytes(whole, "model.safetensors") == bytes(parts, "model.safetensors"))
    #expect(try curve(whole) == curve(parts))
    #expect(try curve(whole).count == 4)
    #expect(try bytes(whole, "last.safetensors") == bytes(parts, "last.safetensors"))
    // Training did something: the initial weights are others.
    let initial = try HamiltonianModel(
      config.model, dimension: 2, featureNames: ["m", "k"], precision: precision)
    let last = try Safetensors.read(whole + "/last.safetensors")
    #expect(last.tensors["embed.w"] != initial.safetensors.tensors["embed.w"])
  }

  /// At 1e30 the loss fails first, at 1e39 the parameters themselves leave float32; with one batch in an epoch it is
  /// the validation that shows it.
  @Test(
    "a loss that is not finite stops with the last good state, or says that there is none",
    arguments: ["1e30", "1e39"], [50, 200])
  func explosion(rate: String, batch: Int) throws {
    let config = try SpringData.config(["optimizer.learning_rate=\(rate)", "training.batch=\(batch)"])
    let (train, validation) = (
      try SpringData.dataset(config, .train), try SpringData.dataset(config, .validation)
    )
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let trainer = try Trainer(config, train: train, validation: validation, folder: folder, threads: 2)
    let error = #expect(throws: TrainingFailure.self) { _ = try trainer.run() }
    #expect(error?.message.contains("not finite") == true)
    #expect(error?.message.contains("learning_rate") == true)
    let path = folder + "/last.safetensors"
    #expect(error?.message.contains(path) == FileManager.default.fileExists(atPath: path))
    if FileManager.default.fileExists(atPath: path) {
      let saved = try HamiltonianModel(Safetensors.read(path), name: "last")
      let isFinite = saved.parameters.allSatisfy(\.isFinite)
      #expect(isFinite)
    }
  }

  @Test("a checkpoint of another model, or a damaged one, is refused")
  func foreignCheckpoint() throws {
    let config = try SpringData.config(["training.epochs=1"])
    let (train, validation) = (
      try SpringData.dataset(config, .train), try SpringData.dataset(config, .validation)
    )
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    _ = try Trainer(config, train: train, validation: validation, folder: folder, threads: 2).run()
    let other = try SpringData.config(["model.width=16"])
    let foreign = #expect(throws: NoetherError.self) {
      try Trainer(other, train: train, validation: validation, folder: folder, threads: 1, resume: true)
    }
    #expect(foreign?.message.contains("another model") == true)
    for change in [
      "training.batch=10", "optimizer.learning_rate=1e-4", "data.seed=1", "training.augment=rotations",
    ] {
      let other = try SpringData.config(["training.epochs=1", change])
      let error = #expect(throws: NoetherError.self) {
        try Trainer(other, train: train, validation: validation, folder: folder, threads: 1, resume: true)
      }
      #expect(error?.message.contains("another configuration or other data") == true)
    }
    let path = folder + "/last.safetensors"
    try Data(try bytes(folder, "last.safetensors").dropLast(10)).write(to: URL(filePath: path))
    let damaged = #expect(throws: NoetherError.self) {
      try Trainer(config, train: train, validation: validation, folder: folder, threads: 1, resume: true)
    }
    #expect(damaged?.message.contains("last.safetensors") == true)
  }

  @Test("the published sizes", arguments: [("T2", 2, 895_297), ("Trivial", 2, 895_553), ("T3", 3, 895_425)])
  func parameterCounts(group: String, dimension: Int, count: Int) throws {
    var config = ModelConfig()
    config.group = group
    let model = try HamiltonianModel(
      config, dimension: dimension, featureNames: ["m", "k"], precision: "float32")
    #expect(model.layout.count == count)
  }

  /// The published network on molecules (Finzi et al. 2020, section 5.3): five species with three features each, T(3).
  ///
  ///     embed     15 · 1536 + 1536                                          24,576
  ///     a block:  down   1536 · 384 + 384                                  590,208
  ///               kernel (3 · 32 + 32) + (32 · 32 + 32) + (32 · 16 + 16)     1,712
  ///               mix    16 · 384 · 384 + 384                            2,359,680
  ///               up     384 · 1536 + 1536                                 591,360
  ///     readout   1536 + 1                                                   1,537
  ///
  /// which with six blocks is 21,283,873. The authors' has 2 numbers for every channel that batch normalisation passes
  /// beside these, 6 · 2 (1536 + 384 + 384 + 32 + 32 + 16) + 2 · 1536 = 31,680: 21.3 million in both cases.
  @Test func thePublishedNetworkOnMolecules() throws {
    var config = ModelConfig()
    (config.group, config.width, config.layers) = ("T3", 1536, 6)
    let group = try #require(Groups.named("T3", dimension: 3))
    let layout = try config.program(group: group, features: 15).parameters
    #expect(layout.count == 21_283_873)
    func count(_ prefix: String) -> Int {
      layout.views.filter { $0.name.hasPrefix(prefix) }.reduce(0) { $0 + $1.count }
    }
    for (prefix, numbers) in [
      ("embed", 24_576), ("blocks.0.down", 590_208), ("blocks.0.kernel", 1712), ("blocks.0.mix", 2_359_680),
      ("blocks.0.up", 591_360), ("blocks.", 6 * 3_542_960), ("readout", 1537),
    ] { #expect(count(prefix) == numbers, "\(prefix)") }
  }

  @Test("the schedule runs from the rate to its floor")
  func schedule() throws {
    let config = try SpringData.config(["optimizer.learning_rate=1e-2", "optimizer.floor=0.1"])
    guard case .adam(let schedule) = try #require(config.phases.first).method else {
      Issue.record("the method is not Adam")
      return
    }
    #expect(schedule.rate(step: 0, total: 100) == 1e-2)
    #expect(abs(schedule.rate(step: 50, total: 100) - 5.5e-3) < 1e-15)
    #expect(abs(schedule.rate(step: 100, total: 100) - 1e-3) < 1e-15)
  }

  @Test("the baselines of the published data: hold 0.160, free flight 0.158")
  func trivialBaselines() throws {
    let config = try SpringData.config(file: "springs-T2.yaml")
    let errors = try SpringData.dataset(config, .test, count: 2000).trivialErrors
    // The mean over 2000 systems has a standard error of 0.0045: three of them.
    #expect(abs(errors.hold - 0.160) < 0.0135)
    #expect(abs(errors.freeFlight - 0.158) < 0.0135)
    #expect(errors.freeFlight < errors.hold)
  }

  @Test(
    "configurations that make no sense are refused by key",
    arguments: [
      ("model.width=30", "multiple of 4"), ("model.group=T3", "model.group"), ("model.layer=2", "layers"),
      ("loss.integrator=gsl-rk4", "loss.integrator"), ("optimizer.learning_rate=-1", "learning_rate"),
      ("optimizer.floor=2", "floor"), ("training.epochs=0", "epochs"),
      ("training.precision=float16", "precision"),
      ("data.chunk=1", "chunk"), ("data.scenario=missing.yaml", "missing.yaml"),
      ("optimizer.method=sgd", "adam"), ("loss.stride=2", "stride"), ("loss.stride=0", "stride"),
    ])
  func badConfiguration(override: String, part: String) {
    let error = #expect(throws: NoetherError.self) { try SpringData.config([override]) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }
}
