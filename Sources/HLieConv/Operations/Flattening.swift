// SPDX-License-Identifier: GPL-3.0-or-later

/// y = (x₁, …, x_n): the rows of a system's bodies as one row, for networks made for so many bodies. The numbers lie in
/// the same order in both, so that all four passes copy.
struct Flattening: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  private func passBack<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafePointer<T>, to xbar: UnsafeMutablePointer<T>
  ) {
    if c.addsCotangent(0, x) {
      T.accumulate(c.size(x), ybar, to: xbar)
    } else {
      xbar.update(from: ybar, count: c.size(x))
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    c.value(output).update(from: c.value(x), count: c.size(x))
  }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    c.tangent(output).update(from: c.tangent(x), count: c.size(x))
  }
  func reverse<T: NetworkScalar>(_ c: Context<T>) { passBack(c, c.cotangent(output), to: c.cotangent(x)) }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    passBack(c, c.cotangentTangent(output), to: c.cotangentTangent(x))
  }
}

extension Program {
  /// The rows of `bodies` bodies as one row per system; tiles must then have as many.
  mutating func flattened(_ x: TensorID, bodies: Int) -> TensorID {
    append(.system, bodies * width(x), from: [x]) { .flattening(Flattening(x: x, output: $0)) }
  }
}
