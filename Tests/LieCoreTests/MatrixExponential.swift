// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// The slow obvious twin of every group's exp: the motion of a point by exp of the affine vector field
/// x ↦ A x + b, as a Taylor series of the (d+1) × (d+1) matrix, halved until it is short and squared back.
struct MatrixExponential<G: LieGroup> {
  private let size = G.spaceDimension + 1
  private var power: [Double]

  /// The matrix of Σ_k a_k ξ_k, read off the generators at the origin and at the unit points.
  init(_ a: Coordinates<Double>) {
    let d = G.spaceDimension
    power = [Double](repeating: 0, count: (d + 1) * (d + 1))
    for k in 0..<a.count {
      let rest = G.generator(k, at: Coordinates<Double>(count: d))
      for column in 0..<d {
        var unit = Coordinates<Double>(count: d)
        unit[column] = 1
        let moved = G.generator(k, at: unit)
        for row in 0..<d { power[row * (d + 1) + column] += a[k] * (moved[row] - rest[row]) }
      }
      for row in 0..<d { power[row * (d + 1) + d] += a[k] * rest[row] }
    }
    exponentiate()
  }

  private mutating func exponentiate() {
    let halvings = 8
    let matrix = power.map { $0 / 256 }
    var identity = [Double](repeating: 0, count: size * size)
    for k in 0..<size { identity[k * size + k] = 1 }
    // exp(M) − 1 = M (1 + M/2 (1 + M/3 (…))); squared as (1 + E)² − 1 = 2E + E², which keeps small motions.
    var nested = identity
    for k in stride(from: 14, to: 1, by: -1) {
      nested = zip(identity, product(matrix, nested)).map { $0 + $1 / Double(k) }
    }
    var excess = product(matrix, nested)
    for _ in 0..<halvings { excess = zip(excess, product(excess, excess)).map { 2 * $0 + $1 } }
    power = zip(identity, excess).map(+)
  }

  private func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var c = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for j in 0..<size { for k in 0..<size { c[i * size + j] += a[i * size + k] * b[k * size + j] } }
    }
    return c
  }

  func act(on x: Coordinates<Double>) -> Coordinates<Double> {
    var moved = Coordinates<Double>(count: x.count)
    for row in 0..<x.count {
      moved[row] = power[row * size + x.count]
      for column in 0..<x.count { moved[row] = moved[row] + power[row * size + column] * x[column] }
    }
    return moved
  }
}
