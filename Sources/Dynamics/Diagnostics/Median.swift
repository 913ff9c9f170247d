// SPDX-License-Identifier: GPL-3.0-or-later

extension Sequence where Element == Double {
  /// The middle element by size, of an even number the mean of the two; nil where there is none. Of numbers, not of NaN.
  public func median() -> Double? {
    let sorted = sorted()
    guard !sorted.isEmpty else { return nil }
    return (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
  }
}
