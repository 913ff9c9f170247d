// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import HLieConv

/// Work is shared where that is faster, and hardly ever where it is not.
@Suite("Pace")
struct PaceTests {
  /// The share of works that are shared, and the time all of them take, where one takes so many ns alone and shared.
  private func run(
    _ pace: inout Pace, seconds: Double, alone: (Int) -> Int, shared: (Int) -> Int
  ) -> (sharing: Double, time: Double) {
    var (time, works, sharings) = (0.0, 0, 0)
    while time < seconds * 1e9 {
      let shares = pace.prefersSharing
      let taken = shares ? shared(works) : alone(works)
      pace.note(nanoseconds: UInt64(taken), shared: shares)
      time += Double(taken)
      works += 1
      if shares { sharings += 1 }
    }
    return (Double(sharings) / Double(works), time / Double(works))
  }

  @Test("shares what is faster shared, whatever holds up single works")
  func faster() {
    var pace = Pace()
    #expect(!pace.prefersSharing)
    let result = run(&pace, seconds: 1, alone: { _ in 100_000 }) {
      $0.isMultiple(of: 100) ? 5_000_000 : 60_000
    }
    #expect(result.sharing > 0.99)
  }

  /// What the members need is at first in another core's cache.
  @Test("is not deceived by the first works that are shared")
  func coldShared() {
    var pace = Pace()
    var lone = 0
    let result = run(&pace, seconds: 1) {
      lone = $0; return 100_000
    } shared: {
      $0 - lone <= 10 ? 130_000 : 60_000
    }
    #expect(result.sharing > 0.98)
  }

  @Test("works alone where that is faster", arguments: [5_000, 100_000])
  func slower(alone: Int) {
    var pace = Pace()
    _ = run(&pace, seconds: 5, alone: { _ in alone }) { _ in 3 * alone }
    // Later, a hundredth of the time goes into trying, at a third of the speed.
    #expect(run(&pace, seconds: 10, alone: { _ in alone }) { _ in 3 * alone }.time < 1.02 * Double(alone))
  }

  /// The first works of a program are slow, and any may be held up: neither makes sharing look good.
  @Test("is not deceived by single works alone that took long")
  func heldUpAlone() {
    var pace = Pace()
    _ = run(&pace, seconds: 5, alone: { $0 < 2 || $0.isMultiple(of: 50) ? 5_000_000 : 100_000 }) { _ in
      200_000
    }
    let result = run(&pace, seconds: 10, alone: { _ in 100_000 }) { _ in 200_000 }
    #expect(result.sharing < 0.02)
  }

  @Test("sees that working alone has become faster")
  func aloneBecomesFaster() {
    var pace = Pace()
    _ = run(&pace, seconds: 5, alone: { _ in 100_000 }) { _ in 80_000 }
    _ = run(&pace, seconds: 5, alone: { _ in 50_000 }) { _ in 80_000 }
    #expect(run(&pace, seconds: 10, alone: { _ in 50_000 }) { _ in 80_000 }.sharing < 0.02)
  }

  @Test("comes back to sharing when that is faster again, and pays little for trying")
  func change() {
    var pace = Pace()
    _ = run(&pace, seconds: 10, alone: { _ in 100_000 }) { _ in 400_000 }
    _ = run(&pace, seconds: 3, alone: { _ in 100_000 }) { _ in 60_000 }
    #expect(run(&pace, seconds: 1, alone: { _ in 100_000 }) { _ in 60_000 }.sharing > 0.99)
    _ = run(&pace, seconds: 0.1, alone: { _ in 100_000 }) { _ in 110_000 }
    #expect(run(&pace, seconds: 0.1, alone: { _ in 100_000 }) { _ in 110_000 }.sharing < 0.6)
  }
}
