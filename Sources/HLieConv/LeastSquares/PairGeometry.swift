// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// The embedding of single pairs of places with its first and second derivatives.
final class PairGeometry {
  let group: any LieGroup.Type
  let dimension: Int
  /// Numbers of an embedding.
  let width: Int
  /// a(x, y) = a(y, x) for all places, so that one order of the two is enough.
  let isSymmetric: Bool

  // The places are two points of a small system of their own; its pair (0, 1) is the one that is wanted.
  private let places: AlignedMemory<Double>
  private let direction: AlignedMemory<Double>
  private let embeddings: AlignedMemory<Double>
  private let jacobians: AlignedMemory<Double>
  private let tangents: AlignedMemory<Double>
  private let jacobianTangents: AlignedMemory<Double>

  init(_ group: any LieGroup.Type) {
    self.group = group
    dimension = group.spaceDimension
    width = group.embeddingWidth
    let d = group.spaceDimension
    (places, direction) = (AlignedMemory(count: 2 * d), AlignedMemory(count: 2 * d))
    (embeddings, tangents) = (AlignedMemory(count: 4 * width), AlignedMemory(count: 4 * width))
    jacobians = AlignedMemory(count: 4 * width * 2 * d)
    jacobianTangents = AlignedMemory(count: 4 * width * 2 * d)
    isSymmetric = Self.isSymmetric(embeddings.base, places.base, group, d, width, jacobians.base)
  }

  /// Compares both orders of two places in general position, inside the domain of every group.
  private static func isSymmetric(
    _ a: UnsafeMutablePointer<Double>, _ places: UnsafeMutablePointer<Double>, _ group: any LieGroup.Type,
    _ d: Int,
    _ width: Int, _ jacobians: UnsafeMutablePointer<Double>
  ) -> Bool {
    for k in 0..<2 * d { places[k] = 0.37 + 0.29 * Double(k * k) }
    var jets = PairJets(points: 2, dimension: d, width: width, q: places, embedding: a, jacobian: jacobians)
    Double.embedPairs(group, &jets)
    return (0..<width).allSatisfy { a[width + $0] == a[2 * width + $0] }
  }

  /// Makes these the places that `jacobianChange` means.
  func place(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>) {
    places.base.update(from: x, count: dimension)
    (places.base + dimension).update(from: y, count: dimension)
  }

  /// a(x, y) [width] and its derivatives by (x, y) [width × 2d].
  func embed(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, into a: UnsafeMutablePointer<Double>,
    _ jacobian: UnsafeMutablePointer<Double>
  ) {
    let d = dimension
    place(x, y)
    var jets = PairJets(
      points: 2, dimension: d, width: width, q: places.base, embedding: embeddings.base,
      jacobian: jacobians.base)
    jets.firstPoints = 0..<1
    Double.embedPairs(group, &jets)
    a.update(from: embeddings.base + width, count: width)
    jacobian.update(from: jacobians.base + width * 2 * d, count: width * 2 * d)
  }

  /// The change of the Jacobian [width × 2d] of the last pair placed, along coordinate `k` of its 2d.
  func jacobianChange(along k: Int) -> UnsafePointer<Double> {
    let d = dimension
    direction.clear()
    direction.base[k] = 1
    var jets = PairJets(
      points: 2, dimension: d, width: width, q: places.base, direction: direction.base,
      embedding: embeddings.base, jacobian: jacobians.base, tangent: tangents.base,
      jacobianTangent: jacobianTangents.base)
    jets.firstPoints = 0..<1
    Double.embedPairs(group, &jets)
    return UnsafePointer(jacobianTangents.base + width * 2 * d)
  }
}
