// SPDX-License-Identifier: GPL-3.0-or-later

/// y_ij = m_ij w_ij: the kernel's outputs times the weight of each pair. Bilinear.
struct PairWeighting: Operation {
  let w: TensorID
  let m: TensorID
  let output: TensorID
  var inputs: [TensorID] { [w, m] }

  /// y (+)= m w.
  private func scale<T: NetworkScalar>(
    _ c: Context<T>, _ m: UnsafePointer<T>, _ w: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, add: Bool
  ) {
    let width = c.width(output)
    for row in 0..<c.rows(output) {
      for k in 0..<width {
        y[row * width + k] = m[row] * w[row * width + k] + (add ? y[row * width + k] : 0)
      }
    }
  }

  /// m̄ (+)= Σ_k ȳ w.
  private func contract<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafePointer<T>, _ w: UnsafePointer<T>, into mbar: UnsafeMutablePointer<T>,
    add: Bool
  ) {
    let width = c.width(output)
    for row in 0..<c.rows(output) {
      var sum: T = 0
      for k in 0..<width { sum += ybar[row * width + k] * w[row * width + k] }
      mbar[row] = sum + (add ? mbar[row] : 0)
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    scale(c, c.value(m), c.value(w), into: c.value(output), add: false)
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    scale(c, c.value(m), c.tangent(w), into: c.tangent(output), add: false)
    if !c.isLeaf(m) { scale(c, c.tangent(m), c.value(w), into: c.tangent(output), add: true) }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    scale(c, c.value(m), c.cotangent(output), into: c.cotangent(w), add: c.addsCotangent(0, w))
    if c.wantsCotangent(m) {
      contract(c, c.cotangent(output), c.value(w), into: c.cotangent(m), add: c.addsCotangent(1, m))
    }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let (ybar, ybardot, wbardot) = (c.cotangent(output), c.cotangentTangent(output), c.cotangentTangent(w))
    scale(c, c.value(m), ybardot, into: wbardot, add: c.addsCotangent(0, w))
    guard c.wantsCotangentTangent(m) else { return }
    scale(c, c.tangent(m), ybar, into: wbardot, add: true)
    let mbardot = c.cotangentTangent(m)
    contract(c, ybardot, c.value(w), into: mbardot, add: c.addsCotangent(1, m))
    contract(c, ybar, c.tangent(w), into: mbardot, add: true)
  }
}

extension Program {
  mutating func weighted(_ w: TensorID, by m: TensorID) -> TensorID {
    append(.pair, width(w), from: [w, m]) { .weighting(PairWeighting(w: w, m: m, output: $0)) }
  }
}
