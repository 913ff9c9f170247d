// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

@Suite("Nyström's table")
struct NystromTableTests {
  /// The state of the oscillator q̈ = −q, from q = 0.6, v = 0.8, at the fraction θ of one step h, against the exact one.
  private func errors(_ table: NystromTable, h: Double, at θ: Double) -> (q: Double, v: Double) {
    let (q, v) = (0.6, 0.8)
    var accelerations: [Double] = []
    for s in 0..<table.stages {
      let pull = (0..<s).reduce(0) { $0 + table.a[s][$1] * accelerations[$1] }
      accelerations.append(-(q + table.c[s] * h * v + h * h * pull))
    }
    func sum(_ weights: [Double]) -> Double { zip(weights, accelerations).reduce(0) { $0 + $1.0 * $1.1 } }
    let t = θ * h
    let found = (
      q: q + t * v + h * h * sum(table.positionWeights(at: θ)), v: v + h * sum(table.velocityWeights(at: θ))
    )
    return (abs(found.q - (q * cos(t) + v * sin(t))), abs(found.v - (v * cos(t) - q * sin(t))))
  }

  /// Errors of one step fall as h⁵ at its end; on the way those of v as h⁴.
  @Test("local orders at the end of a step and within it", arguments: [1, 1 / 2, 1 / 3, 3 / 4])
  func localOrder(θ: Double) {
    let (coarse, fine) = (errors(.nystrom4, h: 0.2, at: θ), errors(.nystrom4, h: 0.1, at: θ))
    #expect(abs(log2(coarse.q / fine.q) - 5) < 0.3)
    #expect(abs(log2(coarse.v / fine.v) - (θ == 1 ? 5 : 4)) < 0.3)
  }

  @Test("the method's own weights at the end, none at the start")
  func weights() {
    func check(_ found: [Double], _ expected: [Double]) {
      for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-15) }
    }
    let table = NystromTable.nystrom4
    check(table.velocityWeights(at: 1), [1.0 / 6, 2.0 / 3, 1.0 / 6])
    check(table.positionWeights(at: 1), [1.0 / 6, 1.0 / 3, 0])
    #expect(table.velocityWeights(at: 0) == [0, 0, 0] && table.positionWeights(at: 0) == [0, 0, 0])
  }
}
