// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Synchronization

/// How many threads one evaluation of a force may use: its share of those that `parallelMap` has, all cores outside of
/// one. It changes no result.
public enum ThreadLimit {
  private static let limit = Atomic<Int>(ProcessInfo.processInfo.activeProcessorCount)

  public static var current: Int { limit.load(ordering: .relaxed) }
  public static func set(_ threads: Int) { limit.store(max(1, threads), ordering: .relaxed) }
}
