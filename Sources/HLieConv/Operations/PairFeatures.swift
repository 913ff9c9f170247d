// SPDX-License-Identifier: GPL-3.0-or-later

/// y_ab = (x_a + x_b)/√2 for all ordered pairs of nodes: what the two ends of a pair are, in no order.
///
/// The root keeps the variance of independent ends. It is for inputs that nothing is learned of, such as features.
struct PairFeatures: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (nodes, width, samples) = (c.nodes, c.width(output), c.program.samples)
    let (x, y) = (c.value(x), c.value(output))
    let scale = T(0.5).squareRoot()
    for s in 0..<c.systems {
      for a in 0..<nodes {
        for b in 0..<nodes {
          let (i, j) = (s * c.bodies + a / samples, s * c.bodies + b / samples)
          let row = ((s * nodes + a) * nodes + b) * width
          for k in 0..<width { y[row + k] = (x[i * width + k] + x[j * width + k]) * scale }
        }
      }
    }
  }

  // Neither its input nor its output moves, and nobody asks for their cotangents.
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {}
  func reverse<T: NetworkScalar>(_ c: Context<T>) {}
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {}
}

extension Program {
  /// The sums of the two ends' features, for features [body × width] that nothing is learned of.
  mutating func pairFeatures(_ features: TensorID) -> TensorID {
    append(.pair, width(features), from: [features], isLeaf: true) {
      .pairFeatures(PairFeatures(x: features, output: $0))
    }
  }
}
