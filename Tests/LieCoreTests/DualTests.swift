// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

@Suite("Dual numbers")
struct DualTests {
  /// f(x) = (3x² − x)/(x + 2), with f′ and f″ in closed form from f = 3x − 7 + 14/(x + 2).
  private func f<S: LieScalar>(_ x: S) -> S { (S(3) * x * x - x) / (x + S(2)) }

  @Test("first and second derivatives of a rational function", arguments: [-1.3, 0, 0.5, 40])
  func derivatives(x: Double) {
    let y = f(Dual(Dual(x, tangent: 1), tangent: Dual(1, tangent: 0)))
    let shifted = x + 2
    #expect(abs(y.value.value - (3 * x - 7 + 14 / shifted)) < 1e-13 * (1 + abs(3 * x)))
    #expect(abs(y.value.tangent - (3 - 14 / (shifted * shifted))) < 1e-13)
    #expect(y.value.tangent == y.tangent.value)
    #expect(abs(y.tangent.tangent - 28 / (shifted * shifted * shifted)) < 1e-12)
  }

  @Test("negation and constants carry no tangent of their own")
  func constants() {
    let x = Dual(2.0, tangent: 3)
    #expect((-x).tangent == -3)
    #expect((x - x).tangent == 0)
    #expect(Dual<Double>(5).tangent == 0)
  }
}
