// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// The points of a sample, or of all samples that share them: their lifts, and for every block the points that are kept, their
/// neighbours, and what the kernels see of each pair.
///
/// All of it is computed in double precision, and is a function of the points and the configuration alone. Distances
/// are rounded to 2⁻³⁰, so that points which are equally far away stay so when the group moves them all.
public struct SampledPoints: Sendable {
  /// One convolution: from `inputs` nodes to those of them that are kept.
  struct Block: Sendable {
    let inputs: Int
    /// For every output node, its number among the inputs.
    let kept: [UInt32]
    /// The neighbours of output i are those from `starts[i]` to `starts[i + 1]`, numbered as inputs.
    let starts: [Int]
    let neighbours: [UInt32]
    /// What the kernel sees [pairs × width].
    let embedding: [Double]

    var outputs: Int { kept.count }
    var pairs: Int { neighbours.count }
    /// Whether every input is a neighbour of every output, and all of them are kept in their order.
    var isWhole: Bool { pairs == inputs * inputs && kept.indices.allSatisfy { kept[$0] == UInt32($0) } }
  }

  /// The number of points.
  public let count: Int
  /// Lifts of each point; nodes are numbered point by point.
  let samples: Int
  let embeddingWidth: Int
  let blocks: [Block]

  var nodes: Int { count * samples }

  /// Nodes before each block, and after the last one: 648, 441, 300, 204, 139, 95, 65 in the published network on images.
  public var counts: [Int] { [nodes] + blocks.map(\.outputs) }

  /// `standardised`: every column of what a kernel sees has a mean square of 1. Sets of points that are not shared are seen as they
  /// are, since the kernels are the same for all of them.
  ///
  /// Throws where no group of that name acts on `dimension` axes, or a point of `points` [count × dimension] has no lift.
  public init(
    _ points: [Double], dimension: Int, _ config: PointNetworkConfig, standardised: Bool = true
  ) throws {
    let group = try Groups.required(config.group, dimension: dimension, key: "model.group")
    count = points.count / dimension
    let nodes = count * config.samples(of: group)
    // Distances, rounded ones, those of a block, and the same twice in the order of their size.
    var need = MemoryNeed()
    need.add(bytes: 5 * 8 * Double(nodes) * Double(nodes))
    try need.check("a sample of \(count) points", remedy: "leave such large ones out")
    samples = config.samples(of: group)
    for at in stride(from: 0, to: points.count, by: dimension) {
      let x = Coordinates<Double>(count: dimension) { points[at + $0] }
      if let fault = group.liftFault(at: x) { throw NoetherError("a point: \(fault)") }
    }
    let isLifted = config.lift == .haar && group.framed != nil
    let frames = isLifted ? Self.frames(count * samples, dimension: dimension, seed: config.seed) : []
    var distances = PairDistances(
      points: count, dimension: dimension, alpha: config.distanceWeight, frames: frames, samples: samples,
      hasOwnFrames: true)
    distances.q = points
    group.measurePairs(&distances)
    let rounded = distances.distances.map { ($0 * 0x1p30).rounded() * 0x1p-30 }
    guard rounded.allSatisfy(\.isFinite) else { throw NoetherError("a point has no distance from another") }

    let lifts = Lifts(points: points, dimension: dimension, frames: frames, samples: samples)
    let isIsotropic = group.framed != nil && !isLifted
    let see = { (i: Int, j: Int) -> [Double] in
      isIsotropic
        ? lifts.invariants(of: group, i, j) : lifts.difference(of: group, i, j, config.embedding)
    }
    embeddingWidth = see(0, 0).count
    // The nodes of the whole that are left, block by block.
    var left = Array(0..<nodes)
    var blocks: [Block] = []
    for (index, outputs) in config.counts(of: nodes).dropFirst().enumerated() {
      // Where all points are kept and all are neighbours of all, later blocks are as the first.
      if let last = blocks.last, last.isWhole, outputs == left.count {
        blocks.append(last)
        continue
      }
      let seed = config.seed
      let kept = Self.farthest(outputs, of: left, rounded, nodes, seed: seed, block: index)
      let rows = kept.map { at in left.map { rounded[left[at] * nodes + $0] } }
      let rule = Self.rule(config, rows, block: index)
      var (starts, neighbours) = ([0], [UInt32]())
      var embedding: [Double] = []
      for (at, row) in zip(kept, rows) {
        for j in rule.members(of: at, row) {
          neighbours.append(UInt32(j))
          embedding += see(left[at], left[j])
        }
        starts.append(neighbours.count)
      }
      blocks.append(
        Block(
          inputs: left.count, kept: kept.map { UInt32($0) }, starts: starts, neighbours: neighbours,
          embedding: standardised ? Self.standardised(embedding, width: embeddingWidth) : embedding))
      left = kept.map { left[$0] }
    }
    self.blocks = blocks
  }

