// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import LieCore
import TestSupport
import Testing

@testable import Images

/// Every group that images are published with, from the files to a trained network, which then does not see that its group
/// has moved the pixels' places.
@Suite struct GroupTrainingTests {
  private static let groups = ["Trivial", "T2", "Tx", "Ty", "SO2", "RxSO2", "SE2"]

  /// A network trained in float64 for an epoch on small images, and the data it learned from.
  private func trained(_ settings: [String]) throws -> (model: PointModel, data: ImageData) {
    let folder = try TemporaryFolder()
    try Shapes.write(train: 130, test: 40, to: folder.path)
    let text = try settings.reduce(Shapes.config(folder.path, "training.epochs=1").resolved) {
      try $0.setting($1)
    }
    let config = try ImageConfig(text)
    let data = try ImageData(config.data, splits: ImageDataConfig.Split.allCases)
    #expect(try PointTrainer(config, data: data, folder: folder.path, threads: 2).run() == .finished)
    return (try PointModel(Safetensors.read("\(folder.path)/model.safetensors"), name: "model"), data)
  }

  private func outputs(
    _ model: PointModel, _ data: ImageData, _ move: (Coordinates<Double>) -> Coordinates<Double>
  ) throws -> [Double] {
    let points = stride(from: 0, to: data.grid.points.count, by: 2).flatMap { at -> [Double] in
      let x = move(Coordinates(data.grid.points[at], data.grid.points[at + 1]))
      return [x[0], x[1]]
    }
    var values: [Float] = []
    for index in 0..<6 { data.grid.sample(data.images(.test), index, turnedBy: 0, into: &values) }
    return try PointLearner.sharing(
      model, points: SampledPoints(points, dimension: 2, model.config), capacity: 6, threads: 1
    ).outputs(of: SharedSamples(values, count: 6))
  }

  private func moved<G: LieGroup>(
    _ group: G.Type, seed: UInt64
  ) -> (Coordinates<Double>) -> Coordinates<Double> {
    var generator = SeededGenerator(seed: seed)
    let u = G.exp(Coordinates(count: G.algebraComponents.count) { _ in generator.uniform(-1.2, 1.2) })
    return { G.act(u, on: $0) }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? .nan
  }

  @Test(arguments: groups)
  func trainedNetworksKeepTheirSymmetry(_ name: String) throws {
    let (model, data) = try trained([
      "model.group=\(name)", "model.lift=isotropic", "training.precision=float64",
    ])
    let group = try #require(Groups.named(name, dimension: 2))
    let still = try outputs(model, data) { $0 }
    #expect(still.allSatisfy(\.isFinite) && Set(still).count > 10)
    for seed in 1...3 as ClosedRange<UInt64> {
      #expect(try distance(outputs(model, data, moved(group, seed: seed)), still) < 1e-9)
    }
    // The control: a motion that is none of any of these groups.
    #expect(
      try distance(outputs(model, data) { Coordinates(1.3 * $0[0] + 0.2 * $0[1], 0.8 * $0[1]) }, still) > 1e-3
    )
  }

  /// The network without a symmetry sees each of the motions that the others do not see.
  @Test func theOneWithoutASymmetrySeesEveryMotion() throws {
    let (model, data) = try trained(["model.group=Trivial", "training.precision=float64"])
    let still = try outputs(model, data) { $0 }
    for (other, seed) in Self.groups.dropFirst().flatMap({ name in (1...3).map { (name, UInt64($0)) } }) {
      let group = try #require(Groups.named(other, dimension: 2))
      let moved = moved(group, seed: seed)
      #expect(try distance(outputs(model, data, moved), still) > 1e-5, "\(other), \(seed)")
      // Not since it would be chaotic: it hardly sees a motion that is hardly one.
      let hardly = { (x: Coordinates<Double>) in x + 1e-9 * (moved(x) - x) }
      #expect(try distance(outputs(model, data, hardly), still) < 1e-9, "\(other), \(seed)")
    }
  }

  /// As `noether train mnist --set model.group=SE2` has it: several lifts of every pixel, drawn by lot.
  @Test func liftsByLotAreTrained() throws {
    let (model, data) = try trained(["model.group=SE2"])
    #expect(model.config.lift == .haar)
    let result = try ImageEvaluation(model, on: data, threads: 2)
    #expect(result.count == 40 && result.loss.isFinite)
  }
}
