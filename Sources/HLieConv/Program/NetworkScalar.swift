// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// The number type of a network, Float or Double, with the kernels that run on it.
///
/// Its two conformances are all that calls the C kernels. Pointers come from `Workspace`, whose sizes are
/// derived from the same `Program` as the counts given here.
public protocol NetworkScalar: PanelScalar, LieScalar {
  /// How a configuration spells it: "float32".
  static var precisionName: String { get }

  /// See `Product`.
  static func multiply(
    _ product: Product<Self>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ second: (a: UnsafePointer<Self>, b: UnsafePointer<Self>)?, _ c: UnsafeMutablePointer<Self>)
  /// C [m × n] ← α (A Bᵀ + A₂ B₂ᵀ) (+ C) for row-major A [m × k] and B [n × k].
  static func multiplyTransposed(
    m: Int, n: Int, k: Int, alpha: Self, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    and second: (a: UnsafePointer<Self>, b: UnsafePointer<Self>)?, add: Bool,
    _ c: UnsafeMutablePointer<Self>)
  /// The panels of a matrix whose entry (i, j) lies at i · rowStride + j · columnStride.
  static func pack(
    rows: Int, columns: Int, _ b: UnsafePointer<Self>, rowStride: Int, columnStride: Int,
    into panels: UnsafeMutablePointer<Self>)
  /// sums_j ← sums_j + α Σ_i x_ij.
  static func addColumnSums(
    rows: Int, columns: Int, alpha: Self, _ x: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>)
  /// y ← y + x.
  static func accumulate(_ n: Int, _ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>)
  /// Σ x².
  static func squareSum(_ n: Int, _ x: UnsafePointer<Self>) -> Self

  static func swish(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  static func swishReverse(
    _ n: Int, _ x: UnsafePointer<Self>, ybar: UnsafePointer<Self>, xbar: UnsafeMutablePointer<Self>, add: Bool
  )
  static func swishTangent(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, y: UnsafeMutablePointer<Self>,
    ydot: UnsafeMutablePointer<Self>)
  static func swishTangentReverse(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, ybar: UnsafePointer<Self>,
    ybardot: UnsafePointer<Self>, xbar: UnsafeMutablePointer<Self>?, xbardot: UnsafeMutablePointer<Self>,
    add: Bool)

  static func adam(
    _ n: Int, _ step: AdamStep, gradient: UnsafePointer<Self>, first: UnsafeMutablePointer<Self>,
    second: UnsafeMutablePointer<Self>, parameters: UnsafeMutablePointer<Self>)

  static func embedPairs(_ group: any LieGroup.Type, _ jets: inout PairJets<Self>)
}

/// The numbers of one Adam update; see `Adam`.
public struct AdamStep: Sendable {
  let rate, beta1, beta2, epsilon, correction1, correction2: Double
}
