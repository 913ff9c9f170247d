// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@testable import HLieConv

/// The kernels on panels in all their forms, against slow, obvious twins (products have theirs in `DensePanelsTests`), for numbers of neighbours, panels and channels that are no
/// multiples of what is taken at a time.
@Suite("Kernels on panels")
struct PanelKernelTests {
  private let functions = PointNetwork.kernelFunctions

  private func compare<T: NetworkScalar>(
    _ values: [T], _ expected: [Double], _ tolerance: Double, _ what: Comment
  ) {
    #expect(values.count == expected.count)
    for (value, expected) in zip(values, expected) {
      #expect(abs(Double(value) - expected) <= tolerance * (1 + abs(expected)), what)
    }
  }

  private func checkNeighbours<T: NetworkScalar>(
    _ k: Int, vectors: Int, _ tolerance: Double, _ scalar: T.Type
  ) {
    let (nodes, n) = (11, vectors * Product<T>.Right.lanes)
    let rows = (0..<k).map { UInt32($0 * 4 % nodes) }
    let (x, w, ybar): ([T], [T], [T]) = (
      normals(nodes * n, seed: 1), normals(k * functions, seed: 2), normals(functions * n, seed: 3)
    )
    func at(_ values: [T], _ row: Int, _ column: Int, of width: Int) -> Double {
      Double(values[row * width + column])
    }
    var y = [T](repeating: .nan, count: functions * n)
    T.gather(n: n, k: k, rows: rows, w, x, &y)
    compare(
      y,
      (0..<functions * n).map { f in
        (0..<k).reduce(0) {
          $0 + at(w, $1, f / n, of: functions) * at(x, Int(rows[$1]), f % n, of: n)
        }
      }, tolerance, "sums over neighbours")
    let start: [T] = normals(nodes * n, seed: 4)
    var xbar = start
    T.scatter(n: n, k: k, rows: rows, w, ybar, &xbar)
    var expected = start.map { Double($0) }
    for i in 0..<k {
      for j in 0..<n {
        expected[Int(rows[i]) * n + j] += (0..<functions).reduce(0) {
          $0 + at(w, i, $1, of: functions) * at(ybar, $1, j, of: n)
        }
      }
    }
    compare(xbar, expected, tolerance, "their cotangents")
    let before: [T] = normals(k * functions, seed: 5)
    var wbar = before
    T.rowDots(n: n, k: k, rows: rows, x, ybar, &wbar)
    compare(
      wbar,
      (0..<k * functions).map { p in
        (0..<n).reduce(Double(before[p])) {
          $0 + at(x, Int(rows[p / functions]), $1, of: n) * at(ybar, p % functions, $1, of: n)
        }
      }, tolerance, "the weights' cotangents")
  }

  @Test("sums over neighbours and their cotangents", arguments: [1, 2, 5, 11], [1, 2, 3, 7])
  func neighbours(k: Int, vectors: Int) {
    forEachInstructionSet {
      checkNeighbours(k, vectors: vectors, 1e-5, Float.self)
      checkNeighbours(k, vectors: vectors, 1e-14, Double.self)
    }
  }

  private func checkNormalisation<T: NetworkScalar>(
    _ panels: Int, channels: Int, _ tolerance: Double, _ scalar: T.Type
  ) {
    let lanes = Product<T>.Right.lanes
    let (count, valid) = (panels * channels * lanes, lanes - 3)
    func channel(_ k: Int) -> Int { k / lanes % channels }
    let (x, ybar): ([T], [T]) = (normals(count, seed: 1), normals(count, seed: 2))
    let (scale, offset, mean): ([T], [T], [T]) = (
      normals(channels, seed: 3), normals(channels, seed: 4), normals(channels, seed: 5)
    )
    let start: [T] = normals(channels, seed: 6)
    /// What was there and Σ f(k) over the entries of every channel.
    func sums(_ valid: Int, _ f: (Int) -> Double) -> [Double] {
      var sums = start.map { Double($0) }
      for k in 0..<count where k % lanes < valid { sums[channel(k)] += f(k) }
      return sums
    }
    var (first, second) = (start, start)
    T.laneMoments(
      panels, channels: channels, valid: valid, x, shift: mean, sums: &first, squares: &second)
    compare(first, sums(valid) { Double(x[$0] - mean[channel($0)]) }, tolerance, "sums")
    compare(second, sums(valid) { pow(Double(x[$0] - mean[channel($0)]), 2) }, tolerance, "squares")

    func z(_ k: Int) -> Double { Double(scale[channel(k)]) * Double(x[k]) + Double(offset[channel(k)]) }
    func sigma(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    var y = [T](repeating: .nan, count: count)
    T.normalisedSwish(panels, channels: channels, x, scale: scale, offset: offset, &y)
    compare(y, (0..<count).map { z($0) * sigma(z($0)) }, tolerance, "swish")

    let zbar = (0..<count).map { k in
      let s = sigma(z(k))
      return Double(ybar[k]) * (s + z(k) * s * (1 - s))
    }
    (first, second) = (start, start)
    var cotangents = ybar
    T.normalisedSwishReverse(
      panels, channels: channels, x, scale: scale, offset: offset, mean: mean, &cotangents, sums: &first,
      products: &second)
    compare(cotangents, zbar, tolerance, "cotangents before the swish")
    compare(first, sums(lanes) { zbar[$0] }, tolerance, "their sums")
    compare(
      second, sums(lanes) { zbar[$0] * Double(x[$0] - mean[channel($0)]) }, tolerance, "their products")

    cotangents = ybar
    T.normalisedReverse(
      panels, channels: channels, valid: valid, x, scale: scale, slope: mean, offset: offset, &cotangents)
    compare(
      cotangents,
      (0..<count).map { k in
        let c = channel(k)
        if k % lanes >= valid { return 0 }
        return Double(scale[c]) * Double(ybar[k]) + Double(mean[c]) * Double(x[k]) + Double(offset[c])
      }, tolerance, "cotangents before the normalisation")
  }

  @Test("batch normalisation", arguments: [1, 2, 9], [1, 4, 6])
  func normalisation(panels: Int, channels: Int) {
    forEachInstructionSet {
      checkNormalisation(panels, channels: channels, 1e-5, Float.self)
      checkNormalisation(panels, channels: channels, 1e-13, Double.self)
    }
  }

  @Test("rows from panels and back, the last panel filled up", arguments: [1, 8, 13, 40])
  func rows(count: Int) {
    let (channels, lanes) = (3, Product<Double>.Right.lanes)
    let panels = (count + lanes - 1) / lanes
    let y: [Double] = normals(count * channels, seed: 1)
    forEachInstructionSet {
      var x = [Double](repeating: .nan, count: panels * channels * lanes)
      Double.toPanels(count, channels: channels, y, &x)
      for panel in 0..<panels {
        for c in 0..<channels {
          for lane in 0..<lanes {
            let row = panel * lanes + lane
            #expect(
              x[(panel * channels + c) * lanes + lane] == (row < count ? y[row * channels + c] : 0))
          }
        }
      }
      var again = [Double](repeating: .nan, count: count * channels)
      Double.fromPanels(count, channels: channels, x, &again)
      #expect(again == y)
    }
  }
}
