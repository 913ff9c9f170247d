// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels
import Dynamics
import Foundation
import Testing

@testable import HLieConv

/// Entry by entry kernels against slow, obvious twins, for sizes that are no multiples of any vector width.
@Suite("Kernels")
struct KernelTests {
  static let lengths = [0, 1, 7, 16, 17, 1000]

  private func checkSwish<T: NetworkScalar>(_ n: Int, _ scalar: T.Type, tolerance: Double) {
    let x: [T] = normals(n, seed: 1, scale: 4)
    let (xdot, ybar, ybardot): ([T], [T], [T]) = (
      normals(n, seed: 2), normals(n, seed: 3), normals(n, seed: 4)
    )
    var (y, xbar, ydot, mixed) = (x, x, x, x)
    var (again, xbarAgain) = (x, x)
    T.swish(n, x, &y)
    T.swishReverse(n, x, ybar: ybar, xbar: &xbar, add: false)
    T.swishTangent(n, x, xdot: xdot, y: &again, ydot: &ydot)
    T.swishTangentReverse(
      n, x, xdot: xdot, ybar: ybar, ybardot: ybardot, xbar: &xbarAgain, xbardot: &mixed, add: false)
    #expect(again == y && xbarAgain == xbar)
    var (xbarTwice, mixedTwice) = (xbar, mixed)
    T.swishReverse(n, x, ybar: ybar, xbar: &xbarTwice, add: true)
    T.swishTangentReverse(
      n, x, xdot: xdot, ybar: ybar, ybardot: ybardot, xbar: nil, xbardot: &mixedTwice, add: true)
    xbarAgain = x
    var mixedOnce = [T](repeating: 0, count: n)
    T.swishTangentReverse(
      n, x, xdot: xdot, ybar: ybar, ybardot: ybardot, xbar: &xbarAgain, xbardot: &mixedOnce, add: true)
    #expect(xbarAgain == xbar)
    for k in 0..<n {
      #expect(abs(Double(mixedOnce[k] - mixed[k])) <= 4 * tolerance * (1 + abs(Double(mixed[k]))))
    }
    for k in 0..<n {
      let v = Double(x[k])
      let s = 1 / (1 + exp(-v))
      let slope = s + v * s * (1 - s)
      let curvature = 2 * s * (1 - s) + v * s * (1 - s) * (1 - 2 * s)
      #expect(abs(Double(y[k]) - v * s) <= tolerance * (1 + abs(v)))
      #expect(abs(Double(xbar[k]) - Double(ybar[k]) * slope) <= 4 * tolerance * (1 + abs(Double(ybar[k]))))
      #expect(abs(Double(ydot[k]) - Double(xdot[k]) * slope) <= 4 * tolerance * (1 + abs(Double(xdot[k]))))
      let expected = Double(ybardot[k]) * slope + Double(ybar[k]) * curvature * Double(xdot[k])
      #expect(abs(Double(mixed[k]) - expected) <= 20 * tolerance * (1 + abs(expected)))
      #expect(xbarTwice[k] == 2 * xbar[k] || abs(Double(xbarTwice[k] - 2 * xbar[k])) <= tolerance)
      #expect(mixedTwice[k] == 2 * mixed[k] || abs(Double(mixedTwice[k] - 2 * mixed[k])) <= 4 * tolerance)
    }
  }

  @Test("swish and its derivatives", arguments: lengths)
  func swish(n: Int) {
    forEachInstructionSet {
      checkSwish(n, Float.self, tolerance: 3e-7)
      checkSwish(n, Double.self, tolerance: 5e-16)
    }
  }

  @Test("sums of columns and of arrays", arguments: lengths)
  func sums(n: Int) {
    forEachInstructionSet {
      let (x, start): ([Double], [Double]) = (normals(3 * n, seed: 1), normals(n, seed: 2))
      var sums = start
      Double.addColumnSums(rows: 3, columns: n, alpha: 0.5, x, to: &sums)
      var total = start
      Double.accumulate(n, x, to: &total)
      for j in 0..<n {
        #expect(abs(sums[j] - (start[j] + 0.5 * (x[j] + x[n + j] + x[2 * n + j]))) <= 1e-14)
        #expect(total[j] == start[j] + x[j])
      }
    }
  }

  @Test("swish at the ends of the range, and of NaN")
  func extremes() {
    let x: [Double] = [-1e300, -800, -700, -40, 0, 40, 700, 1e300, .nan, .infinity]
    var y = x
    Double.swish(x.count, x, &y)
    #expect(y[0].magnitude < 1e-3 && y[1].magnitude < 1e-300 && y[2].magnitude < 1e-300)
    #expect(abs(y[3] / (-40 * exp(-40)) - 1) < 1e-14)
    #expect(y[4] == 0 && y[5] == 40 && y[6] == 700 && y[7] == 1e300)
    #expect(y[8].isNaN && y[9] == .infinity)
    let f: [Float] = [-1e30, -200, -80, 0, 80, 1e30, .nan]
    var g = f
    Float.swish(f.count, f, &g)
    #expect(g[0].magnitude < 1e-6 && g[1].magnitude < 1e-30 && g[2].magnitude < 1e-30)
    #expect(g[3] == 0 && g[4] == 80 && g[5] == 1e30 && g[6].isNaN)
  }

