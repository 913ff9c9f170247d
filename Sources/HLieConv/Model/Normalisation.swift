// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Statistics of the training data that bring what a network sees, and what it says, to the order of one.
public struct Normalisation: Sendable, Equatable, Codable {
  /// The mean and the standard deviation of every feature over the bodies.
  public var featureMeans: [Double]
  public var featureDeviations: [Double]
  /// The root mean square of every column of the pair embedding over pairs of different bodies.
  public var pairSizes: [Double]
  /// The energy that goes with the forces and distances: rms(Δp/Δt) · √⟨|q_i − q_j|²⟩ / 2. For charges per mass that of two
  /// unit masses: rms(Δv/Δt) · √⟨|q_i − q_j|²⟩ / 2 / Σm.
  public var energy: Double

  /// What changes nothing.
  static func none(features: Int, pairWidth: Int) -> Normalisation {
    Normalisation(
      featureMeans: [Double](repeating: 0, count: features),
      featureDeviations: [Double](repeating: 1, count: features),
      pairSizes: [Double](repeating: 1, count: pairWidth), energy: 1)
  }

  /// Whether the counts fit, and nothing would be divided by zero.
  func fits(features: Int, pairWidth: Int) -> Bool {
    let sizes = featureDeviations + pairSizes + [energy]
    return featureMeans.count == features && featureDeviations.count == features
      && pairSizes.count == pairWidth
      && featureMeans.allSatisfy(\.isFinite) && sizes.allSatisfy { $0.isFinite && $0 > 0 }
  }
}

extension Normalisation {
  /// As it stands in a model's file.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  /// Throws where the text does not hold the statistics; `name` is the file's.
  init(json: String, name: String) throws {
    guard let read = try? JSONDecoder().decode(Normalisation.self, from: Data(json.utf8)) else {
      throw NoetherError("\(name): the statistics of the training data are damaged; use another copy")
    }
    self = read
  }
}

extension HamiltonianModel {
  /// The same model with the statistics of `data` in it, where its configuration wants them; parameters stay.
  ///
  /// Throws where the data do not fit the model.
  public func normalised(by data: ChunkDataset) throws -> HamiltonianModel {
    guard config.normalise else { return self }
    try checkFit(data)
    try checkDomain(of: data, name: "training data")
    return try HamiltonianModel(
      config, dimension: dimension, featureNames: featureNames, precision: precision,
      trainingDistance: trainingDistance, training: training,
      normalisation: Normalisation(of: data, seenBy: self), parameters: { _ in self.parameters })
  }
}

extension Normalisation {
  /// States that the statistics are taken over: spread evenly, whatever the number of systems.
  private static let mostStates = 4000
  /// How far from the mean a feature may lie, in what it is divided by.
  private static let mostDeviations = 20.0

  init(of data: ChunkDataset, seenBy model: HamiltonianModel) throws {
    let width = data.featureNames.count
    let rows = data.systems.flatMap { entry in
      stride(from: 0, to: entry.features.count, by: max(1, width)).map {
        Array(entry.features[$0..<$0 + width])
      }
    }
    featureMeans = (0..<width).map { k in rows.reduce(0) { $0 + $1[k] } / Double(rows.count) }
    featureDeviations = zip(featureMeans, 0..<width).map { mean, k in
      let variance = rows.reduce(0) { $0 + ($1[k] - mean) * ($1[k] - mean) } / Double(rows.count)
      // A feature that is the same everywhere tells nothing.
      guard variance > 1e-24 * mean * mean else { return 1 }
      // What marks one body in a hundred thousand would be hundreds of deviations from all others.
      let farthest = rows.reduce(0.0) { max($0, abs($1[k] - mean)) }
      return max(variance.squareRoot(), farthest / Self.mostDeviations)
    }

    // The network as it is without statistics has the embedding in its workspace.
    var config = model.config
    config.normalise = false
    let plain = try HamiltonianModel(
      config, dimension: data.dimension, featureNames: data.featureNames, precision: model.precision)
    let engine = TileEngine(
      plain.program, parameters: plain.storage,
      shapes: data.sizes.map { TileShape(systems: 1, bodies: $0) }, evaluations: 1, tangents: false)
    let every = max(1, data.count * data.points / Self.mostStates)
    var index = 0
    var squares = [Double](repeating: 0, count: plain.program.width(plain.program.pairs))
    var (pairCount, distance) = (0.0, 0.0)
    for entry in data.systems {
      engine.begin(systems: 1, bodies: entry.bodies.count, features: entry.features)
      for state in entry.states {
        index += 1
        guard (index - 1).isMultiple(of: every) else { continue }
        let seen = engine.pairEmbeddings(at: state.q)
        for pair in seen {
          for (column, value) in pair.enumerated() { squares[column] += value * value }
          pairCount += 1
        }
        distance += meanSquaredDistance(state.q, dimension: data.dimension) * Double(seen.count)
      }
    }
    pairSizes = squares.map { $0 > 0 ? ($0 / pairCount).squareRoot() : 1 }

    var energy: Double
    if let deviation = data.energyDeviation, data.forceSquares == nil {
      energy = deviation
    } else {
      let (changes, count) =
        data.forceSquares ?? data.momentumChanges(perMass: model.config.charges == .perMass)
      let force = (changes / max(1, count)).squareRoot() / data.step
      energy = force * (distance / max(1, pairCount)).squareRoot() / 2
    }
    if model.config.charges == .perMass {
      let masses = data.systems.reduce(0) { $0 + $1.bodies.masses.reduce(0, +) }
      energy /= masses / Double(max(1, data.count))
    }
    self.energy = energy > 0 && energy.isFinite ? energy : 1
  }
}

/// ⟨|q_i − q_j|²⟩ over the pairs of one configuration [bodies × dimension]; 0 for a single body.
private func meanSquaredDistance(_ q: [Double], dimension d: Int) -> Double {
  let n = q.count / d
  guard n > 1 else { return 0 }
  var sum = 0.0
  for i in 0..<n {
    for j in 0..<i {
      for axis in 0..<d { sum += (q[i * d + axis] - q[j * d + axis]) * (q[i * d + axis] - q[j * d + axis]) }
    }
  }
  return sum / Double(n * (n - 1) / 2)
}
