// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

extension ModelConfig {
  /// At most so many chunks tell the radius of a neighbourhood.
  private static let chunksForRadius = 1000

  /// The configuration with the radius in place of `fill`: the smallest that keeps the wanted share of all ordered
  /// pairs of nodes inside, over the first states of up to 1000 chunks.
  ///
  /// Throws where no group of that name acts in the data's dimension, or where a body lies outside its domain.
  public func settled(on data: ChunkDataset) throws -> ModelConfig {
    guard let fill = neighbourhood.openFill else { return self }
    var settled = self
    // With some radius the model can be built, which knows the group and its domain.
    settled.neighbourhood = neighbourhood.settled(radius: 1)
    let model = try HamiltonianModel(
      settled, dimension: data.dimension, featureNames: data.featureNames, precision: Double.precisionName)
    try model.checkDomain(of: data, name: "training data")
    let samples = settled.samples(of: model.group)
    var distances: [Double] = []
    for entry in data.systems.prefix(Self.chunksForRadius) {
      var pairs = PairDistances(
        points: data.bodies, dimension: data.dimension, alpha: alpha, frames: frames(of: model.group),
        samples: samples)
      pairs.q = entry.states[0].q
      if centre { pairs.q = Self.centred(pairs.q, dimension: data.dimension) }
      model.group.measurePairs(&pairs)
      distances += pairs.distances
    }
    distances.sort()
    let inside = max(1, Int((fill * Double(distances.count)).rounded(.up)))
    guard inside <= distances.count else { return self }
    // A share so small that it holds a body and itself only leaves a ball of no extent, which is none.
    settled.neighbourhood = neighbourhood.settled(radius: max(distances[inside - 1], .leastNormalMagnitude))
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
