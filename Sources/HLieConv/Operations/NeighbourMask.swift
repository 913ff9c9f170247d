// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// y_ij = N/k where j is one of the k neighbours of i, and 0 where it is not: neighbourhoods with a sharp edge.
///
/// It is constant between jumps, so that no derivative passes through it. Distances are taken in double precision.
/// A distance that is not a number, outside the group's domain, spoils all weights of its nodes.
struct NeighbourMask: Operation {
  /// Who belongs to a node besides itself.
  enum Rule: Sendable, Equatable {
    case ball(radius: Double)
    case nearest(count: Int)
    /// `count` of the ball's members, chosen by lot: the node itself, and those with the smallest numbers that
    /// `seed` gives the ordered pairs of nodes.
    case sample(radius: Double, count: Int, seed: UInt64)
  }

  let group: any LieGroup.Type
  let rule: Rule
  let alpha: Double
  let frames: [Double]
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (nodes, width) = (c.nodes, c.bodies * c.width(x))
    let (q, y) = (c.value(x), c.value(output))
    var pairs = PairDistances(
      points: c.bodies, dimension: c.width(x), alpha: alpha, frames: frames, samples: c.program.samples)
    for s in 0..<c.systems {
      for k in 0..<width { pairs.q[k] = Double(q[s * width + k]) }
      group.measurePairs(&pairs)
      for i in 0..<nodes {
        let row = y + (s * nodes + i) * nodes
        let distances = pairs.distances[i * nodes..<(i + 1) * nodes]
        let isDefined = distances.allSatisfy { !$0.isNaN }
        row.update(repeating: isDefined ? 0 : T.nan, count: nodes)
        guard isDefined else { continue }
        let members = rule.members(of: i, Array(distances))
        for j in members { row[j] = T(nodes) / T(members.count) }
      }
    }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {}
  func reverse<T: NetworkScalar>(_ c: Context<T>) {}
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {}
}

extension NeighbourMask.Rule {
  /// The neighbours of node i, itself first, from its distances to all nodes.
  func members(of i: Int, _ distances: [Double]) -> [Int] {
    let others = distances.indices.filter { $0 != i }
    switch self {
    case .ball(let radius): return [i] + others.filter { distances[$0] <= radius }
    case .nearest(let count):
      return [i] + others.sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(count - 1)
    case .sample(let radius, let count, let seed):
      func lot(_ j: Int) -> UInt64 {
        var generator = SeededGenerator(seed: seed, path: 0x6E65_6172, UInt64(i), UInt64(j))
        return generator.next()
      }
      let inside = others.filter { distances[$0] <= radius }.map { (lot: lot($0), j: $0) }
      return [i] + inside.sorted { $0 < $1 }.prefix(count - 1).map(\.j)
    }
  }
}

extension Program {
  /// The weights [pair × 1] of the neighbours of each node, with mean 1.
  mutating func neighbourMask(
    _ x: TensorID, group: any LieGroup.Type, rule: NeighbourMask.Rule, alpha: Double, frames: [Double]
  ) -> TensorID {
    append(.pair, 1, from: [x], isLeaf: true) {
      .neighbourMask(
        NeighbourMask(group: group, rule: rule, alpha: alpha, frames: frames, x: x, output: $0))
    }
  }
}
