// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// The number type of a network, Float or Double, with the kernels that run on it.
///
/// Its two conformances are all that calls the C kernels and OpenBLAS's products. Pointers come from `Workspace`, whose sizes are
/// derived from the same `Program` as the counts given here.
public protocol NetworkScalar: BinaryFloatingPoint, LieScalar {
  /// How a configuration spells it: "float32".
  static var precisionName: String { get }

  /// C ← α op(A) B + β C, row-major, with op(A) [m × k] and B [k × n].
  static func gemm(
    transposeA: Bool, m: Int, n: Int, k: Int, alpha: Self, _ a: UnsafePointer<Self>,
    _ b: UnsafePointer<Self>, beta: Self, _ c: UnsafeMutablePointer<Self>)

  static func swish(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  static func swishReverse(
    _ n: Int, _ x: UnsafePointer<Self>, ybar: UnsafePointer<Self>, xbar: UnsafeMutablePointer<Self>, add: Bool
  )
  static func swishTangent(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, ydot: UnsafeMutablePointer<Self>)
  static func swishTangentReverse(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, ybar: UnsafePointer<Self>,
    ybardot: UnsafePointer<Self>, xbardot: UnsafeMutablePointer<Self>, add: Bool)

  static func contract(
    _ s: ContractionShape, _ u: UnsafePointer<Self>, _ w: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>,
    add: Bool)
  static func contractReverseU(
    _ s: ContractionShape, ybar: UnsafePointer<Self>, w: UnsafePointer<Self>,
    ubar: UnsafeMutablePointer<Self>,
    add: Bool)
  static func contractReverseW(
    _ s: ContractionShape, u: UnsafePointer<Self>, ybar: UnsafePointer<Self>,
    wbar: UnsafeMutablePointer<Self>,
    add: Bool)

  static func adam(
    _ n: Int, _ step: AdamStep, gradient: UnsafePointer<Self>, first: UnsafeMutablePointer<Self>,
    second: UnsafeMutablePointer<Self>, parameters: UnsafeMutablePointer<Self>)

  static func embedPairs(_ group: any LieGroup.Type, _ jets: inout PairJets<Self>)
}

/// Nodes n, channels c and kernel outputs m of one system's pair contraction.
public struct ContractionShape: Sendable {
  let n, c, m: Int
}

/// The numbers of one Adam update; see `Adam`.
public struct AdamStep: Sendable {
  let rate, beta1, beta2, epsilon, correction1, correction2: Double
}
