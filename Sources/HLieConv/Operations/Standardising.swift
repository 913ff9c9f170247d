// SPDX-License-Identifier: GPL-3.0-or-later

/// y = (x − shift) ⊙ factor, column by column, with constants that statistics of the training data gave.
struct Standardising: Operation {
  let x: TensorID
  let output: TensorID
  let shift: [Double]
  let factor: [Double]
  var inputs: [TensorID] { [x] }

  private func scale<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, shifting: Bool, add: Bool = false
  ) {
    let (rows, width) = (c.rows(output), c.width(output))
    for k in 0..<width {
      let (shift, factor) = (shifting ? T(shift[k]) : 0, T(factor[k]))
      for row in 0..<rows {
        let at = row * width + k
        y[at] = (x[at] - shift) * factor + (add ? y[at] : 0)
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    scale(c, c.value(x), into: c.value(output), shifting: true)
  }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    scale(c, c.tangent(x), into: c.tangent(output), shifting: false)
  }
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    if !c.wantsCotangent(x) { return }
    scale(c, c.cotangent(output), into: c.cotangent(x), shifting: false, add: c.addsCotangent(0, x))
  }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    if !c.wantsCotangentTangent(x) { return }
    scale(
      c, c.cotangentTangent(output), into: c.cotangentTangent(x), shifting: false, add: c.addsCotangent(0, x))
  }
}

extension Program {
  /// (x − shift) ⊙ factor; `shift` nil for none.
  mutating func standardised(_ x: TensorID, shift: [Double]? = nil, factor: [Double]) -> TensorID {
    append(rows(x), width(x), from: [x], isLeaf: isLeaf(x)) {
      .standardising(
        Standardising(
          x: x, output: $0, shift: shift ?? [Double](repeating: 0, count: factor.count), factor: factor))
    }
  }
}
