// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation

/// What every command takes that uses all cores.
struct WorkOptions: ParsableArguments {
  static let possibleThreads = 1...1024

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many threads to use; the result has the same bits at any number.",
      discussion: "Default: NOETHER_THREADS, or all cores.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Show no progress.")
  var quiet = false

  func validate() throws {
    if let threads, !Self.possibleThreads.contains(threads) {
      throw ValidationError("--threads \(threads): 1 to \(Self.possibleThreads.upperBound) are possible.")
    }
  }

  /// The number of threads to use, from the option, the environment or the machine.
  func threadCount() throws -> Int { try threads ?? Self.defaultThreads() }

  /// The number of threads where no option names one.
  static func defaultThreads() throws -> Int {
    guard let text = ProcessInfo.processInfo.environment["NOETHER_THREADS"], !text.isEmpty else {
      return ProcessInfo.processInfo.activeProcessorCount
    }
    guard let count = Int(text), possibleThreads.contains(count) else {
      throw NoetherError(
        "NOETHER_THREADS=\(text): a whole number from 1 to \(possibleThreads.upperBound) is needed")
    }
    return count
  }
}

/// What every command takes that saves while it runs.
struct RunOptions: ParsableArguments {
  @OptionGroup var work: WorkOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Seconds between two savings of a long run.", discussion: "Ctrl-C saves in any case.",
      valueName: "s"))
  var saveEvery = 30.0

  init() {}

  /// For a study, whose trainings save by epochs.
  init(_ work: WorkOptions) {
    self.work = work
    saveEvery = 1e9
  }

  var quiet: Bool { work.quiet }

  func threadCount() throws -> Int { try work.threadCount() }

  func validate() throws {
    guard saveEvery > 0, saveEvery <= 1e9 else {
      throw ValidationError("--save-every \(saveEvery): more than 0 and at most 1e9 seconds are possible.")
    }
  }
}

/// Where a run goes and what happens to one that is there already.
struct OutputOptions: ParsableArguments {
  @Option(name: .customLong("out"), help: ArgumentHelp("The run directory to make.", valueName: "dir"))
  var directory: String

  @Flag(help: "Replace a run directory that is there already.")
  var overwrite = false

  @Flag(help: "Go on with a run that was stopped, from its run.json alone.")
  var resume = false

  func validate() throws {
    if overwrite && resume {
      throw ValidationError("--overwrite starts again and --resume goes on: take one of them.")
    }
  }

  /// Refuses a place that is taken, before any work is done.
  func checkPlace() throws {
    try RunDirectory.checkPlace(directory, overwrite: overwrite)
  }
}

/// Where a command that makes one table writes it.
struct TableOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The file to write; stdout without it.", valueName: "csv"))
  var out: String?

  @Flag(help: "Replace a file that is there already.")
  var overwrite = false

  /// Refuses a place that is taken, before any work is done.
  func check() throws {
    if let out { try check(out) }
  }

  /// The same of another file that the command writes.
  func check(_ path: String) throws {
    guard !overwrite, FileManager.default.fileExists(atPath: path) else { return }
    throw NoetherError("\(path): is there already; add --overwrite to replace it, or choose another name")
  }
}

/// Changes to single keys of a scenario or a training config.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Override a key of the file, for instance --set integrator.step=200. May be repeated.",
      valueName: "key=value"))
  var settings: [String] = []
}

/// Which systems of a scenario to run, and by which method.
struct EnsembleOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many systems to draw from a random scenario.", valueName: "n"))
  var systems: Int?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The seed of a random scenario.", valueName: "s"))
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Another method, one of `noether list integrators`.",
      discussion: "It keeps the step or the tolerance of the scenario, whichever it can use.",
      valueName: "m"))
  var method: String?

  func validate() throws {
    if let systems, systems < 1 { throw ValidationError("--systems \(systems): at least 1 is needed.") }
  }
}
