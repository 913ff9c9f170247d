// SPDX-License-Identifier: GPL-3.0-or-later

/// y ← y + a·x.
func add(_ a: Double, _ x: [Double], to y: inout [Double]) {
  let x = x.span
  var y = y.mutableSpan
  for index in 0..<x.count { y[index] += a * x[index] }
}

/// y ← y + a·(w ⊙ x): a drift, with w the inverse masses.
func add(_ a: Double, _ w: [Double], _ x: [Double], to y: inout [Double]) {
  let w = w.span
  let x = x.span
  var y = y.mutableSpan
  for index in 0..<x.count { y[index] += a * (w[index] * x[index]) }
}

/// y ← y + a·x, and `rest` takes what rounding drops (Knuth's two-sum, as in Kahan–Neumaier).
///
/// y + rest then carries about twice the digits, so that the rounding of 10⁶ small steps does not add up.
func addCompensated(_ a: Double, _ x: [Double], to y: inout [Double], rest: inout [Double]) {
  let x = x.span
  var y = y.mutableSpan
  var rest = rest.mutableSpan
  for index in 0..<x.count {
    let increment = a * x[index] + rest[index]
    let sum = y[index] + increment
    let rounded = sum - y[index]
    rest[index] = (y[index] - (sum - rounded)) + (increment - rounded)
    y[index] = sum
  }
}

/// y ← 0.
func clear(_ y: inout [Double]) {
  var y = y.mutableSpan
  for index in 0..<y.count { y[index] = 0 }
}

/// y ← x.
func assign(_ x: [Double], to y: inout [Double]) {
  let x = x.span
  var y = y.mutableSpan
  for index in 0..<x.count { y[index] = x[index] }
}

/// y ← w ⊙ x.
func multiply(_ w: [Double], _ x: [Double], into y: inout [Double]) {
  let w = w.span
  let x = x.span
  var y = y.mutableSpan
  for index in 0..<x.count { y[index] = w[index] * x[index] }
}
