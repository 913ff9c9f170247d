// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Times the libraries: one JSON line per row on the standard output, then a table on the standard error.
@main
struct Main {
  static func main() {
    do {
      guard let options = try Options(Array(CommandLine.arguments.dropFirst())) else {
        print(Options.usage)
        return
      }
      let bench = Bench(options)
      for row in options.rows { try row.run(bench) }
      if let path = options.csv {
        try bench.lines.csv.write(toFile: path, atomically: true, encoding: .utf8)
      }
      complain(bench.lines.table)
    } catch {
      complain("benchmarks: \(error)")
      exit(error is UsageError ? 64 : 1)
    }
  }

  private static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// What the rows share: how long to measure, on how many threads, and where results go.
final class Bench {
  let options: Options
  private(set) var lines: [Line] = []

  init(_ options: Options) { self.options = options }

  var threads: Int { options.threads }

  /// Times `work` for about as long as the options say.
  func time(atLeast: Int = 3, warmUp: Bool = true, _ work: () throws -> Void) rethrows -> Measurement {
    try Measurement(atLeast: atLeast, seconds: options.seconds, warmUp: warmUp, work)
  }

  /// Prints the line of a row at once, so that an interrupted run has lost nothing.
  func report(_ line: Line) {
    lines.append(line)
    print(line.json)
    fflush(nil)
  }

  /// The scenarios that come with the repository.
  static func scenario(_ name: String, overrides: [String] = []) throws -> Scenario {
    let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    return try Scenario.load(
      root.appendingPathComponent("scenarios/\(name).yaml").path, overrides: overrides)
  }
}
