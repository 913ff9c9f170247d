// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What the program says to its user: messages on stderr, results on stdout.
enum Terminal {
  /// Whether stderr is watched by a person rather than collected in a file.
  static let isInteractive = isatty(STDERR_FILENO) == 1

  /// One message on stderr, under the program's name.
  static func say(_ message: String) {
    write("noether: " + message + "\n")
  }

  static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
