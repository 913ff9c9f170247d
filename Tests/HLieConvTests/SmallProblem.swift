// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

@testable import HLieConv

/// A small network and a few chunks of made-up motion, for derivatives that are checked number by number.
struct SmallProblem {
  let model: HamiltonianModel
  let data: ChunkDataset

  /// Initial weights are multiplied by `gain`, so that forces are of order one: at the initial scale a wrong
  /// force would hide in the rounding of the loss.
  init(
    group: String, dimension: Int, pool: Pooling = .mean, centre: Bool = true, bodies: Int = 4,
    systems: Int = 3, points: Int = 5, gain: Double = 3.5
  ) throws {
    var config = ModelConfig()
    config.group = group
    config.width = 16
    config.layers = 2
    config.pool = pool
    config.centre = centre
    config.seed = 3
    var model = try HamiltonianModel(
      config, dimension: dimension, featureNames: ["m", "k"], precision: "float64")
    model.parameters = model.parameters.map { gain * $0 }
    self.model = model

    var data = ChunkDataset(
      dimension: dimension, bodies: bodies, featureNames: ["m", "k"], points: points, step: 0.1)
    for index in 0..<systems {
      var generator = SeededGenerator(seed: 11, path: UInt64(index))
      let system = SpringSystem(
        bodies: Bodies(
          dimension: dimension, masses: (0..<bodies).map { _ in generator.uniform(0.5, 3) }),
        stiffness: (0..<bodies).map { _ in generator.uniform(0, 5) })
      func random() -> [Double] { (0..<bodies * dimension).map { _ in generator.normal() } }
      try data.append(system, states: (0..<points).map { _ in PhaseState(q: random(), p: random()) })
    }
    self.data = data
  }

  func system(_ index: Int = 0) throws -> LearnedSystem {
    let entry = data.systems[index]
    let width = model.featureNames.count
    return LearnedSystem(
      model, bodies: entry.bodies,
      features: (0..<entry.bodies.count).map { Array(entry.features[$0 * width..<($0 + 1) * width]) })
  }
}

/// df/dx by central differences at h and h/2, extrapolated: the error is O(h⁴).
func extrapolatedDifference(_ h: Double, _ f: (Double) throws -> Double) rethrows -> Double {
  func central(_ h: Double) throws -> Double { (try f(h) - f(-h)) / (2 * h) }
  return (4 * (try central(h / 2)) - (try central(h))) / 3
}
