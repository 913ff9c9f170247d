// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The command line cannot be understood.
struct UsageError: Error, CustomStringConvertible {
  var description: String
}

/// What the command line asks for.
struct Options {
  /// The rows to run, in the order of the registry.
  var rows: [Row] = []
  /// How long each line is measured, warming up not counted.
  var seconds = 5.0
  /// Where all lines go as a table, if anywhere.
  var csv: String?
  /// The folder that rows of springs write their initial states into, for peers to start from, if any.
  var starts: String?
  /// `NOETHER_THREADS`, or one per core.
  var threads =
    ProcessInfo.processInfo.environment["NOETHER_THREADS"].flatMap(Int.init)
    ?? ProcessInfo.processInfo.activeProcessorCount

  /// nil where only help is wanted.
  init?(_ arguments: [String]) throws {
    var names: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--help", "-h": return nil
      case "--seconds":
        guard let value = rest.popFirst().flatMap(Double.init), value >= 0, value.isFinite else {
          throw UsageError(description: "--seconds takes a number; write --seconds 5")
        }
        seconds = value
      case "--csv":
        guard let path = rest.popFirst() else {
          throw UsageError(description: "--csv takes a file; write --csv rows.csv")
        }
        csv = path
      case "--starts":
        guard let path = rest.popFirst() else {
          throw UsageError(description: "--starts takes a folder; write --starts data")
        }
        starts = path
      case let option where option.hasPrefix("-"):
        throw UsageError(description: "there is no option \(option)\n\(Self.usage)")
      default: names.append(argument)
      }
    }
    for name in names where !Row.all.contains(where: { $0.isCalled(name) }) {
      throw UsageError(description: "there is no row '\(name)'; there are\n\(Self.list)")
    }
    rows = Row.all.filter { row in names.isEmpty || names.contains(where: row.isCalled) }
  }

  static var usage: String {
    """
    benchmarks [--seconds S] [--csv FILE] [--starts FOLDER] [row or group …]

    Times each row for about S seconds (5) and prints one JSON line per measurement; all rows without a name. With
    --csv the lines also go into FILE as a table; with --starts the rows of springs write what they start from into
    FOLDER, start_z.npy and start_sysp.npy. NOETHER_THREADS sets the number of threads.

    \(list)
    """
  }

  /// Every row with what it measures and the groups it is in.
  private static var list: String {
    let width = Row.all.map(\.name.count).max() ?? 0
    return Row.all.map { row in
      let gap = String(repeating: " ", count: width - row.name.count)
      return "  \(row.name)\(gap)  \(row.groups.map(\.rawValue).joined(separator: ", ")): \(row.summary)"
    }.joined(separator: "\n")
  }
}
