// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import HLieConv
@testable import Molecules

/// Learning from energies and forces, on clusters of two made-up elements with a Morse potential between their atoms.
@Suite("Potentials from energies and forces")
struct PotentialTests {
  /// Clusters of three to five atoms, the energy of each element's own atom added to the sum over pairs of (1 − e^{−(r−1)})².
  static func text(_ count: Int, forces: Bool = true) -> String {
    var lines: [String] = []
    for index in 0..<count {
      var generator = SeededGenerator(seed: 21, path: UInt64(index))
      let n = 3 + index % 3
      let elements = (0..<n).map { _ in generator.index(below: 2) == 0 ? "C" : "O" }
      var q: [[Double]] = []
      while q.count < n {
        let x = (0..<3).map { _ in generator.normal() }
        if q.allSatisfy({ distance($0, x) > 0.6 }) { q.append(x) }
      }
      var (energy, force) = (0.0, [[Double]](repeating: [0, 0, 0], count: n))
      for i in 0..<n {
        energy += elements[i] == "C" ? -10 : -17
        for j in 0..<i {
          let r = distance(q[i], q[j])
          let e = exp(-(r - 1))
          energy += (1 - e) * (1 - e)
          for axis in 0..<3 {
            let pull = 2 * (1 - e) * e * (q[j][axis] - q[i][axis]) / r
            force[i][axis] += pull
            force[j][axis] -= pull
          }
        }
      }
      lines.append("\(n)")
      lines.append("Properties=species:S:1:pos:R:3" + (forces ? ":forces:R:3" : "") + " energy=\(energy)")
      for i in 0..<n {
        lines.append(
          ([elements[i]] + q[i].map { "\($0)" } + (forces ? force[i].map { "\($0)" } : [])).joined(
            separator: " "))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  final class File {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(
      "noether-\(UUID().uuidString).xyz"
    ).path
    init(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  static func config(_ file: File, _ changes: [String] = []) throws -> TrainingConfig {
    let text = """
      format: noether/training
      version: 1
      data: {structures: \(file.path), forces: forces, train: 40, validation: 10, seed: 3}
      model: {group: SE3, width: 16, layers: 1, pool: sum, kernel: ends, scales: [0.3], normalise: true, seed: 2}
      loss: {kind: potential, energy: 3, force: 2}
      optimizer: {method: lbfgs, iterations: 300}
      """
    return try TrainingConfig(
      changes.reduce(ConfigNode.parse(text, name: "test")) { try $0.setting($1) })
  }

  @Test(
    "the loss is the one that is written, and its gradient its slope",
    arguments: [(3.0, 2.0), (3, 0), (0, 2)])
  func loss(energy: Double, force: Double) throws {
    let file = try File(Self.text(60))
    let config = try Self.config(file, ["loss.energy=\(energy)", "loss.force=\(force)"])
    let data = try StructureData(config.data).dataset(.validation)
    let model = try HamiltonianModel(
      config.model, dimension: 3, featureNames: data.featureNames, precision: "float64"
    ).normalised(by: data)
    let tensors = ChunkTensors<Double>(data)
    let loss = try ChunkLoss<Double>(
      model.program, initial: model.parameters, objective: config.trainingObjective, sizes: data.sizes,
      points: 1,
      threads: 2)
    let batch = Array(0..<data.count)
    let value = loss.gradient(of: tensors, batch)
    let gradient = Array(loss.gradient)

    var sum = 0.0
    for entry in data.systems {
      let (law, q) = (try model.system(like: entry.law), entry.states[0].q)
      let labels = try #require(entry.labels)
      let error = (law.potentialEnergy(at: q.span) - (labels.energy ?? 0)) / Double(entry.bodies.count)
      var found = [Double](repeating: 0, count: q.count)
      var span = found.mutableSpan
      law.force(at: q.span, into: &span)
      let squares = zip(found, labels.forces ?? []).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      sum += energy * error * error + force * squares / Double(q.count)
    }
    #expect(abs(value - sum / Double(data.count)) < 1e-12 * value)
    #expect(abs(loss.errors(of: tensors).reduce(0, +) / Double(data.count) - value) < 1e-12 * value)

    for view in model.layout.views {
      let scale = view.range.map { abs(gradient[$0]) }.max() ?? 0
      let k = view.range.max { abs(gradient[$0]) < abs(gradient[$1]) } ?? view.offset
      let original = loss.parameters[k]
      func moved(_ h: Double) -> Double {
        loss.parameters[k] = original + h
        return loss.errors(of: tensors).reduce(0, +) / Double(data.count)
      }
      let h = 1e-4
      let slope = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
      loss.parameters[k] = original
      #expect(abs(gradient[k] - slope) < 1e-7 * max(scale, 1e-3 * value), "\(view.name)")
    }
  }

  @Test("a potential is learned from both, and its forces balance")
  func learns() throws {
    let file = try File(Self.text(80))
    let config = try Self.config(file)
    let data = try StructureData(config.data)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("noether-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let trainer = try Trainer(
      config, train: data.dataset(.train), validation: data.dataset(.validation), folder: folder, threads: 2)
    #expect(try trainer.run() == .finished)
    let model = try HamiltonianModel.load(folder)
    let result = try PotentialEvaluation(of: model, on: data.dataset(.test), threads: 2)
    print("Morse clusters: \(result)")
    #expect(result.structures == 30)
    #expect(result.energyMAE < 0.2 * result.compositionMAE)
    #expect(try #require(result.forceMAE) < 0.15)
    for balance in result.balance {
      let limit = balance.precision == "float64" ? 1e-12 : 1e-5
      #expect(balance.netForce < limit && balance.netTorque < limit, "\(balance)")
    }
    // A network of places themselves knows neither.
    let blind = try HamiltonianModel(
      Self.config(file, ["model.group=Trivial", "model.centre=false"]).model, dimension: 3,
      featureNames: data.dataset(.train).featureNames, precision: "float64"
    ).normalised(by: data.dataset(.train))
    let control = try PotentialEvaluation(of: blind, on: data.dataset(.test), threads: 1)
    #expect(control.balance.allSatisfy { $0.netForce > 1e-3 && $0.netTorque > 1e-3 })
  }

  @Test("the composition finds what the atoms have by themselves")
  func composition() throws {
    let structures = try ExtendedXYZ.parse(Data(Self.text(60).utf8), name: "")
    let elements = try [#require(Element(symbol: "C")), #require(Element(symbol: "O"))]
    let own: [Double] = structures.map { structure in
      structure.elements.reduce(0.0) { $0 + ($1.symbol == "C" ? -10 : -17) }
    }
    let fitted = try CompositionEnergy(elements: elements, structures: structures, energies: own)
    #expect(abs(fitted.energies[0] + 10) < 1e-9 && abs(fitted.energies[1] + 17) < 1e-9)
    for (structure, energy) in zip(structures, own) { #expect(abs(fitted(structure) - energy) < 1e-8) }
  }
}
