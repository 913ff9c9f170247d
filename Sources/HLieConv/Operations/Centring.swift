// SPDX-License-Identifier: GPL-3.0-or-later

/// y_i = x_i − (1/n) Σ_j x_j for each system: an orthogonal projection, so that it is its own transpose and all
/// four passes are the same.
struct Centring: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  private func centre<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, add: Bool = false
  ) {
    let (n, width) = (c.bodies, c.width(output))
    for s in 0..<c.systems {
      for k in 0..<width {
        let start = s * n * width + k
        var total: T = 0
        for i in 0..<n { total += x[start + i * width] }
        let mean = total / T(n)
        for i in 0..<n {
          let at = start + i * width
          y[at] = x[at] - mean + (add ? y[at] : 0)
        }
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { centre(c, c.value(x), into: c.value(output)) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { centre(c, c.tangent(x), into: c.tangent(output)) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    centre(c, c.cotangent(output), into: c.cotangent(x), add: c.addsCotangent(0, x))
  }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    centre(c, c.cotangentTangent(output), into: c.cotangentTangent(x), add: c.addsCotangent(0, x))
  }
}

extension Program {
  mutating func centred(_ x: TensorID) -> TensorID {
    append(rows(x), width(x), from: [x]) { .centring(Centring(x: x, output: $0)) }
  }
}
