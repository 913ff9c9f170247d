// SPDX-License-Identifier: GPL-3.0-or-later

/// y_i = Σ_j x_ij: what the pairs tell a node, summed. Linear, so that tangents take the way of values.
struct PairSum: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  private func sum<T: NetworkScalar>(_ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>)
  {
    let (n, width) = (c.nodes, c.width(output))
    y.update(repeating: 0, count: c.size(output))
    for pair in 0..<c.rows(self.x) { T.accumulate(width, x + pair * width, to: y + pair / n * width) }
  }

  private func spread<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafePointer<T>, into xbar: UnsafeMutablePointer<T>
  ) {
    let (n, width, add) = (c.nodes, c.width(output), c.addsCotangent(0, x))
    for pair in 0..<c.rows(x) {
      let (from, to) = (ybar + pair / n * width, xbar + pair * width)
      if add { T.accumulate(width, from, to: to) } else { to.update(from: from, count: width) }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { sum(c, c.value(x), into: c.value(output)) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { sum(c, c.tangent(x), into: c.tangent(output)) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) { spread(c, c.cotangent(output), into: c.cotangent(x)) }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    spread(c, c.cotangentTangent(output), into: c.cotangentTangent(x))
  }
}

extension Program {
  /// The sums of pairs over their second nodes, one row per node.
  mutating func pairSum(_ x: TensorID) -> TensorID {
    append(.node, width(x), from: [x]) { .pairSum(PairSum(x: x, output: $0)) }
  }
}
