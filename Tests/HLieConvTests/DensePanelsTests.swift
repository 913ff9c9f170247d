// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

/// Dense layers on panels beside plain loops: small ones, such as are cut into blocks, and more panels than are taken at a time.
@Suite struct DensePanelsTests {
  @Test(arguments: [(3, 3, 5), (3, 40, 1), (3, 300, 700), (3, 1200, 150), (45, 9, 27), (70, 5, 16)])
  func productsAreThoseOfPlainLoops(_ panels: Int, _ inputs: Int, _ outputs: Int) {
    forEachInstructionSet { compareWithPlainLoops(panels, inputs, outputs) }
  }

  private func compareWithPlainLoops(_ panels: Int, _ inputs: Int, _ outputs: Int) {
    let lanes = Product<Double>.Right.lanes
    let layer = PointNetwork.Dense(inputs: inputs, outputs: outputs, weight: 8, bias: 8 + inputs * outputs)
    var generator = SeededGenerator(seed: 4)
    func memory(_ count: Int) -> AlignedMemory<Double> {
      AlignedMemory((0..<count).map { _ in generator.normal() })
    }
    let parameters = memory(8 + inputs * outputs + outputs)
    let (x, ybar) = (memory(panels * inputs * lanes), memory(panels * outputs * lanes))
    let (y, xbar) = (memory(panels * outputs * lanes), memory(panels * inputs * lanes))
    let gradient = memory(parameters.count)
    let before = Array(gradient.buffer)
    layer.forward(panels, parameters.base, x.base, to: y.base)
    layer.pullBack(panels, parameters.base, ybar.base, to: xbar.base)
    layer.gather(panels, x.base, ybar.base, into: gradient.base)

    func at(_ memory: AlignedMemory<Double>, _ channels: Int, _ k: Int, _ column: Int) -> Double {
      memory.base[column / lanes * channels * lanes + k * lanes + column % lanes]
    }
    let columns = 0..<panels * lanes
    var worst = 0.0
    func compare(_ value: Double, _ expected: Double) { worst = max(worst, abs(value - expected)) }
    for column in columns {
      for o in 0..<outputs {
        compare(
          at(y, outputs, o, column),
          (0..<inputs).reduce(parameters.base[layer.bias + o]) {
            $0 + parameters.base[layer.weight + $1 * outputs + o] * at(x, inputs, $1, column)
          })
      }
      for i in 0..<inputs {
        compare(
          at(xbar, inputs, i, column),
          (0..<outputs).reduce(0.0) {
            $0 + parameters.base[layer.weight + i * outputs + $1] * at(ybar, outputs, $1, column)
          })
      }
    }
    for o in 0..<outputs {
      compare(
        gradient.base[layer.bias + o],
        columns.reduce(before[layer.bias + o]) { $0 + at(ybar, outputs, o, $1) })
      for i in 0..<inputs {
        let k = layer.weight + i * outputs + o
        compare(
          gradient.base[k], columns.reduce(before[k]) { $0 + at(x, inputs, i, $1) * at(ybar, outputs, o, $1) }
        )
      }
    }
    #expect(worst < 1e-11)
    #expect(Array(gradient.buffer[..<8]) == Array(before[..<8]))
  }
}
