// SPDX-License-Identifier: GPL-3.0-or-later

/// y_i = m_i (1 + x_i/10), row by row, where m is the first of the bodies' features: whatever small values a network begins
/// with, all bodies begin as nearly alike, and of the same sign.
struct MassWeighting: Operation {
  let x: TensorID
  let output: TensorID
  var inputs: [TensorID] { [x] }
  /// dy/dx per mass.
  static let slope = 0.1

  private func weigh<T: NetworkScalar>(
    _ c: Context<T>, _ x: UnsafePointer<T>, into y: UnsafeMutablePointer<T>, from constant: T = 0,
    add: Bool = false
  ) {
    let (features, width) = (c.value(c.program.features), c.width(output))
    let slope = T(Self.slope)
    let (columns, samples) = (c.width(c.program.features), c.program.samples)
    for row in 0..<c.rows(output) {
      // A body's lifts follow each other.
      let mass = features[row / samples * columns]
      for at in row * width..<(row + 1) * width {
        y[at] = mass * (constant + slope * x[at]) + (add ? y[at] : 0)
      }
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) { weigh(c, c.value(x), into: c.value(output), from: 1) }
  func tangentForward<T: NetworkScalar>(_ c: Context<T>) { weigh(c, c.tangent(x), into: c.tangent(output)) }
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    if !c.wantsCotangent(x) { return }
    weigh(c, c.cotangent(output), into: c.cotangent(x), add: c.addsCotangent(0, x))
  }
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    if !c.wantsCotangentTangent(x) { return }
    weigh(c, c.cotangentTangent(output), into: c.cotangentTangent(x), add: c.addsCotangent(0, x))
  }
}

extension Program {
  /// Charges of bodies or their lifts from what tells the charges per mass apart.
  mutating func massWeighted(_ x: TensorID) -> TensorID {
    append(rows(x), width(x), from: [x]) { .massWeighting(MassWeighting(x: x, output: $0)) }
  }
}
