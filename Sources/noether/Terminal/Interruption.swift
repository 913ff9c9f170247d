// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and a terminal that hangs up: the first asks the run to finish its step and save, a second
/// Ctrl-C or SIGTERM ends the process at once.
enum Interruption {
  /// The signal that arrived, 0 for none. A lock-free atomic: the only thing a signal handler may touch.
  private static let received = Atomic<Int32>(0)

  static var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  static func listen() {
    // A parent that started this process from a thread with blocked signals has passed the block on.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    sigaddset(&signals, SIGHUP)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    // `nohup` has SIGHUP ignored, and so it stays.
    let previous = signal(SIGHUP, SIG_IGN)
    let isNohup = unsafeBitCast(previous, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    for number in [SIGINT, SIGTERM] + (isNohup ? [] : [SIGHUP]) {
      signal(number) { number in
        let (first, _) = Interruption.received.compareExchange(
          expected: 0, desired: number, ordering: .relaxed)
        // The shell and the kernel both tell of a lost terminal: hearing it twice is no haste.
        if !first, number != SIGHUP { _exit(128 + number) }
      }
    }
  }

  /// How a stopped run ends: the shell's code for the signal, and the way to go on.
  static func stopped(_ directory: String) -> NoetherError {
    NoetherError("stopped and saved; go on with: noether resume \(directory)", exitCode: exitCode)
  }

  /// The same where there was nothing to save yet.
  static var stoppedBeforeWriting: NoetherError {
    NoetherError("stopped before anything was written", exitCode: exitCode)
  }

  private static var exitCode: Int32 {
    let number = received.load(ordering: .relaxed)
    return 128 + (number == 0 ? SIGINT : number)
  }
}
