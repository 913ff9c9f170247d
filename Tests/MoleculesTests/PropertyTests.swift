// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import HLieConv
@testable import Molecules

/// Properties of molecules by networks with batch normalisation.
@Suite("Properties of molecules")
struct PropertyTests {
  /// Molecules of 2 to 7 atoms whose property is Σ_{i<j} exp(−r_ij), beside a share of each element.
  private static func text(_ count: Int, seed: UInt64 = 1) -> String {
    (0..<count).map { index in
      var generator = SeededGenerator(seed: seed, path: UInt64(index))
      let atoms = 2 + generator.index(below: 6)
      let elements = (0..<atoms).map { _ in ["H", "C", "O"][generator.index(below: 3)] }
      let q = (0..<3 * atoms).map { _ in generator.normal() }
      var value = elements.reduce(0.0) { $0 + (["H": -1, "C": -5, "O": -7][$1] ?? 0) }
      for i in 0..<atoms {
        for j in 0..<i {
          value += exp(-(0..<3).reduce(0) { $0 + pow(q[3 * i + $1] - q[3 * j + $1], 2) }.squareRoot())
        }
      }
      let rows = elements.indices.map { "\(elements[$0]) \(q[3 * $0]) \(q[3 * $0 + 1]) \(q[3 * $0 + 2])" }
      return (["\(atoms)", "U0=\(value)"] + rows).joined(separator: "\n")
    }.joined(separator: "\n") + "\n"
  }

  private static func config(_ path: String, _ settings: [String] = []) throws -> PropertyConfig {
    let text = """
      format: noether/molecules
      version: 1
      data: {structures: \(path), energy: U0, features: published, train: 200, validation: 40, seed: 2}
      model: {group: SE3, lift: isotropic, width: 16, layers: 2, downsampling: 1, fill: 1, neighbours: 100, pool: sum, seed: 1}
      optimizer: {method: adam, learning_rate: 1e-2}
      training: {epochs: 40, batch: 20, augment: true}
      """
    return try PropertyConfig(
      settings.reduce(ConfigNode.parse(text, name: "property")) { try $0.setting($1) })
  }

  private static func write(_ text: String, in folder: TemporaryFolder) throws -> String {
    let path = "\(folder.path)/molecules.xyz"
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("a training learns, and goes on to the same bits on any number of threads")
  func training() throws {
    let folder = try TemporaryFolder()
    let config = try Self.config(Self.write(Self.text(300), in: folder))
    let data = try PropertyData(config, splits: [.train, .validation])
    #expect(data.inputs == 9)
    func run(_ name: String, threads: Int, stopAt: [Int]) throws -> [Data] {
      let own = "\(folder.path)/\(name)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      for (index, stop) in (stopAt + [Int.max]).enumerated() {
        let trainer = try PointTrainer(config, data: data, folder: own, threads: threads, resume: index > 0)
        var steps = trainer.stepsDone
        let outcome = try trainer.run(onStep: { steps = $0.step }, shouldStop: { steps >= stop })
        #expect((outcome == .finished) == (stop == .max))
      }
      return try ["model.safetensors", "last.safetensors"].map {
        try Data(contentsOf: URL(filePath: "\(own)/\($0)"))
      }
    }
    let whole = try run("whole", threads: 1, stopAt: [])
    #expect(try run("parts", threads: 3, stopAt: [7, 10, 33]) == whole)
    let model = try PointModel(Safetensors.read("\(folder.path)/whole/model.safetensors"), name: "model")
    let target = try #require(PropertyTarget(model))
    #expect(target == data.target && target.elements == ["H", "C", "O"])
    let test = try PropertyData(config, splits: [.test], target: target)
    let result = try #require(try PropertyEvaluation(of: model, on: test, threads: 2))
    #expect(result.molecules == 60)
    // What is left when the composition is known, and what the network leaves of it.
    #expect(result.mae < 0.4 * result.compositionMAE, "\(result.mae), \(result.compositionMAE)")
    #expect(result.rmse >= result.mae)
    // As many threads as one likes.
    #expect(try PropertyEvaluation(of: model, on: test, threads: 1)?.mae == result.mae)
    // A network that has learned nothing is worse: the control.
    let untrained = try PointModel(config.model, dimension: 3, inputs: 9, outputs: 1)
    #expect(try #require(try PropertyEvaluation(of: untrained, on: test, threads: 2)).mae > 2 * result.mae)
  }

  @Test(
    "exact lifts see no rotation, others do; in training molecules are turned by other angles in every epoch")
  func turned() throws {
    let folder = try TemporaryFolder()
    let path = try Self.write(Self.text(300), in: folder)
    func difference(_ settings: [String]) throws -> Double {
      let config = try Self.config(path, settings)
      let data = try PropertyData(config, splits: [.train])
      let model = try PointModel(
        config.model, dimension: 3, inputs: data.inputs, outputs: 1, precision: .float64)
      let learner = try data.learner(model, batch: 10, threads: 1)
      let molecule = data.molecules(.train)[0]
      let sets =
        try [data.pointSet(molecule)] + (0..<3).map { try data.pointSet(molecule, training: ($0, 5)) }
      let values = learner.outputs(of: sets)
      #expect(
        try data.pointSet(molecule, training: (1, 5)).points.blocks[0].embedding
          == sets[2].points.blocks[0].embedding)
      return values.dropFirst().map { abs($0 - values[0]) }.min() ?? .nan
    }
    #expect(try difference([]) < 1e-12)
    #expect(try difference(["model.group=T3"]) > 1e-6)
    #expect(try difference(["model.group=T3", "training.augment=false"]) == 0)
    // Lifts by lot are drawn anew in every epoch.
    #expect(try difference(["model.lift=haar", "training.augment=false"]) > 1e-6)
  }

  @Test(
    "faulty configurations are refused by key",
    arguments: [
      ("training.augment=maybe", "training.augment"), ("training.batch=500", "more than data.train"),
      ("data.forces=forces", "data.forces"), ("data.structures=null", "structures"),
      ("model.group=SO2", "model.group"), ("model.kind=hlieconv", "model.kind"),
      ("data.energy=U7", "there are U0"), ("loss={kind: potential}", "loss"),
      ("data.train=100000", "lower data.train"),
    ])
  func faults(_ setting: String, _ message: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.write(Self.text(300), in: folder)
    let error = #expect(throws: NoetherError.self) {
      let config = try Self.config(path, [setting])
      _ = try PropertyData(config, splits: [.train])
    }
    #expect(try #require(error).message.contains(message), "\(error?.message ?? "")")
  }

  @Test("the shipped training is read")
  func shipped() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let config = try PropertyConfig(
      ConfigNode.load(path: folder.path + "/scenarios/training/qm9-lieconv.yaml"))
    #expect(config.augment && config.model.group == "T3" && config.model.downsampling == 1)
  }
}
