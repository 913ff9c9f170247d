// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether work that comes again and again is better shared, judged by how long it took of late.
///
/// Sharing does not pay for small networks, nor where other programs want the cores too: a member may then be kept from
/// work for milliseconds while the others look in vain. Sharing is given up as soon as it takes longer than working
/// alone, for 32 works at first, and for twice as many each time that it fails again at once. What is shared in the
/// first 10 ms after works done alone does not count: the other members are woken, often on the core that is in use, and
/// it takes the scheduler some time to move them.
struct Pace {
  /// Nanoseconds that a work takes alone, and shared, as means over some of the last ones; 0 where none are known.
  private var alone = 0.0
  private var shared = 0.0
  /// Works that are still to be done alone, and how many it will be next time.
  private var rest = 0
  private var nextRest = shortestRest
  private static let shortestRest = 32
  private var waking = wakingTime
  private static let wakingTime = 10e6
  private static let longestRest = 4096

  /// Whether the next work is better shared.
  var prefersSharing: Bool { alone > 0 && rest == 0 }

  mutating func note(nanoseconds: UInt64, shared wasShared: Bool) {
    let time = Double(nanoseconds)
    if wasShared {
      if waking > 0 {
        waking -= time
        return
      }
      // A single work that was held up, however long, does not count much.
      shared += (shared == 0 ? 1 : 0.125) * (min(time, 2 * alone) - shared)
      if shared > alone {
        (rest, shared) = (nextRest, 0)
        nextRest = min(2 * nextRest, Self.longestRest)
      } else {
        nextRest = max(nextRest - 1, Self.shortestRest)
      }
    } else {
      alone += (alone == 0 ? 1 : 0.25) * (time - alone)
      rest = max(0, rest - 1)
      waking = Self.wakingTime
    }
  }
}
