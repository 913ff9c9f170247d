// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

extension ModelConfig {
  /// At most so many chunks tell the radius of a neighbourhood, and at most so many distances.
  private static let chunksForRadius = 1000
  private static let distancesForRadius = 4_000_000

  /// The configuration with the radius in place of `fill`: the smallest that keeps the wanted share of all ordered
  /// pairs of nodes inside, over the first states of up to 1000 chunks, fewer where they have many nodes.
  ///
  /// Throws where no group of that name acts in the data's dimension, where a body lies outside its domain, or
  /// where memory is short.
  public func settled(on data: ChunkDataset) throws -> ModelConfig {
    guard let fill = neighbourhood.openFill else { return self }
    var settled = self
    // With some radius the model can be built, which knows the group and its domain.
    settled.neighbourhood = neighbourhood.settled(radius: 1)
    let model = try HamiltonianModel(
      settled, dimension: data.dimension, featureNames: data.featureNames, precision: Double.precisionName)
    try model.checkDomain(of: data, name: "training data")
    let most = data.sizes.last ?? 0
    try model.checkMemory(systems: 1, bodies: most)
    let (samples, frames) = (settled.samples(of: model.group), settled.frames(of: model.group))
    let nodes = most * samples
    let chunks = max(1, min(Self.chunksForRadius, Self.distancesForRadius / (nodes * nodes)))
    var distances: [Double] = []
    for entry in data.systems.prefix(chunks) {
      var pairs = PairDistances(
        points: entry.bodies.count, dimension: data.dimension, alpha: alpha, frames: frames, samples: samples)
      pairs.q = entry.states[0].q
      if centre { pairs.q = Self.centred(pairs.q, dimension: data.dimension) }
      model.group.measurePairs(&pairs)
      distances += pairs.distances
    }
    distances.sort()
    let inside = max(1, Int((fill * Double(distances.count)).rounded(.up)))
    guard inside <= distances.count else { return self }
    // Half way to the next distance, so that rounding decides nothing.
    let last = distances[inside - 1]
    let next = distances[inside...].first { $0 > last } ?? last * 1.01
    // A share so small that it holds a body and itself only leaves a ball of no extent, which is none.
    settled.neighbourhood = neighbourhood.settled(radius: max((last + next) / 2, .leastNormalMagnitude))
    return settled
  }

  private static func centred(_ q: [Double], dimension: Int) -> [Double] {
    let bodies = Double(q.count / dimension)
    let means = (0..<dimension).map { axis in
      stride(from: axis, to: q.count, by: dimension).reduce(0) { $0 + q[$1] } / bodies
    }
    return q.enumerated().map { $1 - means[$0 % dimension] }
  }
}
