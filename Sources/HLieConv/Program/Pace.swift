// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether work that comes again and again is better shared, judged by how long it took of late.
///
/// Sharing does not pay for small networks, nor where other programs want the cores too: a member may then be kept from
/// work for milliseconds while the others look in vain. Sharing is given up as soon as it takes longer than working
/// alone, for 10 ms at first, and for twice as long each time that it fails again at once. After a longer rest the first
/// 10 ms of sharing do not count: the other members have to be woken, often on the core that is in use, and it takes the
/// scheduler some time to move them.
struct Pace {
  /// Nanoseconds that a work takes alone, and shared, as means over some of the last ones; 0 where none are known.
  private var alone = 0.0
  private var shared = 0.0
  /// Nanoseconds of work that are still to be done alone, how many it will be next time, and how many of shared work do
  /// not count.
  private var rest = 0.0
  private var nextRest = shortestRest
  private var waking = wakingTime
  private static let shortestRest = 10e6
  private static let longestRest = 1280e6
  private static let wakingTime = 10e6

  /// Whether the next work is better shared.
  var prefersSharing: Bool { alone > 0 && rest <= 0 }

  mutating func note(nanoseconds: UInt64, shared wasShared: Bool) {
    let time = Double(nanoseconds)
    guard wasShared else {
      alone += (alone == 0 ? 1 : 0.25) * (time - alone)
      rest -= time
      return
    }
    if waking > 0 {
      waking -= time
      return
    }
    // A single work that was held up, however long, does not count much.
    shared += (shared == 0 ? 1 : 0.125) * (min(time, 2 * alone) - shared)
    if shared > alone {
      (rest, shared) = (nextRest, 0)
      waking = rest > Self.shortestRest ? Self.wakingTime : 0
      nextRest = min(2 * nextRest, Self.longestRest)
    } else {
      nextRest = max(nextRest - time, Self.shortestRest)
    }
  }
}
