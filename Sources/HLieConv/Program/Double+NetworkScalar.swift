// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels
import LieCore

extension Double: NetworkScalar {
  public static var precisionName: String { "float64" }

  public static func multiply(
    _ product: Product<Self>, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    _ second: (a: UnsafePointer<Self>, b: UnsafePointer<Self>)?, _ c: UnsafeMutablePointer<Self>
  ) {
    var p = noether_product_f64(
      m: product.m, n: product.n, k: product.k, a: a, a2: second?.a, a_row: product.left.row,
      a_step: product.left.step, b: b, b2: second?.b, b_panel: product.right.panel,
      b_step: product.right.step, c_row: product.rowLength ?? product.n,
      c_panel: product.panelLength ?? Product<Self>.Right.lanes, alpha: product.alpha, bias: product.bias,
      row_bias: product.rowBias, d: product.adding, c: c)
    noether_multiply_f64(&p)
  }

  public static func multiplyTransposed(
    m: Int, n: Int, k: Int, alpha: Self, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>,
    and second: (a: UnsafePointer<Self>, b: UnsafePointer<Self>)?, add: Bool,
    _ c: UnsafeMutablePointer<Self>
  ) {
    noether_multiply_nt_f64(m, n, k, alpha, a, b, second?.a, second?.b, add, c)
  }

  public static func pack(
    rows: Int, columns: Int, _ b: UnsafePointer<Self>, rowStride: Int, columnStride: Int,
    into panels: UnsafeMutablePointer<Self>
  ) {
    noether_pack_f64(rows, columns, b, rowStride, columnStride, panels)
  }

  public static func addColumnSums(
    rows: Int, columns: Int, alpha: Self, _ x: UnsafePointer<Self>, to sums: UnsafeMutablePointer<Self>
  ) {
    noether_column_sums_f64(rows, columns, alpha, x, sums)
  }

  public static func accumulate(_ n: Int, _ x: UnsafePointer<Self>, to y: UnsafeMutablePointer<Self>) {
    noether_accumulate_f64(n, x, y)
  }

  public static func squareSum(_ n: Int, _ x: UnsafePointer<Self>) -> Self {
    noether_square_sum_f64(n, x)
  }

  public static func swish(_ n: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>) {
    noether_swish_f64(n, x, y)
  }

  public static func swishReverse(
    _ n: Int, _ x: UnsafePointer<Self>, ybar: UnsafePointer<Self>, xbar: UnsafeMutablePointer<Self>, add: Bool
  ) {
    noether_swish_reverse_f64(n, x, ybar, xbar, add)
  }

  public static func swishTangent(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, y: UnsafeMutablePointer<Self>,
    ydot: UnsafeMutablePointer<Self>
  ) {
    noether_swish_tangent_f64(n, x, xdot, y, ydot)
  }

  public static func swishTangentReverse(
    _ n: Int, _ x: UnsafePointer<Self>, xdot: UnsafePointer<Self>, ybar: UnsafePointer<Self>,
    ybardot: UnsafePointer<Self>, xbar: UnsafeMutablePointer<Self>?, xbardot: UnsafeMutablePointer<Self>,
    add: Bool
  ) {
    noether_swish_tangent_reverse_f64(n, x, xdot, ybar, ybardot, xbar, xbardot, add)
  }

  public static func adam(
    _ n: Int, _ step: AdamStep, gradient: UnsafePointer<Self>, first: UnsafeMutablePointer<Self>,
    second: UnsafeMutablePointer<Self>, parameters: UnsafeMutablePointer<Self>
  ) {
    noether_adam_f64(
      n, Self(step.rate), Self(step.beta1), Self(step.beta2), Self(step.epsilon), Self(step.correction1),
      Self(step.correction2), gradient, first, second, parameters)
  }

  public static func embedPairs(_ group: any LieGroup.Type, _ jets: inout PairJets<Self>) {
    group.embedPairs(&jets)
  }
}
