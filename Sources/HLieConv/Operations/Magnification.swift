// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// y = (x, asinh(x/c₁)/asinh(1/c₁), asinh(x/c₂)/asinh(1/c₂), …), all columns of x for each scale in turn: what is small is seen
/// large, and what is large does not run away. Smooth everywhere, and odd, so that signs stay.
struct Magnification: Operation {
  let x: TensorID
  let output: TensorID
  let scales: [Double]
  var inputs: [TensorID] { [x] }

  /// asinh(x/c)/asinh(1/c) with its first two derivatives.
  static func magnify(_ x: Double, _ c: Double) -> (value: Double, slope: Double, curvature: Double) {
    let (unit, root) = (Double.asinh(1 / c), (x * x + c * c).squareRoot())
    return (Double.asinh(x / c) / unit, 1 / (root * unit), -x / (root * root * root * unit))
  }

  /// Calls `body` with the index of x, that of y, and the scale; nil for x itself.
  private func forEach<T: NetworkScalar>(
    _ c: Context<T>, _ body: (_ x: Int, _ y: Int, _ scale: Double?) -> Void
  ) {
    let (rows, width, wide) = (c.rows(output), c.width(x), c.width(output))
    for row in 0..<rows {
      for k in 0..<width { body(row * width + k, row * wide + k, nil) }
      for (index, scale) in scales.enumerated() {
        for k in 0..<width { body(row * width + k, row * wide + (index + 1) * width + k, scale) }
      }
    }
  }

  private func jet<T: NetworkScalar>(
    _ x: T, _ scale: Double?
  ) -> (value: T, slope: T, curvature: T) {
    guard let scale else { return (x, 1, 0) }
    let jet = Self.magnify(Double(x), scale)
    return (T(jet.value), T(jet.slope), T(jet.curvature))
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (x, y) = (c.value(x), c.value(output))
    forEach(c) { i, o, scale in y[o] = jet(x[i], scale).value }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let (x, xdot, ydot) = (c.value(x), c.tangent(x), c.tangent(output))
    forEach(c) { i, o, scale in ydot[o] = jet(x[i], scale).slope * xdot[i] }
  }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (x, ybar, xbar) = (c.value(x), c.cotangent(output), c.cotangent(self.x))
    if !c.addsCotangent(0, self.x) { xbar.update(repeating: 0, count: c.size(self.x)) }
    forEach(c) { i, o, scale in xbar[i] += jet(x[i], scale).slope * ybar[o] }
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let (x, xdot, xbardot) = (c.value(x), c.tangent(x), c.cotangentTangent(self.x))
    let (ybar, ybardot) = (c.cotangent(output), c.cotangentTangent(output))
    if !c.addsCotangent(0, self.x) { xbardot.update(repeating: 0, count: c.size(self.x)) }
    forEach(c) { i, o, scale in
      let jet = jet(x[i], scale)
      xbardot[i] += jet.slope * ybardot[o] + jet.curvature * xdot[i] * ybar[o]
    }
  }
}

extension Program {
  mutating func magnified(_ x: TensorID, scales: [Double]) -> TensorID {
    append(rows(x), width(x) * (1 + scales.count), from: [x]) {
      .magnification(Magnification(x: x, output: $0, scales: scales))
    }
  }
}
