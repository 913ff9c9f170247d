// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Bad input ends with exit code 1 and one message that says where, what and what instead; nothing is written,
/// nothing that was there is lost.
@Suite struct BadInputTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    /// What the good scenario's line is replaced by.
    var line: String
    var replacement: String
    /// Words that the message must hold.
    var message: [String]

    var testDescription: String { name }
  }

  private static let scenario = """
    format: noether/scenario
    version: 1
    name: two-bodies
    dimension: 2
    units: {G: 1}
    system: {kind: gravity, softening: 0}
    bodies:
      - {name: a, m: 1, x: [0, 0], v: [0, 0]}
      - {name: b, m: 0.5, x: [1, 0], v: [0, 1]}
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 11}

    """

  static let cases = [
    Case(
      name: "unknown key", line: "integrator: {method: verlet, step: 0.01}",
      replacement: "integrator: {method: verlet, stepp: 0.01}",
      message: ["bad.yaml:10", "integrator.stepp", "unknown key", "did you mean 'step'?"]),
    Case(
      name: "unknown method", line: "method: verlet", replacement: "method: verlett",
      message: ["bad.yaml:10", "'verlett'", "did you mean 'verlet'?"]),
    Case(
      name: "another program's key", line: "step: 0.01", replacement: "dt: 0.01",
      message: ["bad.yaml:10", "integrator.dt", "did you mean 'step'?"]),
    Case(
      name: "another program's method", line: "method: verlet", replacement: "method: leapfrog",
      message: ["bad.yaml:10", "'leapfrog'", "did you mean 'verlet'?"]),
    Case(
      name: "number with a point", line: "dimension: 2", replacement: "dimension: 2.0",
      message: ["bad.yaml:4", "dimension: '2.0'", "did you mean 2?"]),
    Case(
      name: "wrong type", line: "time: {end: 1}", replacement: "time: {end: soon}",
      message: ["bad.yaml:11", "time.end", "'soon'", "number"]),
    Case(
      name: "NaN", line: "x: [1, 0]", replacement: "x: [.nan, 0]",
      message: ["bad.yaml:9", "bodies.1.x", "nan", "finite"]),
    Case(
      name: "infinity", line: "step: 0.01", replacement: "step: .inf",
      message: ["bad.yaml:10", "integrator.step", "inf"]),
    Case(
      name: "negative mass", line: "m: 0.5", replacement: "m: -0.5",
      message: ["bad.yaml:9", "bodies.1.m", "-0.5", "at least 0"]),
    Case(
      name: "G missing", line: "units: {G: 1}\n", replacement: "",
      message: ["bad.yaml", "units.G", "missing", "units: {G: 1}"]),
    Case(
      name: "dimension mismatch", line: "dimension: 2", replacement: "dimension: 3",
      message: ["bad.yaml:8", "bodies.0.x", "3"]),
    Case(
      name: "step that does not fit", line: "step: 0.01", replacement: "step: 0.3",
      message: ["bad.yaml:10", "0.3", "would"]),
    Case(
      name: "bodies at one point", line: "x: [1, 0]", replacement: "x: [0, 0]",
      message: ["bad.yaml:9", "softening"]),
    Case(
      name: "duplicate key", line: "time: {end: 1}", replacement: "time: {end: 1}\ntime: {end: 2}",
      message: ["bad.yaml", "time"]),
    Case(
      name: "version from the future", line: "version: 1", replacement: "version: 2",
      message: ["bad.yaml:2", "newer"]),
    Case(
      name: "no YAML", line: "bodies:", replacement: "bodies: [", message: ["bad.yaml"]),
  ]

  @Test func messagesDoNotSteerTheTerminal() throws {
    let result = try Tool.run("diagnose", "\u{1B}[31mred\u{7}\u{9B}.npz")
    #expect(result.code == 1)
    #expect(result.errors.contains("\\u{1B}[31mred\\u{7}\\u{9B}.npz"), "\(result.errors)")
    #expect(!result.errors.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{9B}" })
  }

  @Test(arguments: cases)
  func scenarioIsRefused(_ bad: Case) throws {
    let folder = try Tool.Folder()
    let text = Self.scenario.replacingOccurrences(of: bad.line, with: bad.replacement)
    #expect(text != Self.scenario, "the case changes something")
    let path = try folder.write("bad.yaml", text)
    try check(
      Tool.run("simulate", path, "--out", folder.file("run")), says: bad.message, leaving: ["bad.yaml"],
      in: folder)
  }

  /// The control: the scenario that the cases damage is good.
  @Test func scenarioItselfRuns() throws {
    let folder = try Tool.Folder()
    let path = try folder.write("good.yaml", Self.scenario)
    let run = try Tool.run("simulate", path, "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    #expect(folder.exists("run/trajectory.csv"))
  }

  @Test func overridesAreRefusedByName() throws {
    let folder = try Tool.Folder()
    try check(
      Tool.run("simulate", "kepler", "--set", "integrator.stpe=1", "--out", folder.file("run")),
      says: ["--set integrator.stpe=1", "did you mean 'step'?"], leaving: [], in: folder)
    try check(
      Tool.run("simulate", "kepler", "--set", "integrator.step", "--out", folder.file("run")),
      says: ["--set integrator.step", "key=value"], leaving: [], in: folder)
  }

  @Test func missingFilesAreNamed() throws {
    let folder = try Tool.Folder()
    let nowhere = folder.file("nowhere")
    for command in [
      ["simulate", nowhere, "--out", folder.file("run")], ["train", nowhere, "--out", folder.file("run")],
      ["rollout", nowhere, "--scenario", "springs", "--out", folder.file("run")],
      ["evaluate", nowhere], ["certify", nowhere], ["diagnose", nowhere], ["validate", nowhere],
      ["plot", nowhere],
      ["resume", nowhere], ["summary", nowhere],
    ] {
      let result = try Tool.Running(command, in: nil, environment: [:]).result()
      try check(result, says: [nowhere], leaving: [], in: folder)
    }
  }

  @Test func mistypedNamesOfShippedFilesAreSuggested() throws {
    let folder = try Tool.Folder()
    try check(
      Tool.run("simulate", "keppler", "--out", folder.file("run")),
      says: ["keppler: there is no such file; did you mean 'kepler'?"], leaving: [], in: folder)
    try check(
      Tool.run("train", "springs-T3", "--out", folder.file("run")), says: ["did you mean 'springs-T2'?"],
      leaving: [], in: folder)
  }

  @Test func outputThatCannotBeWritten() throws {
    let folder = try Tool.Folder()
    _ = try folder.write("file", "precious")
    for place in ["file", "file/below", "no/such/folder"] {
      try check(
        Tool.run("simulate", "kepler", "--out", folder.file(place)), says: [folder.file(place)],
        leaving: ["file"],
        in: folder)
    }
    #expect(try folder.text("file") == "precious")
    // Root may write everywhere, so this needs a place that nobody can write to.
    try check(
      Tool.run("simulate", "kepler", "--out", "/proc/run"), says: ["/proc/run"], leaving: ["file"], in: folder
    )
  }

  @Test func foldersThatAreNoRunsAreNotOverwritten() throws {
    let folder = try Tool.Folder()
    try FileManager.default.createDirectory(atPath: folder.file("mine"), withIntermediateDirectories: true)
    _ = try folder.write("mine/thesis.txt", "precious")
    let run = try Tool.run("simulate", "kepler", "--overwrite", "--out", folder.file("mine"))
    #expect(run.code == 1)
    #expect(try folder.text("mine/thesis.txt") == "precious")
  }

  @Test func systemsOfListedBodiesAreOne() throws {
    let folder = try Tool.Folder()
    try check(
      Tool.run("simulate", "kepler", "--systems", "5", "--out", folder.file("run")),
      says: ["kepler", "5 systems"],
      leaving: [], in: folder)
  }

  @Test func seedOfListedBodiesIsRefused() throws {
    let folder = try Tool.Folder()
    try check(
      Tool.run("simulate", "kepler", "--seed", "3", "--out", folder.file("run")),
      says: ["kepler", "--seed 3", "listed, not random"], leaving: [], in: folder)
    try check(
      Tool.run(
        "rollout", "any-model", "--scenario", "kepler", "--seed", "3", "--out", folder.file("run")),
      says: ["kepler", "--seed 3", "listed, not random"], leaving: [], in: folder)
  }

  /// 10⁸ frames of 2 bodies in the plane: 9 numbers of 8 bytes each.
  @Test func runsThatNoArchiveHoldsAreRefusedBeforeTheyBegin() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run(
      "simulate", "kepler", "--set", "integrator.step=62.83185307179586/1e8", "--set",
      "output.frames=100000000", "--out", folder.file("run"))
    #expect(run.code == 1)
    #expect(run.errors.contains("trajectory.npz would have 7.5 GiB"), "\(run.errors)")
    #expect(run.errors.contains("output.frames"))
    #expect(folder.entries.isEmpty)
  }

  @Test func threadsFromTheEnvironmentAreChecked() throws {
    let folder = try Tool.Folder()
    try check(
      Tool.run(
        "simulate", "kepler", "--out", folder.file("run"), environment: ["NOETHER_THREADS": "many"]),
      says: ["NOETHER_THREADS=many"], leaving: [], in: folder)
  }

  @Test func damagedTrajectoriesAreRefused() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let archive = try folder.data("run/trajectory.npz")
    for length in [0, 10, archive.count / 2, archive.count - 3] {
      try archive.prefix(length).write(to: URL(fileURLWithPath: folder.file("cut.npz")))
      try check(
        Tool.run("diagnose", folder.file("cut.npz"), "--scenario", "kepler", "--out", folder.file("out.csv")),
        says: ["cut.npz"], leaving: ["cut.npz", "run"], in: folder)
    }
    let table = try folder.text("run/trajectory.csv")
    _ = try folder.write("bad.csv", table.replacingOccurrences(of: "planet", with: "planet,"))
    try check(
      Tool.run("diagnose", folder.file("bad.csv"), "--scenario", "kepler"), says: ["bad.csv"],
      leaving: ["bad.csv", "cut.npz", "run"], in: folder)
  }

  /// Exit code 1, one message that holds all of `words`, an empty stdout, and these entries in the folder.
  private func check(
    _ result: Tool.Result, says words: [String], leaving entries: [String], in folder: Tool.Folder,
    at location: SourceLocation = #_sourceLocation
  ) throws {
    #expect(result.code == 1, "\(result.errors)", sourceLocation: location)
    #expect(result.output.isEmpty, "\(result.output)", sourceLocation: location)
    let messages = result.errors.split(separator: "\n")
    #expect(messages.count == 1, "one message: \(result.errors)", sourceLocation: location)
    #expect(result.errors.hasPrefix("noether: "), sourceLocation: location)
    for word in words {
      #expect(result.errors.contains(word), "'\(word)' in: \(result.errors)", sourceLocation: location)
    }
    #expect(folder.entries == entries, sourceLocation: location)
  }
}
