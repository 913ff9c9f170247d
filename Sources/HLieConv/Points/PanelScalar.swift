// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels

/// The kernels that run on panels: matrices [channels × columns] of which 64 bytes, P columns, of each channel lie together.
///
/// Columns are samples or points. The formulas stand in CKernels.h. Counts of numbers are multiples of P where nothing else is said.
public protocol PanelScalar: BinaryFloatingPoint, Sendable {
  /// C ← C + A Bᵀ over all columns of panels of B [n × columns] and of A [m × columns], m rows that follow one another in panels of
  /// `rows` rows.
  static func multiplyPanelsNT(
    _ panels: Int, m: Int, n: Int, _ a: UnsafePointer<Self>, of rows: Int, _ b: UnsafePointer<Self>,
    addingTo c: UnsafeMutablePointer<Self>)
  /// w̄_if ← w̄_if + Σⱼ x_rows[i]j ȳ_fj for the 16 kernel functions f.
  static func rowDots(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ x: UnsafePointer<Self>, _ ybar: UnsafePointer<Self>,
    _ wbar: UnsafeMutablePointer<Self>)
  /// y_f ← Σᵢ w_if x_rows[i] for the 16 kernel functions f.
  static func gather(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ w: UnsafePointer<Self>, _ x: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>)
  /// x̄_rows[i] ← x̄_rows[i] + Σ_f w_if ȳ_f.
  static func scatter(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ w: UnsafePointer<Self>, _ ybar: UnsafePointer<Self>,
    _ xbar: UnsafeMutablePointer<Self>)
  /// Rows, each `row` after the last, from panels that are `panel` apart, any n.
  static func fromPanels(
    _ n: Int, channels: Int, _ x: UnsafePointer<Self>, panel: Int, _ y: UnsafeMutablePointer<Self>, row: Int)
  /// Panels from rows, any n; the last one is filled up with zeros.
  static func toPanels(
    _ n: Int, channels: Int, _ y: UnsafePointer<Self>, row: Int, _ x: UnsafeMutablePointer<Self>, panel: Int)
  /// Σ (x − shift) and Σ (x − shift)² of every channel over the first `valid` lanes, added.
  static func laneMoments(
    _ panels: Int, channels: Int, valid: Int, _ x: UnsafePointer<Self>, shift: UnsafePointer<Self>,
    sums: UnsafeMutablePointer<Self>, squares: UnsafeMutablePointer<Self>)
  /// y = swish(scale x + offset).
  static func normalisedSwish(
    _ panels: Int, channels: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    offset: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>)
  /// ȳ ← z̄ for z = scale x + offset, with Σ z̄ and Σ z̄ (x − mean) added.
  static func normalisedSwishReverse(
    _ panels: Int, channels: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    offset: UnsafePointer<Self>, mean: UnsafePointer<Self>, _ ybar: UnsafeMutablePointer<Self>,
    sums: UnsafeMutablePointer<Self>, products: UnsafeMutablePointer<Self>)
  /// z̄ ← scale z̄ + slope x + offset in the first `valid` lanes, 0 in the others.
  static func normalisedReverse(
    _ panels: Int, channels: Int, valid: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    slope: UnsafePointer<Self>, offset: UnsafePointer<Self>, _ xbar: UnsafeMutablePointer<Self>)
}

extension Float: PanelScalar {
  public static func multiplyPanelsNT(
    _ panels: Int, m: Int, n: Int, _ a: UnsafePointer<Self>, of rows: Int, _ b: UnsafePointer<Self>,
    addingTo c: UnsafeMutablePointer<Self>
  ) { noether_multiply_panels_nt_f32(panels, m, n, a, rows, b, c) }

  public static func rowDots(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ x: UnsafePointer<Self>, _ ybar: UnsafePointer<Self>,
    _ wbar: UnsafeMutablePointer<Self>
  ) { noether_row_dots_f32(n, k, rows, x, ybar, wbar) }

  public static func gather(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ w: UnsafePointer<Self>, _ x: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>
  ) { noether_gather_f32(n, k, rows, w, x, y) }

  public static func scatter(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ w: UnsafePointer<Self>, _ ybar: UnsafePointer<Self>,
    _ xbar: UnsafeMutablePointer<Self>
  ) { noether_scatter_f32(n, k, rows, w, ybar, xbar) }

  public static func fromPanels(
    _ n: Int, channels: Int, _ x: UnsafePointer<Self>, panel: Int, _ y: UnsafeMutablePointer<Self>, row: Int
  ) { noether_from_panels_f32(n, channels, x, panel, y, row) }

  public static func toPanels(
    _ n: Int, channels: Int, _ y: UnsafePointer<Self>, row: Int, _ x: UnsafeMutablePointer<Self>, panel: Int
  ) { noether_to_panels_f32(n, channels, y, row, x, panel) }

