// SPDX-License-Identifier: GPL-3.0-or-later

/// y_ij = (x_j, x_i): what a pair is told of the node that it comes from and of the one that it goes to. Linear, so that
/// tangents take the way of values.
struct PairEnds: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  /// Calls `body` for each pair with the places of x_j, x_i and y_ij.
  private func forEachPair<T: NetworkScalar>(
    _ c: Context<T>, _ body: (_ sender: Int, _ receiver: Int, _ pair: Int) -> Void
  ) {
    let (n, width) = (c.nodes, c.width(x))
    for s in 0..<c.systems {
      for i in s * n..<(s + 1) * n {
        for j in 0..<n { body((s * n + j) * width, i * width, (i * n + j) * 2 * width) }
      }
    }
  }

  private func gather<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>
  ) {
    let width = c.width(self.x)
    forEachPair(c) { sender, receiver, pair in
      (y + pair).update(from: x + sender, count: width)
      (y + pair + width).update(from: x + receiver, count: width)
    }
  }

  /// x̄_j += ȳ_ij's first half, x̄_i += its second.
  private func scatter<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafePointer<T>, into xbar: UnsafeMutablePointer<T>
  ) {
    let width = c.width(x)
    if !c.addsCotangent(0, x) { xbar.update(repeating: 0, count: c.size(x)) }
    forEachPair(c) { sender, receiver, pair in
      for k in 0..<width {
        xbar[sender + k] += ybar[pair + k]
        xbar[receiver + k] += ybar[pair + width + k]
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { gather(c, c.value(x), into: c.value(output)) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { gather(c, c.tangent(x), into: c.tangent(output)) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) { scatter(c, c.cotangent(output), into: c.cotangent(x)) }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    scatter(c, c.cotangentTangent(output), into: c.cotangentTangent(x))
  }
}

extension Program {
  /// The features of both ends of all ordered pairs of nodes, each with itself included.
  mutating func pairEnds(_ x: TensorID) -> TensorID {
    append(.pair, 2 * width(x), from: [x]) { .pairEnds(PairEnds(x: x, output: $0)) }
  }
}
