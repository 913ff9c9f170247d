// SPDX-License-Identifier: GPL-3.0-or-later

/// y = x σ(x), entry by entry.
struct Swish: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  func forward<T: NetworkScalar>(_ c: Context<T>) { T.swish(c.size(x), c.value(x), c.value(output)) }

  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    guard c.wantsCotangent(x) else { return }
    T.swishReverse(
      c.size(x), c.value(x), ybar: c.cotangent(output), xbar: c.cotangent(x), add: c.addsCotangent(0, x))
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    T.swishTangent(c.size(x), c.value(x), xdot: c.tangent(x), ydot: c.tangent(output))
  }

  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    T.swishTangentReverse(
      c.size(x), c.value(x), xdot: c.tangent(x), ybar: c.cotangent(output),
      ybardot: c.cotangentTangent(output),
      xbardot: c.cotangentTangent(x), add: c.addsCotangent(0, x))
  }
}

extension Program {
  mutating func swish(_ x: TensorID) -> TensorID {
    append(rows(x), width(x), from: [x]) { .swish(Swish(x: x, output: $0)) }
  }
}
