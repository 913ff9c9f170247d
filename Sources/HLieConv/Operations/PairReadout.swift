// SPDX-License-Identifier: GPL-3.0-or-later

/// The energy of every node as an inner product with the nodes around it, seen through the pairs' kernels:
///
///     v_a = s Σ_b Σ_c u_ac g_abc u_bc,
///
/// over the nodes b of other bodies. Pooled by sums and with s = E/(2√C · samples), V = E/√C Σ_{i<j} Σ_c u_ic g_ijc u_jc
/// where g_ij = g_ji: what an inner product of convolved features with features is, for kernels g.
struct PairReadout: Operation {
  /// u [node × C].
  let u: TensorID
  /// g [pair × C].
  let g: TensorID
  /// v [node × 1].
  let output: TensorID
  /// s.
  let scale: Double
  var inputs: [TensorID] { [u, g] }

  /// Calls `body` for all pairs of different bodies with the rows of a, of b, of (a, b) and of (b, a).
  private func forEachPair<T: NetworkScalar>(
    _ c: Context<T>, _ body: (_ a: Int, _ b: Int, _ ab: Int, _ ba: Int) -> Void
  ) {
    let (nodes, samples) = (c.nodes, c.program.samples)
    for s in 0..<c.systems {
      for a in 0..<nodes {
        for b in 0..<nodes where a / samples != b / samples {
          body(
            s * nodes + a, s * nodes + b, (s * nodes + a) * nodes + b, (s * nodes + b) * nodes + a)
        }
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (u, g, v, C) = (c.value(u), c.value(g), c.value(output), c.width(g))
    let scale = T(scale)
    v.update(repeating: 0, count: c.rows(output))
    forEachPair(c) { a, b, ab, _ in
      var sum: T = 0
      for k in 0..<C { sum += u[a * C + k] * g[ab * C + k] * u[b * C + k] }
      v[a] += scale * sum
    }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let (C, scale) = (c.width(g), T(scale))
    let (u, g, gdot, vdot) = (c.value(u), c.value(g), c.tangent(g), c.tangent(output))
    let udot = c.isStatic(self.u) ? nil : c.tangent(self.u)
    vdot.update(repeating: 0, count: c.rows(output))
    forEachPair(c) { a, b, ab, _ in
      var sum: T = 0
      for k in 0..<C { sum += u[a * C + k] * gdot[ab * C + k] * u[b * C + k] }
      if let udot {
        for k in 0..<C {
          sum += (udot[a * C + k] * u[b * C + k] + u[a * C + k] * udot[b * C + k]) * g[ab * C + k]
        }
      }
      vdot[a] += scale * sum
    }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (C, scale) = (c.width(g), T(scale))
    let (u, g, vbar) = (c.value(u), c.value(g), c.cotangent(output))
    let ubar = prepare(c, self.u, 0, c.wantsCotangent(self.u), c.cotangent)
    let gbar = prepare(c, self.g, 1, c.wantsCotangent(self.g), c.cotangent)
    forEachPair(c) { a, b, ab, ba in
      let (va, vb) = (scale * vbar[a], scale * vbar[b])
      if let gbar { for k in 0..<C { gbar[ab * C + k] += va * u[a * C + k] * u[b * C + k] } }
      if let ubar {
        // Of v_a through (a, b), and of v_b through (b, a).
        for k in 0..<C { ubar[a * C + k] += (va * g[ab * C + k] + vb * g[ba * C + k]) * u[b * C + k] }
      }
    }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let (C, scale) = (c.width(g), T(scale))
    let (u, g, gdot) = (c.value(u), c.value(g), c.tangent(g))
    let (vbar, vbardot) = (c.cotangent(output), c.cotangentTangent(output))
    let udot = c.isStatic(self.u) ? nil : c.tangent(self.u)
    let ubardot = prepare(c, self.u, 0, c.wantsCotangentTangent(self.u), c.cotangentTangent)
    let gbardot = prepare(c, self.g, 1, c.wantsCotangentTangent(self.g), c.cotangentTangent)
    forEachPair(c) { a, b, ab, ba in
      let (va, vb, vadot, vbdot) = (
        scale * vbar[a], scale * vbar[b], scale * vbardot[a], scale * vbardot[b]
      )
      for k in 0..<C {
        let (A, B, AB, BA) = (a * C + k, b * C + k, ab * C + k, ba * C + k)
        var product = vadot * u[A] * u[B]
        if let udot { product += va * (udot[A] * u[B] + u[A] * udot[B]) }
        if let gbardot { gbardot[AB] += product }
        if let ubardot {
          var rate = (vadot * g[AB] + va * gdot[AB] + vbdot * g[BA] + vb * gdot[BA]) * u[B]
          if let udot { rate += (va * g[AB] + vb * g[BA]) * udot[B] }
          ubardot[A] += rate
        }
      }
    }
  }

  /// The memory of an input's derivative, cleared unless something is to be added to.
  private func prepare<T: NetworkScalar>(
    _ c: Context<T>, _ input: TensorID, _ index: Int, _ isWanted: Bool,
    _ memory: (TensorID) -> UnsafeMutablePointer<T>
  ) -> UnsafeMutablePointer<T>? {
    guard isWanted else { return nil }
    let derivative = memory(input)
    if !c.addsCotangent(index, input) { derivative.update(repeating: 0, count: c.size(input)) }
    return derivative
  }
}

extension Program {
  /// The energies of the nodes by their products u_a g_ab u_b, E/√C Σ_{i<j} in all.
  mutating func pairReadout(_ u: TensorID, _ g: TensorID, energy: Double) -> TensorID {
    let scale = energy / (2 * Double(width(g)).squareRoot() * Double(samples))
    return append(.node, 1, from: [u, g]) {
      .pairReadout(PairReadout(u: u, g: g, output: $0, scale: scale))
    }
  }
}
