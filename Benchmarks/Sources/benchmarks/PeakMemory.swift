// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The most memory this process has held since it was asked to forget, in MiB; Linux only.
enum PeakMemory {
  /// Gives back what is free and forgets the peak so far. What then is still held, the program and its libraries
  /// among it, counts towards the next.
  static func forget() {
    // In malloc.h, which the Glibc module leaves out.
    if let symbol = dlsym(nil, "malloc_trim") {
      _ = unsafeBitCast(symbol, to: (@convention(c) (Int) -> CInt).self)(0)
    }
    try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
  }

  /// nil where the system does not say.
  static var mebibytes: Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
    else { return nil }
    return kibibytes / 1024
  }
}
