// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// a_ij = (log(u_j⁻¹ u_i), q_i, q_j) of all ordered pairs of a system: all that a network sees of the geometry.
///
/// The group's code is evaluated on duals, which gives the Jacobian J of each embedding by the two positions, and
/// along a direction its change J̇ (see `PairJets`). Then q̄ += Jᵀ ā and q̄̇ += Jᵀ ā̇ + J̇ᵀ ā.
struct PairEmbedding: Operation {
  let group: any LieGroup.Type
  let positions: TensorID
  let output: TensorID
  var inputs: [TensorID] { [positions] }

  private func forEachSystem<T: NetworkScalar>(
    _ c: Context<T>, _ body: (_ q: Int, _ a: Int, _ jacobian: Int) -> Void
  ) {
    let (n, d, w) = (c.bodies, c.width(positions), c.width(output))
    for s in 0..<c.systems { body(s * n * d, s * n * n * w, s * n * n * w * 2 * d) }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (q, a, jacobian) = (c.value(positions), c.value(output), c.workspace.jacobian(c.evaluation))
    forEachSystem(c) { qAt, aAt, jAt in
      var jets = PairJets<T>(
        points: c.bodies, dimension: c.width(positions), width: c.width(output), q: q + qAt,
        embedding: a + aAt,
        jacobian: jacobian + jAt)
      T.embedPairs(group, &jets)
    }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let (q, qdot, adot) = (c.value(positions), c.tangent(positions), c.tangent(output))
    let (a, jacobian) = (c.value(output), c.workspace.jacobian(c.evaluation))
    let jdot = c.workspace.jacobianTangent()
    forEachSystem(c) { qAt, aAt, jAt in
      var jets = PairJets<T>(
        points: c.bodies, dimension: c.width(positions), width: c.width(output), q: q + qAt,
        direction: qdot + qAt, embedding: a + aAt, jacobian: jacobian + jAt, tangent: adot + aAt,
        jacobianTangent: jdot + jAt)
      T.embedPairs(group, &jets)
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (qbar, abar) = (c.cotangent(positions), c.cotangent(output))
    if !c.addsCotangent(0, positions) { qbar.update(repeating: 0, count: c.size(positions)) }
    pullBack(c, c.workspace.jacobian(c.evaluation), abar, into: qbar)
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let qbardot = c.cotangentTangent(positions)
    if !c.addsCotangent(0, positions) { qbardot.update(repeating: 0, count: c.size(positions)) }
    pullBack(c, c.workspace.jacobian(c.evaluation), c.cotangentTangent(output), into: qbardot)
    pullBack(c, c.workspace.jacobianTangent(), c.cotangent(output), into: qbardot)
  }

  /// q̄ += Jᵀ ā, pair by pair.
  private func pullBack<T: NetworkScalar>(
    _ c: Context<T>, _ jacobian: UnsafePointer<T>, _ abar: UnsafePointer<T>,
    into qbar: UnsafeMutablePointer<T>
  ) {
    let (n, d, width) = (c.bodies, c.width(positions), c.width(output))
    forEachSystem(c) { qAt, aAt, jAt in
      for i in 0..<n {
        for j in 0..<n {
          let pair = i * n + j
          for k in 0..<width {
            let entry = abar[aAt + pair * width + k]
            let row = jacobian + (jAt + (pair * width + k) * 2 * d)
            for axis in 0..<d {
              qbar[qAt + i * d + axis] += row[axis] * entry
              qbar[qAt + j * d + axis] += row[d + axis] * entry
            }
          }
        }
      }
    }
  }
}

extension Program {
  mutating func pairEmbedding(_ positions: TensorID, group: any LieGroup.Type) -> TensorID {
    append(.pair, group.embeddingWidth, from: [positions]) {
      .embedding(PairEmbedding(group: group, positions: positions, output: $0))
    }
  }

  /// Numbers of J per pair of the program's one embedding: width × 2d.
  var jacobianWidth: Int {
    operations.reduce(0) { widest, operation in
      guard case .embedding(let embedding) = operation else { return widest }
      return max(widest, width(embedding.output) * 2 * width(embedding.positions))
    }
  }
}
