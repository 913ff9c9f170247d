// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

/// Dense layers on panels beside plain loops: small ones, such as are cut into blocks, more panels than are taken at a time, and
/// outputs that leave a part of a vector over, after none, one and two whole ones, which AVX-512 takes together.
@Suite struct DensePanelsTests {
  @Test(arguments: [
    (3, 3, 5), (3, 40, 1), (3, 300, 700), (3, 1200, 150), (45, 9, 27), (70, 5, 16), (2, 191, 13),
    (2, 193, 22),
    (5, 7, 45),
  ])
  func productsAreThoseOfPlainLoops(_ panels: Int, _ inputs: Int, _ outputs: Int) {
    forEachInstructionSet {
      compareWithPlainLoops(panels, inputs, outputs, 1e-3, Float.self)
      compareWithPlainLoops(panels, inputs, outputs, 1e-11, Double.self)
    }
  }

  private func compareWithPlainLoops<T: NetworkScalar>(
    _ panels: Int, _ inputs: Int, _ outputs: Int, _ tolerance: Double, _ scalar: T.Type
  ) {
    let lanes = Product<T>.Right.lanes
    let layer = PointNetwork.Dense(inputs: inputs, outputs: outputs, weight: 8, bias: 8 + inputs * outputs)
    var generator = SeededGenerator(seed: 4)
    func memory(_ count: Int) -> AlignedMemory<T> {
      AlignedMemory((0..<count).map { _ in T(generator.normal()) })
    }
    let parameters = memory(8 + inputs * outputs + outputs)
    let (x, ybar) = (memory(panels * inputs * lanes), memory(panels * outputs * lanes))
    let (y, xbar) = (memory(panels * outputs * lanes), memory(panels * inputs * lanes))
    let (gradient, byRows) = (memory(parameters.count), memory(parameters.count))
    let before = Array(gradient.buffer)
    byRows.base.update(from: gradient.base, count: before.count)
    layer.forward(panels, parameters.base, x.base, to: y.base)
    layer.pullBack(panels, parameters.base, ybar.base, to: xbar.base)
    layer.gather(panels, x.base, ybar.base, into: gradient.base)
    for first in stride(from: 0, to: inputs, by: 37) {
      layer.gather(rows: first..<min(first + 37, inputs), panels, x.base, ybar.base, into: byRows.base)
    }
    #expect(Array(byRows.buffer) == Array(gradient.buffer), "some rows at a time change no bit")

    func at(_ memory: AlignedMemory<T>, _ channels: Int, _ k: Int, _ column: Int) -> Double {
      Double(memory.base[column / lanes * channels * lanes + k * lanes + column % lanes])
    }
    func weight(_ i: Int, _ o: Int) -> Double { Double(parameters.base[layer.weight + i * outputs + o]) }
    let columns = 0..<panels * lanes
    var worst = 0.0
    func compare(_ value: Double, _ expected: Double) {
      let error = abs(value - expected)
      // An error that is no number is the worst.
      if !(error <= worst) { worst = error.isNaN ? .infinity : error }
    }
    for column in columns {
      for o in 0..<outputs {
        compare(
          at(y, outputs, o, column),
          (0..<inputs).reduce(Double(parameters.base[layer.bias + o])) {
            $0 + weight($1, o) * at(x, inputs, $1, column)
          })
      }
      for i in 0..<inputs {
        compare(
          at(xbar, inputs, i, column),
          (0..<outputs).reduce(0.0) { $0 + weight(i, $1) * at(ybar, outputs, $1, column) })
      }
    }
    for o in 0..<outputs {
      compare(
        Double(gradient.base[layer.bias + o]),
        columns.reduce(Double(before[layer.bias + o])) { $0 + at(ybar, outputs, o, $1) })
      for i in 0..<inputs {
        let k = layer.weight + i * outputs + o
        compare(
          Double(gradient.base[k]),
          columns.reduce(Double(before[k])) { $0 + at(x, inputs, i, $1) * at(ybar, outputs, o, $1) })
      }
    }
    #expect(worst < tolerance)
    #expect(Array(gradient.buffer[..<8]) == Array(before[..<8]))
  }
}
