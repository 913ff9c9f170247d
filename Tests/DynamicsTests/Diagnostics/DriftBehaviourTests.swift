// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import TestSupport
import Testing

@testable import Dynamics

/// Drifts whose growth is known by how they are made.
@Suite struct DriftBehaviourTests {
  private static let t = (0..<2000).map { 0.5 * Double($0) }

  private static func behaviour(_ d: (Double) -> Double) -> DriftBehaviour {
    DriftBehaviour(of: t.map(d), at: t)
  }

  private static func walk(seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed: seed)
    var sum = 0.0
    return t.map { _ in
      sum += 1e-16 * random.normal()
      return sum
    }
  }

  /// Swings that are longer, as long and shorter than the blocks that the exponent is read from.
  @Test(arguments: [7.5, 20, 64, 64.3, 500])
  func swingsAreBounded(periods: Double) {
    let swing = Self.behaviour { 1e-6 * (1 - cos(2 * .pi * periods * $0 / 1000)) }
    #expect(swing.verdict == .bounded, "\(swing.exponent)")
    #expect(abs(swing.largest / 2e-6 - 1) < 1e-2)
    #expect(abs(swing.rms / 1.5.squareRoot() - 1e-6) < 1e-8)
    #expect(abs(swing.halves - 1) < 1e-2)
    #expect(abs(swing.slope) <= swing.slopeBound)
  }

  /// A drift in proportion to t under a swing that hides it in any single block of the run's beginning.
  @Test func slowLossesAreSecular() {
    let loss = Self.behaviour { -3e-9 * $0 + 2e-8 * sin(1.7 * $0) }
    #expect(loss.verdict == .secular, "\(loss.exponent)")
    #expect(abs(loss.exponent - 1) < 0.02)
    #expect(abs(loss.slope / -3e-9 - 1) < 1e-3)
    #expect(loss.slopeBound < 1e-11 && abs(loss.slope + 3e-9) < loss.slopeBound)
    #expect(abs(loss.halves - 2) < 0.05)
    #expect(loss.last < -2.9e-6)
  }

  /// Brouwer's law: sums of independent roundings. A single walk may look otherwise; few of sixty do.
  @Test func sumsOfRoundingsAreRandomWalks() {
    let walks = (0..<60).map { DriftBehaviour(of: Self.walk(seed: $0), at: Self.t) }
    #expect(walks.count { $0.verdict == .randomWalk } >= 52)
    let mean = walks.map(\.exponent).reduce(0, +) / 60
    #expect(abs(mean - 0.5) < 0.06, "\(mean)")
  }

  /// The interval holds the slope of a line under noise that remembers the last frames, as often as it says.
  @Test func theIntervalOfTheSlopeHoldsWhatItPromises() {
    let hits = (0..<200).count { seed in
      var random = SeededGenerator(seed: UInt64(seed), path: 7)
      var noise = 0.0
      let d = Self.t.map { t in
        noise = 0.8 * noise + random.normal()
        return 0.01 * t + noise
      }
      let behaviour = DriftBehaviour(of: d, at: Self.t)
      return abs(behaviour.slope - 0.01) < behaviour.slopeBound
    }
    // 95 %, within three standard deviations of 200 trials and what correlation is left.
    #expect((177...199).contains(hits), "\(hits)")
  }

  @Test func whatCannotBeToldIsNotTold() {
    let short = DriftBehaviour(of: Array(repeating: 1, count: 39), at: Array(Self.t.prefix(39)))
    #expect(short.verdict == .unknown && short.slope.isNaN && short.exponent.isNaN && short.largest == 1)
    let broken = Self.behaviour { $0 > 900 ? .nan : 0 }
    #expect(broken.verdict == .unknown && broken.slope.isNaN && broken.largest.isNaN)
    let still = Self.behaviour { _ in 0 }
    #expect(still.verdict == .bounded && still.slope == 0 && still.halves == 1 && still.exponent == 0)
    let none = DriftBehaviour(of: [], at: [])
    #expect(none.verdict == .unknown && none.largest == 0)
  }
}
