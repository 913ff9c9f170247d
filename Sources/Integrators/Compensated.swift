// SPDX-License-Identifier: GPL-3.0-or-later

/// Adds `increment` to `sum`, and what rounding drops to `rest` (Knuth's two-sum, as in Kahan–Neumaier).
///
/// sum + rest then carries about twice the digits, so that the rounding of 10⁶ small steps does not add up.
@inline(__always)
func addCompensated(_ increment: Double, to sum: inout Double, rest: inout Double) {
  let a = sum
  let b = increment + rest
  let s = a + b
  let bRounded = s - a
  rest = (a - (s - bRounded)) + (b - bRounded)
  sum = s
}
