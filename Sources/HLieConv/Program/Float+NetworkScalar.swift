// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels
import COpenBLAS
import LieCore

extension Float: NetworkScalar {
  public static var precisionName: String { "float32" }

  public static func gemm(
    transposeA: Bool, m: Int, n: Int, k: Int, alpha: Self, _ a: UnsafePointer<Self>,
    _ b: UnsafePointer<Self>, beta: Self, _ c: UnsafeMutablePointer<Self>
  ) {
    cblas_sgemm(
      CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, CblasNoTrans,
      blasint(m), blasint(n), blasint(k), alpha, a, blasint(transposeA ? m : k), b,
      blasint(n), beta, c, blasint(n))
  }

  public static func swish(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>) {
    noether_swish_f32(n, x, y)
  }

  public static func swishReverse(
    _ n: Int, _ x: UnsafePointer<Self>, ybar: UnsafePointer<Self>, xbar: UnsafeMutablePointer<Self>, add: Bool
  ) {
    noether_swish_reverse_f32(n, x, ybar, xbar, add)
  }

  public static func swishTangent(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, ydot: UnsafeMutablePointer<Self>
  ) {
    noether_swish_tangent_f32(n, x, xdot, ydot)
  }

  public static func swishTangentReverse(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, ybar: UnsafePointer<Self>,
    ybardot: UnsafePointer<Self>, xbardot: UnsafeMutablePointer<Self>, add: Bool
  ) {
    noether_swish_tangent_reverse_f32(n, x, xdot, ybar, ybardot, xbardot, add)
  }

  public static func contract(
    _ s: ContractionShape, _ u: UnsafePointer<Self>, _ w: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>,
    add: Bool
  ) {
    noether_contract_f32(s.n, s.c, s.m, u, w, y, add)
  }

  public static func contractReverseU(
    _ s: ContractionShape, ybar: UnsafePointer<Self>, w: UnsafePointer<Self>,
    ubar: UnsafeMutablePointer<Self>,
    add: Bool
  ) {
    noether_contract_reverse_u_f32(s.n, s.c, s.m, ybar, w, ubar, add)
  }

  public static func contractReverseW(
    _ s: ContractionShape, u: UnsafePointer<Self>, ybar: UnsafePointer<Self>,
    wbar: UnsafeMutablePointer<Self>,
    add: Bool
  ) {
    noether_contract_reverse_w_f32(s.n, s.c, s.m, u, ybar, wbar, add)
  }

  public static func adam(
    _ n: Int, _ step: AdamStep, gradient: UnsafePointer<Self>, first: UnsafeMutablePointer<Self>,
    second: UnsafeMutablePointer<Self>, parameters: UnsafeMutablePointer<Self>
  ) {
    noether_adam_f32(
      n, Self(step.rate), Self(step.beta1), Self(step.beta2), Self(step.epsilon), Self(step.correction1),
      Self(step.correction2), gradient, first, second, parameters)
  }

  public static func embedPairs(_ group: any LieGroup.Type, _ jets: inout PairJets<Self>) {
    group.embedPairs(&jets)
  }
}
