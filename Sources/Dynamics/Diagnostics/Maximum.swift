// SPDX-License-Identifier: GPL-3.0-or-later

/// The larger of two numbers, and NaN where either is: a drift that cannot be told must not pass for none.
///
/// Swift's `max(0, .nan)` is 0. This is the operation maximum of IEEE 754-2019, 9.6.
public func maximum(_ a: Double, _ b: Double) -> Double { a.isNaN || a >= b ? a : b }

extension Sequence where Element == Double {
  /// The largest element, NaN where one is, nil where there is none.
  public func maximum() -> Double? {
    reduce(nil) { largest, next in largest.map { Dynamics.maximum($0, next) } ?? next }
  }
}
