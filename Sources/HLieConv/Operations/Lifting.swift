// SPDX-License-Identifier: GPL-3.0-or-later

/// y_(i,k) = x_i for each of the s lifts k of body i: what is known of a body is known of all its lifts.
///
/// It stands in the static part, where only values and cotangents exist.
struct Lifting: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }

  private func spread<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>
  ) {
    let (width, samples) = (c.width(output), c.program.samples)
    for row in 0..<c.rows(output) {
      for k in 0..<width { y[row * width + k] = x[row / samples * width + k] }
    }
  }

  private func gather<T: NetworkScalar>(
    _ c: Context<T>, _ ybar: UnsafePointer<T>, into xbar: UnsafeMutablePointer<T>, add: Bool
  ) {
    let (width, samples) = (c.width(output), c.program.samples)
    if !add { xbar.update(repeating: 0, count: c.size(x)) }
    for row in 0..<c.rows(output) {
      for k in 0..<width { xbar[row / samples * width + k] += ybar[row * width + k] }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { spread(c, c.value(x), into: c.value(output)) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { spread(c, c.tangent(x), into: c.tangent(output)) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    guard c.wantsCotangent(x) else { return }
    gather(c, c.cotangent(output), into: c.cotangent(x), add: c.addsCotangent(0, x))
  }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    guard c.wantsCotangentTangent(x) else { return }
    gather(c, c.cotangentTangent(output), into: c.cotangentTangent(x), add: c.addsCotangent(0, x))
  }
}

extension Program {
  /// The rows of bodies repeated for their lifts.
  mutating func lifted(_ x: TensorID) -> TensorID {
    append(.node, width(x), from: [x]) { .lifting(Lifting(x: x, output: $0)) }
  }
}
