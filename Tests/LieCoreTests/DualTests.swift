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

  /// A path through every elementary function; its derivatives are those of extrapolated differences.
  private func g<S: LieScalar>(_ x: S) -> S {
    S.atan2(y: S.sin(x), x: S.exp(-x)) * S.sqrt(x * x + S(2)) + S.log(S(3) + S.cos(x * x))
  }

  @Test("first and second derivatives of the elementary functions", arguments: [-1.7, -0.2, 0, 0.9, 2.4])
  func elementary(x: Double) {
    func difference(_ f: (Double) -> Double) -> Double {
      func central(_ h: Double) -> Double { (f(x + h) - f(x - h)) / (2 * h) }
      return (4 * central(5e-4) - central(1e-3)) / 3
    }
    let y = g(Dual(Dual(x, tangent: 1), tangent: Dual(1, tangent: 0)))
    #expect(y.real == g(x))
    #expect(abs(y.value.tangent - difference { g($0) }) < 1e-9)
    #expect(abs(y.tangent.tangent - difference { g(Dual($0, tangent: 1)).tangent }) < 1e-9)
  }

  @Test("negation and constants carry no tangent of their own")
  func constants() {
    let x = Dual(2.0, tangent: 3)
    #expect((-x).tangent == -3)
    #expect((x - x).tangent == 0)
    #expect(Dual<Double>(5).tangent == 0)
  }
}
