// SPDX-License-Identifier: GPL-3.0-or-later

/// What a user gets to read when something cannot be done: one message that names the file, line or key, the
/// value, and the remedy.
public struct NoetherError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String
  /// What the process exits with; 64 is left to bad usage of the command line.
  public var exitCode: Int32

  public init(_ message: String, exitCode: Int32 = 1) {
    self.message = message
    self.exitCode = exitCode
  }

  public var description: String { message }
}
