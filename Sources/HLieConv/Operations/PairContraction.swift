// SPDX-License-Identifier: GPL-3.0-or-later

/// LieConv's sum over neighbours: y_i[c, m] = Σ_j u_j[c] w_ij[m], flattened to c·M + m
/// (PointConv's form, Wu, Qi & Fuxin 2019, used by Finzi et al. 2020, appendix D).
///
/// It is bilinear, so that its four passes are three kernels: forward, and reverse by u and by w.
struct PairContraction: Operation {
  let u: TensorID
  let w: TensorID
  let output: TensorID
  var inputs: [TensorID] { [u, w] }

  /// Calls `body` for each system of the tile, with the offsets of its u, w and y.
  private func forEachSystem<T: NetworkScalar>(
    _ c: Context<T>, _ body: (ContractionShape, _ u: Int, _ w: Int, _ y: Int) -> Void
  ) {
    let shape = ContractionShape(n: c.nodes, c: c.width(u), m: c.width(w))
    let (uSize, wSize) = (shape.n * shape.c, shape.n * shape.n * shape.m)
    for s in 0..<c.systems { body(shape, s * uSize, s * wSize, s * uSize * shape.m) }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (uv, wv, y) = (c.value(u), c.value(w), c.value(output))
    forEachSystem(c) { shape, u, w, at in T.contract(shape, uv + u, wv + w, y + at, add: false) }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    // ẏ = (u, ẇ) + (u̇, w).
    let (uv, wv, wdot, ydot) = (c.value(u), c.value(w), c.tangent(w), c.tangent(output))
    let udot = c.isStatic(u) ? nil : c.tangent(u)
    forEachSystem(c) { shape, u, w, y in
      T.contract(shape, uv + u, wdot + w, ydot + y, add: false)
      if let udot { T.contract(shape, udot + u, wv + w, ydot + y, add: true) }
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (uv, wv, ybar) = (c.value(u), c.value(w), c.cotangent(output))
    let ubar = c.wantsCotangent(u) ? c.cotangent(u) : nil
    let wbar = c.wantsCotangent(w) ? c.cotangent(w) : nil
    let (addU, addW) = (c.addsCotangent(0, u), c.addsCotangent(1, w))
    forEachSystem(c) { shape, u, w, y in
      if let ubar { T.contractReverseU(shape, ybar: ybar + y, w: wv + w, ubar: ubar + u, add: addU) }
      if let wbar { T.contractReverseW(shape, u: uv + u, ybar: ybar + y, wbar: wbar + w, add: addW) }
    }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    // ū̇ = (ȳ̇, w) + (ȳ, ẇ), w̄̇ = (u, ȳ̇) + (u̇, ȳ).
    let (uv, wv, wdot) = (c.value(u), c.value(w), c.tangent(w))
    let (ybar, ybardot) = (c.cotangent(output), c.cotangentTangent(output))
    let (ubardot, wbardot) = (c.cotangentTangent(u), c.cotangentTangent(w))
    let udot = c.isStatic(u) ? nil : c.tangent(u)
    let (addU, addW) = (c.addsCotangent(0, u), c.addsCotangent(1, w))
    forEachSystem(c) { shape, u, w, y in
      T.contractReverseU(shape, ybar: ybardot + y, w: wv + w, ubar: ubardot + u, add: addU)
      T.contractReverseU(shape, ybar: ybar + y, w: wdot + w, ubar: ubardot + u, add: true)
      T.contractReverseW(shape, u: uv + u, ybar: ybardot + y, wbar: wbardot + w, add: addW)
      if let udot {
        T.contractReverseW(shape, u: udot + u, ybar: ybar + y, wbar: wbardot + w, add: true)
      }
    }
  }
}

extension Program {
  mutating func contraction(_ u: TensorID, _ w: TensorID) -> TensorID {
    append(.node, width(u) * width(w), from: [u, w]) { .contraction(PairContraction(u: u, w: w, output: $0)) }
  }
}