  /// The width of what the kernels see of a pair, whatever the points.
  static func embeddingWidth(_ config: PointNetworkConfig, dimension: Int) throws -> Int {
    var one = config
    (one.layers, one.downsampling) = (1, 1)
    return try SampledPoints((0..<dimension).map { 1 + Double($0) / 2 }, dimension: dimension, one)
      .embeddingWidth
  }

  /// A uniformly random rotation for every node.
  private static func frames(_ nodes: Int, dimension: Int, seed: UInt64) -> [Double] {
    (0..<nodes).flatMap { node in
      Lift.frames(
        samples: 1, dimension: dimension, seed: SeededGenerator.child(of: seed, 0x706F_696E_74, UInt64(node)))
    }
  }

  /// Farthest-point sampling: each further point is the one whose distance to those chosen is largest, the first of equals. Where
  /// none is left out they stay in their order.
  private static func farthest(
    _ count: Int, of nodes: [Int], _ distances: [Double], _ stride: Int, seed: UInt64, block: Int
  ) -> [Int] {
    if count >= nodes.count { return Array(nodes.indices) }
    var generator = SeededGenerator(seed: seed, path: 0x6661_7274_68, UInt64(block))
    var chosen = [generator.index(below: nodes.count)]
    var nearest = [Double](repeating: .infinity, count: nodes.count)
    while chosen.count < count {
      let last = chosen[chosen.count - 1]
      nearest[last] = -1
      var next = last
      for k in nodes.indices where nearest[k] >= 0 {
        nearest[k] = min(nearest[k], distances[nodes[last] * stride + nodes[k]])
        if nearest[k] > nearest[next] { next = k }
      }
      chosen.append(next)
    }
    return chosen
  }

  /// Who belongs to an output node, whose distances to all inputs are a row of `rows`. The radius of the balls is the
  /// smallest that keeps the wanted share of all distances inside, and half way to the next.
  private static func rule(
    _ config: PointNetworkConfig, _ rows: [[Double]], block: Int
  ) -> NeighbourMask.Rule {
    switch config.neighbourhood {
    case .nearest: return .nearest(count: config.neighbours)
    case .ball:
      let sorted = rows.flatMap { $0 }.sorted()
      let inside = max(1, Int((config.fill(ofBlock: block) * Double(sorted.count)).rounded(.up)))
      let last = sorted[min(inside, sorted.count) - 1]
      let next = sorted[min(inside, sorted.count)...].first { $0 > last } ?? last + 1
      let seed = SeededGenerator.child(of: config.seed, 0x626C_6F63_6B, UInt64(block))
      return .sample(radius: (last + next) / 2, count: config.neighbours, seed: seed)
    }
  }

  /// Every column divided by its root mean square.
  private static func standardised(_ values: [Double], width: Int) -> [Double] {
    var squares = [Double](repeating: 0, count: width)
    for (k, value) in values.enumerated() { squares[k % width] += value * value }
    let sizes = squares.map { $0 > 0 ? ($0 * Double(width) / Double(values.count)).squareRoot() : 1 }
    return values.enumerated().map { $1 / sizes[$0 % width] }
  }
}

/// Points and the rotations that choose their lifts.
private struct Lifts {
  let points: [Double]
  let dimension: Int
  let frames: [Double]
  let samples: Int

  private func point(_ node: Int) -> Coordinates<Double> {
    Coordinates(count: dimension) { points[node / samples * dimension + $0] }
  }

  private func lift<G: LieGroup>(_ group: G.Type, _ node: Int) -> (
    u: Coordinates<Double>, q: Coordinates<Double>
  ) {
    if frames.isEmpty { return G.lift(point(node)) }
    let width = frames.count / (points.count / dimension * samples)
    return G.lift(point(node), frame: Coordinates(count: width) { frames[node * width + $0] })
  }

  /// (u_j⁻¹u_i or its logarithm, q_i, q_j).
  func difference<G: LieGroup>(
    of group: G.Type, _ i: Int, _ j: Int, _ embedding: PointNetworkConfig.Embedding
  ) -> [Double] {
    let (ui, qi) = lift(group, i)
    let (uj, qj) = lift(group, j)
    let element = G.product(G.inverse(uj), ui)
    let shown = embedding == .log ? G.log(element) : element
    return [shown, qi, qj].flatMap { part in (0..<part.count).map { part[$0] } }
  }

  func invariants<G: LieGroup>(of group: G.Type, _ i: Int, _ j: Int) -> [Double] {
    let a = G.pairEmbedding(point(i), point(j))
    return (0..<a.count).map { a[$0] }
  }
}

extension SeededGenerator {
  /// A seed of its own for a part of what `seed` makes.
  fileprivate static func child(of seed: UInt64, _ purpose: UInt64, _ index: UInt64) -> UInt64 {
    var generator = SeededGenerator(seed: seed, path: purpose, index)
    return generator.next()
  }
}
