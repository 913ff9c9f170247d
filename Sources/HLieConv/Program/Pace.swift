// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether work that comes again and again is better shared, judged by how long it took of late.
///
/// Sharing does not pay for small networks, nor where other programs want the cores too: a member may then be kept from
/// work for milliseconds while the others look in vain. Sharing is given up as soon as it takes longer than working
/// alone, for 10 ms at first, and for twice as long each time that it fails again at once. After a rest the first
/// 20 ms of sharing do not count: the other members have to be woken, often on the core that is in use, and it takes the
/// scheduler some time to move them. Nor do the first few works count that are shared after one that was done alone: what
/// the members need is then in the wrong cache, and those works were seen to take twice as long as later ones.
struct Pace {
  /// Nanoseconds that a work takes.
  private struct Cost {
    private(set) var mean = 0.0
    private var samples = 0

    /// The least of the first three, of which some are cold; from then on a mean over some of the last ones, in which a
    /// single work that was held up, however long, does not count much.
    mutating func add(_ time: Double) {
      samples += 1
      if samples <= 3 {
        mean = samples == 1 ? time : min(mean, time)
      } else {
        mean += 0.125 * (min(time, 2 * mean) - mean)
      }
    }
    var isKnown: Bool { samples >= 3 }
  }

  private var alone = Cost()
  private var shared = Cost()
  /// Nanoseconds of work that are still to be done alone, how many it will be next time, how many of shared work do not
  /// count, and how many may be shared before one work is done alone again, to measure it.
  private var rest = 0.0
  private var nextRest = shortestRest
  private var waking = wakingTime
  private var untilCheck = checkInterval
  /// How many shared works do not count because the members' caches are cold since a work was done alone.
  private var cold = coldWorks
  private static let shortestRest = 10e6
  private static let longestRest = 1280e6
  private static let wakingTime = 20e6
  private static let coldWorks = 32
  private static let checkInterval = 50e6

  /// Whether the next work is better shared.
  var prefersSharing: Bool { alone.isKnown && rest <= 0 && untilCheck > 0 }

  mutating func note(nanoseconds: UInt64, shared wasShared: Bool) {
    let time = Double(nanoseconds)
    guard wasShared else {
      alone.add(time)
      rest -= time
      untilCheck = Self.checkInterval
      cold = Self.coldWorks
      return
    }
    untilCheck -= time
    if waking > 0 {
      waking -= time
      return
    }
    if cold > 0 {
      cold -= 1
      return
    }
    shared.add(time)
    guard shared.isKnown else { return }
    if shared.mean > alone.mean {
      (rest, shared) = (nextRest, Cost())
      waking = Self.wakingTime
      nextRest = min(2 * nextRest, Self.longestRest)
    } else {
      nextRest = max(nextRest - time, Self.shortestRest)
    }
  }
}
