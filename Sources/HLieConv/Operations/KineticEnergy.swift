// SPDX-License-Identifier: GPL-3.0-or-later

/// H_s = V_s + Σ_i ½ e^{g_i} |p_i|² over the bodies of each system: a kinetic energy whose inverse masses e^g are what a network
/// makes of the features, and so positive.
struct KineticEnergy: Operation {
  /// V [system × 1], p [body × dimension], and g [body × 1], which does not depend on the motion.
  let potential: TensorID
  let p: TensorID
  let g: TensorID
  let output: TensorID
  var inputs: [TensorID] { [potential, p, g] }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (V, H) = (c.value(potential), c.value(output))
    for s in 0..<c.systems { H[s] = V[s] }
    forEachBody(c) { body, p, w in H[body / c.bodies] += w * dot(p, p, c) / 2 }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let (V, H, pdot) = (c.tangent(potential), c.tangent(output), c.tangent(p))
    for s in 0..<c.systems { H[s] = V[s] }
    forEachBody(c) { body, p, w in H[body / c.bodies] += w * dot(p, pdot + body * c.width(self.p), c) }
  }

  /// p̄ = H̄ e^g p and ḡ = H̄ ½ e^g |p|².
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (H, pbar) = (c.cotangent(output), c.cotangent(p))
    pass(H, to: c.cotangent(potential), c)
    let (width, adds, gbar) = (c.width(p), c.addsCotangent(1, p), c.wantsCotangent(g) ? c.cotangent(g) : nil)
    forEachBody(c) { body, p, w in
      let h = H[body / c.bodies]
      for k in 0..<width {
        let at = body * width + k
        pbar[at] = h * w * p[k] + (adds ? pbar[at] : 0)
      }
      gbar?[body] += h * w * dot(p, p, c) / 2
    }
  }

  /// p̄̇ = H̄̇ e^g p + H̄ e^g ṗ and ḡ̇ = H̄̇ ½ e^g |p|² + H̄ e^g p·ṗ.
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let (H, Hdot) = (c.cotangent(output), c.cotangentTangent(output))
    let (pdot, pbar, gbar) = (c.tangent(p), c.cotangentTangent(p), c.cotangentTangent(g))
    pass(Hdot, to: c.cotangentTangent(potential), c)
    let (width, adds) = (c.width(p), c.addsCotangent(1, p))
    forEachBody(c) { body, p, w in
      let (h, hdot) = (H[body / c.bodies], Hdot[body / c.bodies])
      for k in 0..<width {
        let at = body * width + k
        pbar[at] = w * (hdot * p[k] + h * pdot[at]) + (adds ? pbar[at] : 0)
      }
      gbar[body] += w * (hdot * dot(p, p, c) / 2 + h * dot(p, pdot + body * width, c))
    }
  }

  private func pass<T: NetworkScalar>(
    _ cotangent: UnsafePointer<T>, to V: UnsafeMutablePointer<T>, _ c: Context<T>
  ) {
    let adds = c.addsCotangent(0, potential)
    for s in 0..<c.systems { V[s] = cotangent[s] + (adds ? V[s] : 0) }
  }

  private func dot<T: NetworkScalar>(_ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ c: Context<T>) -> T {
    (0..<c.width(p)).reduce(0) { $0 + a[$1] * b[$1] }
  }

  /// Calls `body` with each body's momentum and its inverse mass.
  private func forEachBody<T: NetworkScalar>(
    _ c: Context<T>, _ body: (Int, _ p: UnsafePointer<T>, _ inverseMass: T) -> Void
  ) {
    let (p, g, width) = (c.value(self.p), c.value(g), c.width(self.p))
    for row in 0..<c.systems * c.bodies { body(row, p + row * width, T.exp(g[row])) }
  }
}

extension Program {
  /// V with Σ ½ e^g |p|² added.
  mutating func adding(kineticEnergyOf p: TensorID, inverseMasses g: TensorID, to potential: TensorID)
    -> TensorID
  {
    append(.system, 1, from: [potential, p, g]) {
      .kineticEnergy(KineticEnergy(potential: potential, p: p, g: g, output: $0))
    }
  }
}
