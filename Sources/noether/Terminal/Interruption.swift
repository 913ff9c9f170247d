// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Synchronization

/// Ctrl-C and SIGTERM: the first asks the run to finish its step and save, the second ends the process at once.
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
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    for number in [SIGINT, SIGTERM] {
      signal(number) { number in
        let (first, _) = Interruption.received.compareExchange(
          expected: 0, desired: number, ordering: .relaxed)
        if !first { _exit(128 + number) }
      }
    }
    // A reader that closes the pipe early (`| head`) ends this process quietly, as it does for other tools.
    signal(SIGPIPE, SIG_DFL)
  }

  /// How a stopped run ends: the shell's code for the signal, and the way to go on.
  static func stopped(_ directory: String) -> NoetherError {
    let number = received.load(ordering: .relaxed)
    return NoetherError(
      "stopped and saved; go on with: noether resume \(directory)", exitCode: 128 + max(number, SIGINT))
  }

  /// The same where there was nothing to save yet.
  static var stoppedBeforeWriting: NoetherError {
    let number = received.load(ordering: .relaxed)
    return NoetherError("stopped before anything was written", exitCode: 128 + max(number, SIGINT))
  }
}
