// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// The built command line, run as a process: arguments in; exit code, stdout, stderr and files out.
struct Tool {
  struct Result {
    var code: Int32
    var output: String
    var errors: String

    /// The output as metric,value, by name.
    var metrics: [String: Double] {
      Dictionary(
        uniqueKeysWithValues: output.split(separator: "\n").dropFirst().map { line in
          let parts = line.split(separator: ",")
          return (String(parts[0]), Double(parts[1]) ?? .nan)
        })
    }
  }

  /// A folder of its own for one test, removed when the test is over.
  final class Folder {
    let path: String

    init() throws {
      let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("noether-tests-" + UUID().uuidString)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    func write(_ name: String, _ text: String) throws -> String {
      try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
      return file(name)
    }

    func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: file(name))) }

    func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

    /// Every entry, by name: what a command left behind.
    var entries: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
  }

  /// The folder of the package, which holds `scenarios/` and `plots/`.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static let hasGnuplot = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    .contains { FileManager.default.isExecutableFile(atPath: $0 + "/gnuplot") }

  /// The executable that the test build made: it stands beside the test bundle.
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0]).standardizedFileURL
    .deletingLastPathComponent().appendingPathComponent("noether")

  /// A running process; its output goes to files, so that no pipe fills up.
  final class Running {
    let process = Process()
    private let folder: Folder

    init(
      _ arguments: [String], in directory: String?, environment: [String: String],
      executable: URL = Tool.executable
    ) throws {
      folder = try Folder()
      process.executableURL = executable
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: directory ?? Tool.package)
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try Self.sink(folder.file("stdout"))
      process.standardError = try Self.sink(folder.file("stderr"))
      try process.run()
    }

    private static func sink(_ path: String) throws -> FileHandle {
      try Data().write(to: URL(fileURLWithPath: path))
      return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var errors: String { (try? folder.text("stderr")) ?? "" }

    func result() throws -> Result {
      process.waitUntilExit()
      return Result(code: process.terminationStatus, output: try folder.text("stdout"), errors: errors)
    }

    /// Waits until `condition` holds; false if the process ends or a minute passes first.
    func wait(until condition: () -> Bool) -> Bool {
      let deadline = Date().addingTimeInterval(60)
      while Date() < deadline {
        if condition() { return true }
        guard process.isRunning else { return condition() }
        usleep(2000)
      }
      return false
    }
  }

  static func start(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:]
  ) throws -> Running {
    try Running(arguments, in: directory, environment: environment)
  }

  /// Runs a line of shell, for what only a shell arranges; "$NOETHER" is the executable.
  static func shell(_ line: String, in directory: String? = nil) throws -> Result {
    try Running(
      ["-c", line], in: directory, environment: ["NOETHER": executable.path, "NOETHER_HOME": package],
      executable: URL(fileURLWithPath: "/bin/sh")
    ).result()
  }

  static func run(
    _ arguments: String..., in directory: String? = nil, environment: [String: String] = [:]
  ) throws -> Result {
    try Running(arguments, in: directory, environment: environment).result()
  }

  static func running(_ arguments: [String]) throws -> Result {
    try Running(arguments, in: nil, environment: [:]).result()
  }
}
