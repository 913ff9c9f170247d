// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

// Half of a step of few bodies is spent in these loops. Lengths are compared once, so that inside there are no checks
// and the compiler takes several numbers at a time.

/// y ← y + a·x.
func add(_ a: Double, _ x: [Double], to y: inout [Double]) { add(a, x, row: 0, to: &y) }

/// y ← y + a·x, with x the row of that number in `rows`, each as long as y.
private func add(_ a: Double, _ rows: [Double], row: Int, to y: inout [Double]) {
  precondition(row >= 0 && rows.count >= (row + 1) * y.count)
  rows.withUnsafeBufferPointer { rows in
    y.withUnsafeMutableBufferPointer { y in
      let first = row * y.count
      for index in 0..<y.count { y[index] += a * rows[first + index] }
    }
  }
}

/// y ← y + a·Σₛ wₛxₛ, with xₛ the rows of `rows`, each as long as y; rows without weight are not read.
func add(_ a: Double, _ weights: [Double], ofRows rows: [Double], to y: inout [Double]) {
  for row in weights.indices where weights[row] != 0 { add(a * weights[row], rows, row: row, to: &y) }
}

/// y ← y + a·(w ⊙ x): a drift, with w the inverse masses.
func add(_ a: Double, _ w: [Double], _ x: [Double], to y: inout [Double]) {
  precondition(w.count == y.count && x.count == y.count)
  w.withUnsafeBufferPointer { w in
    x.withUnsafeBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        for index in 0..<y.count { y[index] += a * (w[index] * x[index]) }
      }
    }
  }
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

/// The largest |xᵢ − yᵢ|; NaN where one of them is.
func greatestDifference(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count)
  var greatest = 0.0
  for index in 0..<x.count { greatest = maximum(greatest, (x[index] - y[index]).magnitude) }
  return greatest
}

/// y ← 0.
func clear(_ y: inout [Double]) {
  y.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
}

/// y ← x.
func assign(_ x: [Double], to y: inout [Double]) {
  precondition(x.count == y.count)
  x.withUnsafeBufferPointer { x in
    y.withUnsafeMutableBufferPointer { y in
      for index in 0..<y.count { y[index] = x[index] }
    }
  }
}

/// y ← w ⊙ x.
func multiply(_ w: [Double], _ x: [Double], into y: inout [Double]) { multiply(w, x, into: &y, row: 0) }

/// The row of that number in `rows` ← w ⊙ x.
func multiply(_ w: [Double], _ x: [Double], into rows: inout [Double], row: Int) {
  precondition(row >= 0 && w.count == x.count && rows.count >= (row + 1) * x.count)
  w.withUnsafeBufferPointer { w in
    x.withUnsafeBufferPointer { x in
      rows.withUnsafeMutableBufferPointer { rows in
        let first = row * x.count
        for index in 0..<x.count { rows[first + index] = w[index] * x[index] }
      }
    }
  }
}
