// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What training may do to a system, anew in each epoch, because its law is the same after it: how a network that has a symmetry
/// only by what it is shown, such as a perceptron of all bodies at once, comes by it.
///
/// Positions, momenta and forces turn together, about the origin.
public enum Augmentation: String, Sendable, CaseIterable {
  /// The bodies in another order, each with its mass and features.
  case permutations
  /// All of it turned, in the plane or in space.
  case rotations

  /// Reads `augment` of a configuration's `training` block, a name or a list of them, for bodies of so many dimensions if they
  /// are known.
  static func read(_ node: ConfigNode, dimension: Int?) throws -> Set<Augmentation> {
    let names = allCases.map(\.rawValue)
    let kinds = Set(
      try (node.isList ? node.items() : [node]).compactMap { Augmentation(rawValue: try $0.choice(names)) })
    if let dimension, let complaint = complaint(about: kinds, dimension: dimension) {
      throw node.error(complaint)
    }
    return kinds
  }

  /// Why bodies of so many dimensions cannot be changed like that; nil where they can.
  static func complaint(about kinds: Set<Augmentation>, dimension: Int) -> String? {
    guard kinds.contains(.rotations), dimension != 2, dimension != 3 else { return nil }
    return
      "rotations turn the plane or space; the bodies live in \(dimension) dimension\(dimension == 1 ? "" : "s")"
  }
}

extension ChunkTensors {
  /// The systems `batch` alone, in that order, each as one of those that the law cannot tell from it. What system i becomes in an
  /// epoch depends on the seed, on i and on the epoch, and on nothing else.
  func augmented(_ batch: [Int], by kinds: Set<Augmentation>, seed: UInt64, epoch: Int) -> ChunkTensors {
    var result = selecting(batch)
    for (index, system) in batch.enumerated() {
      var generator = SeededGenerator(seed: seed, path: 0x6175_676D, UInt64(epoch), UInt64(system))
      if kinds.contains(.permutations) {
        let order = generator.permutation(of: bodies[system])
        result.mapBodies(of: index) { values in
          let width = values.count / order.count
          return order.flatMap { values[$0 * width..<($0 + 1) * width] }
        }
      }
      if kinds.contains(.rotations) {
        let turn = RandomRotation(dimension: dimension, using: &generator)
        result.mapVectors(of: index) { turn($0.map { Double($0) }).map { T($0) } }
      }
    }
    return result
  }
}
