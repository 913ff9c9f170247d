// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// The force between two bodies along their distance, learned and true, for pairs drawn from systems.
struct ForceLawTable: Sendable {
  /// Distances of a curve, and bins of the histogram: r_k = k r_max/points for k = 1…points.
  static let points = 200
  static let bins = 50

  /// Two bodies of one system.
  struct Pair: Sendable {
    /// What the network is told of either: "m 1.57 k 1.89 · m 2.93 k 4.32".
    var name: String
    /// Forces by distance, positive where the bodies repel each other.
    var learned: [Double]
    /// Nil where the true law says nothing of two bodies alone, or is not finite.
    var truth: [Double?]
  }

  /// The largest distance r_max.
  let range: Double
  let pairs: [Pair]

  /// One pair from each of `systems`, which two of its bodies by `seed`.
  ///
  /// Throws where the model's energy says nothing of two bodies alone, or is not finite there.
  init(
    of model: HamiltonianModel, pairsOf systems: [ScenarioSystem], range: Double, seed: UInt64
  ) throws {
    if let lonely = systems.first(where: { $0.system.bodies.count < 2 }) {
      throw NoetherError("system \(lonely.index) has one body, which has no force law")
    }
    guard range > 0 else {
      throw NoetherError("the model does not know the largest distance in its training data; train it again")
    }
    self.range = range
    let distances = (1...Self.points).map { Double($0) * range / Double(Self.points) }
    pairs = try systems.map { system in
      let truth = try system.system.separable()
      var generator = SeededGenerator(seed: seed, path: 0x7061_6972, UInt64(system.index))
      let indices = Array(generator.permutation(of: truth.bodies.count).prefix(2)).sorted()
      guard let learned = try model.system(like: truth).subsystem(of: indices) else {
        throw NoetherError(
          "model.pool: mean: an energy that is a mean over bodies says nothing of two of them alone; train with "
            + "model.pool=sum")
      }
      let forces = distances.map(learned.radialForce(at:))
      guard forces.allSatisfy(\.isFinite) else {
        throw NoetherError(
          "the learned force between two bodies about the origin is not finite: the group \(model.config.group) "
            + "cannot place them there; use a group with translations")
      }
      let exact = truth.subsystem(of: indices)
      return Pair(
        name: indices.map { Self.name(of: $0, in: truth) }.joined(separator: " · "), learned: forces,
        truth: distances.map { r in exact.map { $0.radialForce(at: r) }.flatMap { $0.isFinite ? $0 : nil } })
    }
  }

  private static func name(of body: Int, in system: any HamiltonianSystem) -> String {
    zip(system.featureNames, system.features[body])
      .map { name, value in "\(name) " + String(format: "%.2f", value) }.joined(separator: " ")
  }

  /// The share of all pairs of bodies in `data` whose distance lies in each bin.
  static func histogram(of data: ChunkDataset, range: Double) -> [Double] {
    var counts = [Double](repeating: 0, count: bins)
    let d = data.dimension
    for entry in data.systems {
      for state in entry.states {
        for i in 0..<entry.bodies.count {
          for j in 0..<i {
            let square = (0..<d).reduce(0.0) { sum, axis in
              let Δ = state.q[i * d + axis] - state.q[j * d + axis]
              return sum + Δ * Δ
            }
            counts[Int(min(square.squareRoot() / range * Double(bins), Double(bins - 1)))] += 1
          }
        }
      }
    }
    let total = counts.reduce(0, +)
    return counts.map { $0 / max(1, total) }
  }

  /// Writes the curves, pair by pair, then the histogram of distances.
  func write(to path: String?, distances shares: [Double]) throws {
    let csv = try CSVWriter(
      path, header: ["kind", "pair", "bodies", "r", "force_learned", "force_true", "share"])
    for (number, pair) in pairs.enumerated() {
      for (k, learned) in pair.learned.enumerated() {
        csv.add("force")
        csv.add(number + 1)
        csv.add(pair.name)
        csv.add(Double(k + 1) * range / Double(Self.points))
        csv.add(learned)
        if let truth = pair.truth[k] { csv.add(truth) } else { csv.add("") }
        csv.add("")
        try csv.endRow()
      }
    }
    for (bin, share) in shares.enumerated() {
      csv.add("distances")
      for _ in 0..<2 { csv.add("") }
      csv.add((Double(bin) + 0.5) * range / Double(shares.count))
      for _ in 0..<2 { csv.add("") }
      csv.add(share)
      try csv.endRow()
    }
    try csv.finish()
  }
}
