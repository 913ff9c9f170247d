// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Synchronization

/// What the program says to its user: messages on stderr, results on stdout.
enum Terminal {
  /// Whether stderr is watched by a person rather than collected in a file.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// Set once the reader of stdout has gone: what else would go there is dropped.
  private static let outputHasEnded = Atomic<Bool>(false)

  /// Makes descriptors 0–2 and closed pipes safe; before anything is opened or written.
  static func prepare() {
    // A closed descriptor would be given to the next file that is opened, and messages would go into it. In the
    // place of stdout stands one that cannot be written, so that results are not lost in silence.
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      _ = open("/dev/null", descriptor == STDERR_FILENO ? O_WRONLY : O_RDONLY)
    }
    // A pipe whose reader has gone is an error of `write` and no more. A handler that does nothing, as an ignored
    // signal would stay ignored in gnuplot and its children.
    signal(SIGPIPE) { _ in }
    // A limit on the size of files (ulimit -f) is an error of `write` too.
    signal(SIGXFSZ) { _ in }
  }

  /// One message on stderr, under the program's name.
  static func say(_ message: String) {
    write("noether: " + shown(message) + "\n")
  }

  private static let steering: Set<Unicode.GeneralCategory> = [
    .control, .format, .lineSeparator, .paragraphSeparator,
  ]

  /// Names in messages come from files and arguments: what would steer a terminal is spelled out.
  private static func shown(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { shown, scalar in
      if steering.contains(scalar.properties.generalCategory), scalar != "\n", scalar != "\t" {
        shown += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
  }

  /// Text on stderr. Where that fails, nobody can be told: the work goes on.
  static func write(_ text: String) {
    _ = send(text, to: STDERR_FILENO)
  }

  /// Text on stdout. A reader that has gone (`| head`) wants no more and is no error; a full disk is one.
  static func print(_ text: String) throws(NoetherError) {
    guard !outputHasEnded.load(ordering: .relaxed) else { return }
    switch send(text, to: STDOUT_FILENO) {
    case 0: break
    case EPIPE: outputHasEnded.store(true, ordering: .relaxed)
    case let code:
      throw NoetherError("standard output: cannot be written: \(String(cString: strerror(code)))")
    }
  }

  /// Whether `error` only says that the reader of stdout has gone.
  static func isEndOfOutput(_ error: NoetherError) -> Bool {
    guard error.message.hasPrefix("standard output: ") else { return false }
    var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    return poll(&output, 1, 0) > 0 && output.revents & Int16(POLLERR) != 0
  }

  /// Writes all of `text`; 0, or the errno of what failed.
  private static func send(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        start += count
      } else if errno == EAGAIN {
        // A descriptor that another process made non-blocking: wait until it takes more.
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&ready, 1, 1000)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
}
