// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import HLieConv

/// The folder of the shipped training configurations.
private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
  path: "../../scenarios/training"
).standardizedFileURL.path

/// Every training configuration that is shipped, by the name of its file.
private let shipped = (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted().filter {
  $0.hasSuffix(".yaml")
}

@Suite struct ShippedTrainings {
  @Test func areAllThere() {
    let expected: Set = [
      "charges.yaml", "gaussian-wells.yaml", "lennard-jones.yaml", "nbody.yaml", "nbody-2d.yaml",
      "outer-solar-system.yaml",
      "rest-springs.yaml", "softened-gravity.yaml", "springs-3d.yaml", "springs-small.yaml",
      "springs-T2.yaml", "springs.yaml", "springs-hfc.yaml", "springs-vogn.yaml", "springs-fc.yaml",
      "springs-ogn.yaml", "springs-hogn.yaml", "springs-flieconv.yaml", "mnist.yaml",
    ]
    #expect(expected.isSubset(of: shipped ?? []))
  }

  /// Each is read, and has data and a model that fit each other.
  @Test(arguments: shipped ?? [])
  func makeAModelOfTheirData(_ file: String) throws {
    let node = try ConfigNode.load(path: folder + "/" + file)
    // Those of images are read by the tests of Images.
    if try node["format"]?.string() != TrainingConfig.format { return }
    if TrajectoryConfig.isMeant(by: node) {
      // Measured data are elsewhere.
      let config = try TrajectoryConfig(node)
      #expect(try config.resolved["name"]?.string() == String(file.dropLast(".yaml".count)))
      _ = try HamiltonianModel(config.model, dimension: 3, featureNames: ["m"], precision: "float64")
      return
    }
    let config = try TrainingConfig(node)
    #expect(try config.resolved["name"]?.string() == String(file.dropLast(".yaml".count)))
    if config.data.structures != nil {
      // So are structures.
      _ = try HamiltonianModel(config.model, dimension: 3, featureNames: ["C", "H"], precision: "float32")
      return
    }
    let scenario = try #require(config.data.scenario)
    #expect(scenario.isEnsemble)
    let system = try scenario.systems(count: 1, seed: config.data.seed)[0].system
    let model = try HamiltonianModel(
      config.model, dimension: scenario.dimension, featureNames: system.featureNames,
      precision: config.precision.rawValue)
    _ = try model.law(like: system)
  }
}
