// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The times of one piece of work, repeated.
///
/// On machines that others share, single calls stall: the median and the minimum are what means something.
struct Measurement {
  let row: String
  let batch: Int
  private(set) var milliseconds: [Double] = []

  /// Runs `work` once to warm up, then at least `atLeast` times and for about `seconds`.
  init(_ row: String, batch: Int, atLeast: Int = 5, seconds: Double = 10, _ work: () throws -> Void) rethrows
  {
    self.row = row
    self.batch = batch
    try work()
    let clock = ContinuousClock()
    let start = clock.now
    while milliseconds.count < atLeast || clock.now - start < .seconds(seconds) {
      milliseconds.append(try clock.measure(work) / .milliseconds(1))
    }
    milliseconds.sort()
  }

  /// One line: {"row": …, "batch": …, "ms_median": …, "ms_min": …, "ms_max": …, "n": …}.
  var json: String {
    let n = milliseconds.count
    let median = (milliseconds[(n - 1) / 2] + milliseconds[n / 2]) / 2
    func number(_ value: Double) -> String { String(format: "%.4f", value) }
    return "{\"row\": \"\(row)\", \"batch\": \(batch), \"ms_median\": \(number(median)), "
      + "\"ms_min\": \(number(milliseconds[0])), \"ms_max\": \(number(milliseconds[n - 1])), \"n\": \(n)}"
  }
}