  public static func laneMoments(
    _ panels: Int, channels: Int, valid: Int, _ x: UnsafePointer<Self>, shift: UnsafePointer<Self>,
    sums: UnsafeMutablePointer<Self>, squares: UnsafeMutablePointer<Self>
  ) { noether_lane_moments_f32(panels, channels, valid, x, shift, sums, squares) }

  public static func normalisedSwish(
    _ panels: Int, channels: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    offset: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) { noether_normalised_swish_f32(panels, channels, x, scale, offset, y) }

  public static func normalisedSwishReverse(
    _ panels: Int, channels: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    offset: UnsafePointer<Self>, mean: UnsafePointer<Self>, _ ybar: UnsafeMutablePointer<Self>,
    sums: UnsafeMutablePointer<Self>, products: UnsafeMutablePointer<Self>
  ) {
    noether_normalised_swish_reverse_f32(panels, channels, x, scale, offset, mean, ybar, sums, products)
  }

  public static func normalisedReverse(
    _ panels: Int, channels: Int, valid: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    slope: UnsafePointer<Self>, offset: UnsafePointer<Self>, _ xbar: UnsafeMutablePointer<Self>
  ) { noether_normalised_reverse_f32(panels, channels, valid, x, scale, slope, offset, xbar) }
}

extension PanelScalar {
  /// Rows [n × channels] from panels of them.
  static func fromPanels(
    _ n: Int, channels: Int, _ x: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) {
    fromPanels(n, channels: channels, x, panel: channels * 64 / MemoryLayout<Self>.stride, y, row: channels)
  }
  /// Panels from rows [n × channels].
  static func toPanels(_ n: Int, channels: Int, _ y: UnsafePointer<Self>, _ x: UnsafeMutablePointer<Self>) {
    toPanels(n, channels: channels, y, row: channels, x, panel: channels * 64 / MemoryLayout<Self>.stride)
  }
}

extension Double: PanelScalar {
  public static func multiplyPanelsNT(
    _ panels: Int, m: Int, n: Int, _ a: UnsafePointer<Self>, of rows: Int, _ b: UnsafePointer<Self>,
    addingTo c: UnsafeMutablePointer<Self>
  ) { noether_multiply_panels_nt_f64(panels, m, n, a, rows, b, c) }

  public static func rowDots(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ x: UnsafePointer<Self>, _ ybar: UnsafePointer<Self>,
    _ wbar: UnsafeMutablePointer<Self>
  ) { noether_row_dots_f64(n, k, rows, x, ybar, wbar) }

  public static func gather(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ w: UnsafePointer<Self>, _ x: UnsafePointer<Self>,
    _ y: UnsafeMutablePointer<Self>
  ) { noether_gather_f64(n, k, rows, w, x, y) }

  public static func scatter(
    n: Int, k: Int, rows: UnsafePointer<UInt32>, _ w: UnsafePointer<Self>, _ ybar: UnsafePointer<Self>,
    _ xbar: UnsafeMutablePointer<Self>
  ) { noether_scatter_f64(n, k, rows, w, ybar, xbar) }

  public static func fromPanels(
    _ n: Int, channels: Int, _ x: UnsafePointer<Self>, panel: Int, _ y: UnsafeMutablePointer<Self>, row: Int
  ) { noether_from_panels_f64(n, channels, x, panel, y, row) }

  public static func toPanels(
    _ n: Int, channels: Int, _ y: UnsafePointer<Self>, row: Int, _ x: UnsafeMutablePointer<Self>, panel: Int
  ) { noether_to_panels_f64(n, channels, y, row, x, panel) }

  public static func laneMoments(
    _ panels: Int, channels: Int, valid: Int, _ x: UnsafePointer<Self>, shift: UnsafePointer<Self>,
    sums: UnsafeMutablePointer<Self>, squares: UnsafeMutablePointer<Self>
  ) { noether_lane_moments_f64(panels, channels, valid, x, shift, sums, squares) }

  public static func normalisedSwish(
    _ panels: Int, channels: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    offset: UnsafePointer<Self>, _ y: UnsafeMutablePointer<Self>
  ) { noether_normalised_swish_f64(panels, channels, x, scale, offset, y) }

  public static func normalisedSwishReverse(
    _ panels: Int, channels: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    offset: UnsafePointer<Self>, mean: UnsafePointer<Self>, _ ybar: UnsafeMutablePointer<Self>,
    sums: UnsafeMutablePointer<Self>, products: UnsafeMutablePointer<Self>
  ) {
    noether_normalised_swish_reverse_f64(panels, channels, x, scale, offset, mean, ybar, sums, products)
  }

  public static func normalisedReverse(
    _ panels: Int, channels: Int, valid: Int, _ x: UnsafePointer<Self>, scale: UnsafePointer<Self>,
    slope: UnsafePointer<Self>, offset: UnsafePointer<Self>, _ xbar: UnsafeMutablePointer<Self>
  ) { noether_normalised_reverse_f64(panels, channels, valid, x, scale, slope, offset, xbar) }
}
