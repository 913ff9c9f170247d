// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

@testable import HLieConv

/// A small network and a few chunks of made-up motion, for derivatives that are checked number by number.
struct SmallProblem {
  var model: HamiltonianModel
  let data: ChunkDataset

  /// Initial weights are scaled up until forces are of order one: at the initial scale a wrong force would hide
  /// in the rounding of the loss, and far above it the motion is too violent for differences to tell anything.
  init(
    group: String, dimension: Int, pool: Pooling = .mean, centre: Bool = true, bodies: Int = 4,
    systems: Int = 3, points: Int = 5, configure: (inout ModelConfig) -> Void = { _ in }
  ) throws {
    guard let type = Groups.named(group, dimension: dimension) else {
      throw NoetherError("no group \(group)")
    }
    let isRestricted = type.isRestricted
    var config = ModelConfig()
    config.group = group
    config.width = 16
    config.layers = 2
    config.pool = pool
    config.centre = type.needsCentring || centre && !isRestricted
    config.seed = 3
    configure(&config)
    var data = ChunkDataset(
      dimension: dimension, featureNames: ["m", "k"], points: points, step: 0.1)
    for index in 0..<systems {
      var generator = SeededGenerator(seed: 11, path: UInt64(index))
      let system = SpringSystem(
        bodies: Bodies(
          dimension: dimension, masses: (0..<bodies).map { _ in generator.uniform(0.5, 3) }),
        stiffness: (0..<bodies).map { _ in generator.uniform(0, 5) })
      func random() -> [Double] { (0..<bodies * dimension).map { _ in generator.normal() } }
      func places() -> [Double] {
        isRestricted ? (0..<bodies * dimension).map { _ in generator.uniform(2, 4) } : random()
      }
      try data.append(system, states: (0..<points).map { _ in PhaseState(q: places(), p: random()) })
    }
    self.data = data

    let initial = try HamiltonianModel(
      config, dimension: dimension, featureNames: ["m", "k"], precision: "float64")
    var model = initial
    var gain = 1.0
    repeat {
      gain *= 1.05
      // The inverse masses are exponentials, which such a gain would blow up.
      for view in initial.layout.views where !view.name.hasPrefix("kinetic.") {
        for k in view.range { model.parameters[k] = gain * initial.parameters[k] }
      }
    } while try Self.meanForce(model, data) < 0.7
    self.model = model
  }

  /// The root mean square of the force's components at the first states; of all rates for a model that has no potential.
  private static func meanForce(_ model: HamiltonianModel, _ data: ChunkDataset) throws -> Double {
    var numbers: [Double] = []
    for entry in data.systems {
      if model.dynamics == .potential {
        numbers += Self.force(Self.system(model, entry), at: entry.states[0].q)
      } else {
        let (qdot, pdot) = rates(of: Self.flow(model, entry), at: entry.states[0])
        // Where T is learned beside V, q̇ is of order one by itself.
        numbers += model.config.kinetic == .given ? qdot + pdot : pdot
      }
    }
    return (numbers.reduce(0) { $0 + $1 * $1 } / Double(numbers.count)).squareRoot()
  }

  /// Another kind of model on the same chunks.
  init(_ model: ModelCase, centre: Bool = true) throws {
    try self.init(group: model.group.name, dimension: model.group.spaceDimension, centre: centre) { config in
      (config.kind, config.kinetic) = (model.kind, model.kinetic)
      if model.kind.countsBodies { config.bodies = 4 }
    }
  }

  init(kind: ModelKind, dimension: Int) throws {
    try self.init(
      ModelCase(group: Groups.required(ModelConfig.noGroup, dimension: dimension, key: ""), kind: kind))
  }

  static func force(_ system: any HamiltonianSystem, at q: [Double]) -> [Double] {
    var force = [Double](repeating: 0, count: q.count)
    var span = force.mutableSpan
    system.force(at: q.span, into: &span)
    return force
  }

  var system: LearnedSystem { Self.system(model, data.systems[0]) }

  /// The law of a model that has no potential, for the bodies of the system of that number.
  func flow(_ system: Int) -> LearnedFlow { Self.flow(model, data.systems[system]) }

  private static func system(_ model: HamiltonianModel, _ entry: ChunkDataset.Entry) -> LearnedSystem {
    LearnedSystem(model, bodies: entry.bodies, features: features(entry))
  }

  private static func flow(_ model: HamiltonianModel, _ entry: ChunkDataset.Entry) -> LearnedFlow {
    LearnedFlow(model, bodies: entry.bodies, features: features(entry))
  }

  private static func features(_ entry: ChunkDataset.Entry) -> [[Double]] {
    let width = entry.features.count / entry.bodies.count
    return (0..<entry.bodies.count).map { Array(entry.features[$0 * width..<($0 + 1) * width]) }
  }
}

/// df/dx by central differences at h and h/2, extrapolated: the error is O(h⁴).
func extrapolatedDifference(_ h: Double, _ f: (Double) throws -> Double) rethrows -> Double {
  func central(_ h: Double) throws -> Double { (try f(h) - f(-h)) / (2 * h) }
  return (4 * (try central(h / 2)) - (try central(h))) / 3
}

extension LieGroup {
  /// Its points must stay away from the origin or the axes: tests put them into the positive quadrant, uncentred.
  static var isRestricted: Bool {
    let places = [Coordinates<Double>(count: spaceDimension), -Coordinates(1, 1)].prefix(
      spaceDimension == 2 ? 2 : 1)
    return places.contains { embeddingFault(at: $0) != nil || liftFault(at: $0) != nil && framed == nil }
  }
}