  @Test("Adam and sums of squares on every instruction set", arguments: lengths)
  func adamEverywhere(n: Int) {
    let (g, start, m, v): ([Double], [Double], [Double], [Double]) = (
      normals(n, seed: 1), normals(n, seed: 2), normals(n, seed: 3), normals(n, seed: 4).map { $0 * $0 }
    )
    let step = AdamStep(
      rate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, correction1: 0.5, correction2: 0.25)
    forEachInstructionSet {
      var (first, second, theta) = (m, v, start)
      Double.adam(n, step, gradient: g, first: &first, second: &second, parameters: &theta)
      for k in 0..<n {
        let (a, b) = (0.9 * m[k] + 0.1 * g[k], 0.99 * v[k] + 0.01 * g[k] * g[k])
        let moved = start[k] - 0.1 * (a / 0.5) / ((b / 0.25).squareRoot() + 1e-8)
        #expect(abs(first[k] - a) < 1e-14 && abs(second[k] - b) < 1e-14 * (1 + b))
        #expect(abs(theta[k] - moved) < 1e-13 * (1 + abs(moved)))
      }
      let square = g.reduce(0) { $0 + $1 * $1 }
      #expect(abs(Double.squareSum(n, g) - square) <= 1e-14 * square)
      let single: [Float] = g.map { Float($0) }
      #expect(abs(Double(Float.squareSum(n, single)) - square) <= 1e-5 * square)
    }
  }

  @Test("direct sums on every instruction set", arguments: [1, 2, 7, 8, 9, 30], [0.0, 0.3])
  func attraction(count: Int, softening: Double) {
    let padded = (count + 7) / 8 * 8
    func column(_ seed: UInt64) -> [Double] {
      normals(count, seed: seed) + [Double](repeating: 50, count: padded - count)
    }
    let (x, y, z) = (column(1), column(2), column(3))
    let m = normals(count, seed: 4).map { 1 + $0 * $0 } + [Double](repeating: 0, count: padded - count)
    forEachInstructionSet {
      let empty = [Double](repeating: .nan, count: padded)
      var (ax, ay, az) = (empty, empty, empty)
      // In two parts, as threads take them.
      for range in [0..<count / 3, count / 3..<count] {
        noether_attract_f64(
          padded, range.lowerBound, range.upperBound, x, y, z, m, softening * softening, &ax, &ay, &az)
      }
      let a = [ax, ay, az]
      for i in 0..<count {
        var (expected, scale) = ([0.0, 0.0, 0.0], 1e-300)
        for j in 0..<count where j != i {
          let Δ = [x[j] - x[i], y[j] - y[i], z[j] - z[i]]
          let square = Δ.reduce(0) { $0 + $1 * $1 } + softening * softening
          for axis in 0..<3 { expected[axis] += m[j] * Δ[axis] / (square * square.squareRoot()) }
          scale += m[j] / square
        }
        for axis in 0..<3 { #expect(abs(a[axis][i] - expected[axis]) <= 1e-14 * scale) }
      }
    }
  }

  @Test(
    "gravity of few bodies on every instruction set", arguments: [1, 2, 3, 4, 6, 8, 9, 30],
    [(2, 0.0), (3, 0.0), (3, 0.3)])
  func fewBodies(count: Int, kind: (dimension: Int, softening: Double)) {
    let (d, ε²) = (kind.dimension, kind.softening * kind.softening)
    let q: [Double] = normals(d * count, seed: 1)
    let m = normals(count, seed: 2).map { (0.1 + $0 * $0) as Double }
    forEachInstructionSet {
      // One more than is written.
      var force = [Double](repeating: .nan, count: d * count + 1)
      noether_attract_few_f64(count, d, q, m, 1.5, ε², &force)
      #expect(force[d * count].isNaN)
      for i in 0..<count {
        var (expected, scale) = ([Double](repeating: 0, count: d), 1e-300)
        for j in 0..<count where j != i {
          let Δ = (0..<d).map { q[d * j + $0] - q[d * i + $0] }
          let square = Δ.reduce(0) { $0 + $1 * $1 } + ε²
          let pull = 1.5 * m[i] * m[j] / (square * square.squareRoot())
          for axis in 0..<d { expected[axis] += pull * Δ[axis] }
          scale += pull * square.squareRoot()
        }
        for axis in 0..<d { #expect(abs(force[d * i + axis] - expected[axis]) <= 1e-14 * scale) }
      }
      // With two bodies there is nothing to sum, and what one gains the other loses to the bit.
      if count == 2 { for axis in 0..<d { #expect(force[axis] == -force[d + axis]) } }
      if count == 1 { #expect(force.prefix(d).allSatisfy { $0 == 0 }) }
    }
  }

  @Test("Adam's first step moves by the rate, against the gradient's sign")
  func adamFirstStep() {
    // m̂ = g and v̂ = g² at the first step, so that Δθ = −r g/(|g| + ε).
    var adam = Adam<Double>(count: 3)
    let theta = UnsafeMutableBufferPointer<Double>.allocate(capacity: 3)
    let gradient = UnsafeMutableBufferPointer<Double>.allocate(capacity: 3)
    defer {
      theta.deallocate()
      gradient.deallocate()
    }
    theta.initialize(repeating: 1)
    _ = gradient.initialize(from: [0.5, -2e-3, 0])
    adam.update(theta, along: gradient, rate: 0.1, threads: 1)
    #expect(abs(theta[0] - 0.9) < 1e-8 && abs(theta[1] - 1.1) < 1e-5 && theta[2] == 1)
    // A twin of three more steps with changing gradients.
    var (m, v, x) = (0.1 * 0.5, 0.001 * 0.25, theta[0])
    for t in 2...4 {
      let g = Double(t) - 2.5
      gradient[0] = g
      adam.update(theta, along: gradient, rate: 0.05, threads: 3)
      m = 0.9 * m + 0.1 * g
      v = 0.999 * v + 0.001 * g * g
      x -= 0.05 * (m / (1 - pow(0.9, Double(t)))) / ((v / (1 - pow(0.999, Double(t)))).squareRoot() + 1e-8)
      #expect(abs(theta[0] - x) < 1e-14)
    }
  }
}
