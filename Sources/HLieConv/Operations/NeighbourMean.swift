// SPDX-License-Identifier: GPL-3.0-or-later

/// y_ij = N m_ij / M_i with M_i = Σ_j m_ij: smooth weights of a node's neighbours, made so that their mean is 1.
///
/// Weights that are all equal become exactly 1. M_i ≥ 1, since a node is its own neighbour with m_ii = 1.
struct NeighbourMean: Operation {
  let m: TensorID
  let output: TensorID
  var inputs: [TensorID] { [m] }

  /// Calls `body` for each node with the range of its pairs and M_i.
  private func forEachNode<T: NetworkScalar>(_ c: Context<T>, _ body: (Range<Int>, T) -> Void) {
    let (m, nodes) = (c.value(m), c.nodes)
    for node in 0..<c.systems * nodes {
      let pairs = node * nodes..<(node + 1) * nodes
      var total: T = 0
      for pair in pairs { total += m[pair] }
      body(pairs, total)
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (m, y, count) = (c.value(m), c.value(output), T(c.nodes))
    forEachNode(c) { pairs, total in
      for pair in pairs { y[pair] = count * m[pair] / total }
    }
  }

  /// ẏ_ij = (N ṁ_ij − y_ij Ṁ_i)/M_i.
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let (mdot, y, ydot, count) = (c.tangent(m), c.value(output), c.tangent(output), T(c.nodes))
    forEachNode(c) { pairs, total in
      var change: T = 0
      for pair in pairs { change += mdot[pair] }
      for pair in pairs { ydot[pair] = (count * mdot[pair] - y[pair] * change) / total }
    }
  }

  /// m̄_ij = (N ȳ_ij − Σ_k ȳ_ik y_ik)/M_i.
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (y, ybar, mbar, count) = (c.value(output), c.cotangent(output), c.cotangent(m), T(c.nodes))
    let add = c.addsCotangent(0, m)
    forEachNode(c) { pairs, total in
      var along: T = 0
      for pair in pairs { along += ybar[pair] * y[pair] }
      for pair in pairs { mbar[pair] = (count * ybar[pair] - along) / total + (add ? mbar[pair] : 0) }
    }
  }

  /// m̄̇_ij = (N ȳ̇_ij − Σ_k (ȳ̇_ik y_ik + ȳ_ik ẏ_ik) − m̄_ij Ṁ_i)/M_i.
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let (y, ydot, mdot, count) = (c.value(output), c.tangent(output), c.tangent(m), T(c.nodes))
    let (ybar, ybardot, mbardot) = (c.cotangent(output), c.cotangentTangent(output), c.cotangentTangent(m))
    let add = c.addsCotangent(0, m)
    forEachNode(c) { pairs, total in
      var (along, alongDot, change): (T, T, T) = (0, 0, 0)
      for pair in pairs {
        along += ybar[pair] * y[pair]
        alongDot += ybardot[pair] * y[pair] + ybar[pair] * ydot[pair]
        change += mdot[pair]
      }
      for pair in pairs {
        let mbar = (count * ybar[pair] - along) / total
        mbardot[pair] =
          (count * ybardot[pair] - alongDot - mbar * change) / total + (add ? mbardot[pair] : 0)
      }
    }
  }
}

extension Program {
  /// Weights of pairs [pair × 1] with mean 1 over the neighbours of each node.
  mutating func neighbourMean(_ m: TensorID) -> TensorID {
    append(.pair, 1, from: [m]) { .neighbourMean(NeighbourMean(m: m, output: $0)) }
  }
}
