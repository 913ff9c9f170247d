// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

@testable import noether

/// The upper end of spectra that are known: −2 + 2 cos(πk/(n + 1)) of the second differences with fixed ends, and shifted ones.
@Suite struct LanczosTests {
  private func largest(_ n: Int, scale: Double, shift: Double) -> Double {
    LanczosIteration.largestEigenvalue(dimension: n) { v in
      v.indices.map { k in
        let left = k > 0 ? v[k - 1] : 0
        let right = k + 1 < n ? v[k + 1] : 0
        return scale * (left - 2 * v[k] + right) + shift * v[k]
      }
    }
  }

  /// To rounding where the basis is complete, and within a part of the spectrum where it is not; far above and below 0.
  @Test(arguments: [(1, 1e-12), (7, 1e-12), (60, 1e-9), (400, 1e-3)], [1.0, -1])
  func findsTheUpperEnd(size: (n: Int, tolerance: Double), sign: Double) {
    let (n, tolerance) = size
    let edge = Double(n + 1)
    // Of −A the largest is that with k = n.
    let cosine = cos(.pi * (sign > 0 ? 1 : Double(n)) / edge)
    let expected = sign * (-2 + 2 * cosine)
    for shift in [0.0, 3, -1000] {
      let found = largest(n, scale: sign, shift: shift)
      #expect(
        abs(found - expected - shift) < 4 * tolerance + 1e-12 * abs(shift), "\(found), \(expected + shift)")
    }
  }

  @Test func whatIsNotFiniteHasNone() {
    #expect(LanczosIteration.largestEigenvalue(dimension: 3) { _ in [.nan, 0, 0] }.isNaN)
    #expect(LanczosIteration.largestEigenvalue(dimension: 2) { _ in [0, 0] } == 0)
  }
}
