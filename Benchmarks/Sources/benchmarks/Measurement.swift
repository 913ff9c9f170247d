// SPDX-License-Identifier: GPL-3.0-or-later

/// The times of one piece of work, repeated.
///
/// On machines that others share, single calls stall: the median and the minimum are what means something.
struct Measurement {
  /// In order of size.
  private let milliseconds: [Double]

  /// Runs `work` at least `atLeast` times and for about `seconds`, after once to warm up unless the work is so long
  /// that it makes no difference.
  init(atLeast: Int, seconds: Double, warmUp: Bool, _ work: () throws -> Void) rethrows {
    if warmUp { try work() }
    let clock = ContinuousClock()
    let start = clock.now
    var times: [Double] = []
    while times.count < atLeast || clock.now - start < .seconds(seconds) {
      times.append(try clock.measure(work) / .milliseconds(1))
    }
    milliseconds = times.sorted()
  }

  private init(milliseconds: [Double]) { self.milliseconds = milliseconds }

  var n: Int { milliseconds.count }
  var min: Double { milliseconds[0] }
  var max: Double { milliseconds[n - 1] }
  var median: Double { (milliseconds[(n - 1) / 2] + milliseconds[n / 2]) / 2 }

  /// The time of one of `count` equal parts of the work.
  func perPart(of count: Int) -> Measurement {
    Measurement(milliseconds: milliseconds.map { $0 / Double(count) })
  }

  /// 10⁹ operations per second at the median, if the work has so many.
  func gflops(_ operations: Double) -> Double { operations / (median * 1e6) }
}
