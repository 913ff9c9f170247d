// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// a_ij, the group's embedding of all ordered pairs of bodies, or of their lifts.
///
/// The group's code is evaluated on duals, which gives the Jacobian J of each embedding by the two positions, and
/// along a direction its change J̇ (see `PairJets`). Then q̄ += Jᵀ ā and q̄̇ += Jᵀ ā̇ + J̇ᵀ ā.
struct PairEmbedding: Operation {
  let group: any LieGroup.Type
  let positions: TensorID
  let output: TensorID
  /// Rotations [samples × 2 or 4] that choose the lifts of every body; empty for the embedding without fibres.
  let frames: [Double]
  /// 1/r² of a smooth cutoff, whose envelope is then the last column.
  let inverseSquaredCutoff: Double?
  var inputs: [TensorID] { [positions] }

  private func forEachSystem<T: NetworkScalar>(
    _ c: Context<T>, _ body: (_ system: Int, _ q: Int, _ a: Int, _ jacobian: Int) -> Void
  ) {
    let (n, nodes, d, w) = (c.bodies, c.nodes, c.width(positions), c.width(output))
    for s in 0..<c.systems { body(s, s * n * d, s * nodes * nodes * w, s * nodes * nodes * w * 2 * d) }
  }

  /// Has the group fill the jets of each system; with `tangents`, those of the second pass.
  private func embed<T: NetworkScalar>(_ c: Context<T>, tangents: Bool) {
    let (q, a, jacobian) = (c.value(positions), c.value(output), c.workspace.jacobian(output, c.evaluation))
    let second =
      tangents ? (c.tangent(positions), c.tangent(output), c.workspace.jacobianTangent(output)) : nil
    frames.map { T($0) }.withUnsafeBufferPointer { frames in
      forEachSystem(c) { system, qAt, aAt, jAt in
        let own = c.nodePart(of: output, system: system)
        if own.isEmpty { return }
        var jets = PairJets<T>(
          points: c.bodies, dimension: c.width(positions), width: c.width(output), q: q + qAt,
          embedding: a + aAt, jacobian: jacobian + jAt)
        if let (qdot, adot, jdot) = second {
          jets.direction = UnsafePointer(qdot + qAt)
          jets.tangent = adot + aAt
          jets.jacobianTangent = jdot + jAt
        }
        if !frames.isEmpty {
          jets.frames = frames.baseAddress
          jets.samples = c.program.samples
        }
        jets.firstPoints = own
        jets.inverseSquaredCutoff = inverseSquaredCutoff.map { T($0) }
        T.embedPairs(group, &jets)
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { embed(c, tangents: false) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { embed(c, tangents: true) }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (qbar, abar) = (c.cotangent(positions), c.cotangent(output))
    if !c.addsCotangent(0, positions) { qbar.update(repeating: 0, count: c.size(positions)) }
    pullBack(c, c.workspace.jacobian(output, c.evaluation), abar, into: qbar)
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let qbardot = c.cotangentTangent(positions)
    if !c.addsCotangent(0, positions) { qbardot.update(repeating: 0, count: c.size(positions)) }
    pullBack(c, c.workspace.jacobian(output, c.evaluation), c.cotangentTangent(output), into: qbardot)
    pullBack(c, c.workspace.jacobianTangent(output), c.cotangent(output), into: qbardot)
  }

  /// q̄ += Jᵀ ā, pair by pair.
  private func pullBack<T: NetworkScalar>(
    _ c: Context<T>, _ jacobian: UnsafePointer<T>, _ abar: UnsafePointer<T>,
    into qbar: UnsafeMutablePointer<T>
  ) {
    let (nodes, samples) = (c.nodes, c.program.samples)
    let (d, width) = (c.width(positions), c.width(output))
    forEachSystem(c) { _, qAt, aAt, jAt in
      for a in 0..<nodes {
        for b in 0..<nodes {
          let (i, j, pair) = (a / samples, b / samples, a * nodes + b)
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

extension PairEmbedding {
  /// Of the reverse pass, which sums over the pairs of a body, one member does all.
  func sharing(in program: Program) -> Sharing {
    Sharing(output: .rows, reads: [nil], readsCotangent: .alone, cotangents: [.alone])
  }
}

extension Program {
  /// The embedding of all pairs of nodes: without fibres, or of the lifts that `frames` choose. A cutoff adds a
  /// column.
  mutating func pairEmbedding(
    _ positions: TensorID, group: any LieGroup.Type, frames: [Double] = [], cutoff: Double? = nil
  ) -> TensorID {
    let width = frames.isEmpty ? group.embeddingWidth : group.fibreWidth
    return append(.pair, width + (cutoff == nil ? 0 : 1), from: [positions]) {
      .embedding(
        PairEmbedding(
          group: group, positions: positions, output: $0, frames: frames,
          inverseSquaredCutoff: cutoff.map { 1 / ($0 * $0) }))
    }
  }

  /// Numbers of J per pair of an embedding with this output, width × 2d; 0 for any other tensor.
  func jacobianWidth(of output: TensorID) -> Int {
    for case .embedding(let embedding) in operations where embedding.output == output {
      return width(output) * 2 * width(embedding.positions)
    }
    return 0
  }

  /// Numbers of J per pair of all embeddings together.
  var jacobianWidth: Int {
    tensors.indices.reduce(0) { $0 + jacobianWidth(of: TensorID(index: $1)) }
  }
}
