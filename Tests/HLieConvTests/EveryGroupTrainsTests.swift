// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import TestSupport
import Testing

@testable import HLieConv

/// Some steps of training on springs for every group that acts there, with each of its lifts.
@Suite("Every group trains")
struct EveryGroupTrainsTests {
  static let cases = Groups.all.flatMap { group in
    (group.framed == nil ? [Lift.isotropic] : Lift.allCases).map { (group.name, group.spaceDimension, $0) }
  }

  /// The scenario of the springs with one axis for two.
  private func springsOnALine(in folder: String) throws -> String {
    var node = try ShippedFiles.scenario("springs")
    node = try node.setting("dimension=1")
    let path = folder + "/springs-1d.json"
    try node.json.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  @Test("finite errors that fall, finite parameters", arguments: cases)
  func training(group: String, dimension: Int, lift: Lift) throws {
    let folder = try TemporaryFolder()
    let overrides = [
      "model.group=\(group)", "model.lift=\(lift.rawValue)", "model.width=16", "model.layers=1",
      "data.train=60", "data.validation=20", "training.batch=20", "training.epochs=6",
      "optimizer.learning_rate=1e-2",
    ]
    let config = try SpringData.config(
      overrides + (lift == .haar ? ["model.samples=2"] : [])
        + (dimension == 1 ? ["data.scenario=\(springsOnALine(in: folder.path))"] : []),
      file: dimension == 3 ? "springs-3d.yaml" : "springs-small.yaml")
    let trainer = try Trainer(
      config, train: SpringData.dataset(config, .train), validation: SpringData.dataset(config, .validation),
      folder: folder.path, threads: 1)
    _ = try trainer.run()
    let model = try HamiltonianModel.load(folder.path)
    let isFinite = model.parameters.allSatisfy { $0.isFinite }
    #expect(isFinite)
    // What the trained model promises by the way it is built, it keeps.
    let scenario = try #require(config.data.scenario)
    let certificate = try model.certify(
      on: scenario.systems(count: 20, seed: 0, first: config.data.first(of: .test)), seed: 2, threads: 1)
    for quantity in Certificate.Quantity.allCases where certificate.promises[quantity] == .exact {
      let value = try #require(certificate.value(quantity, "float64"))
      #expect(value <= 1e-12, "\(quantity): \(value)")
    }
    let errors = try #require(try CSVColumns(folder.path + "/training.csv")["train_mse"])
    #expect(errors.count == 6)
    #expect((errors.last ?? .infinity) < errors[0])
  }
}
