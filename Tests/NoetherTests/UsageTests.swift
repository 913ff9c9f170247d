// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

/// What the command line says about itself, and about command lines that make no sense.
@Suite struct UsageTests {
  @Test func helpNamesEveryCommandAndAFirstSession() throws {
    let help = try Tool.run("--help")
    #expect(help.code == 0)
    #expect(help.errors.isEmpty)
    for word in [
      "simulate", "train", "rollout", "diagnose", "evaluate", "force-law", "certify", "plot", "resume",
      "Exit codes",
    ] {
      #expect(help.output.contains(word), "\(word)")
    }
  }

  @Test(arguments: [
    "simulate", "train", "rollout", "evaluate", "force-law", "certify", "diagnose", "validate", "list",
    "plot", "resume", "summary", "compare", "convert", "examine",
  ])
  func everyCommandTeachesByAnExample(command: String) throws {
    let help = try Tool.run("help", command)
    #expect(help.code == 0)
    #expect(help.output.contains("\n  noether \(command) "), "an example of \(command)")
  }

  @Test func versionIsANumber() throws {
    let version = try Tool.run("--version")
    #expect(version.code == 0)
    #expect(version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test func mistypedCommandIsExplained() throws {
    let result = try Tool.run("simulte")
    #expect(result.code == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("noether: unknown command 'simulte'; did you mean 'simulate'?"))
  }

  @Test(arguments: [
    ("--systems", "-3", "at least 1 is needed"), ("--threads", "-2", "1 to 1024 are possible"),
    ("--threads", "1025", "1 to 1024 are possible"), ("--save-every", "-1", "more than 0"),
    ("--save-every", "1e+300", "at most 1e9 seconds"),
    ("--seed", "-7", "invalid"), ("--step", "0", "other than 0 is needed"), ("--steps", "-5", "are possible"),
  ])
  func numbersOutOfRangeAreNamed(option: String, value: String, message: String) throws {
    let folder = try Tool.Folder()
    let result = try Tool.run(
      "rollout", "model", "--scenario", "springs", "--out", folder.file("run"), option, value)
    #expect(result.code == 64)
    for word in [option, value, message] {
      #expect(result.errors.contains(word), "'\(word)' in: \(result.errors)")
    }
  }

  /// An option that would do nothing is not offered.
  @Test(arguments: ["simulate", "rollout", "resume", "train", "evaluate", "validate", "diagnose"])
  func savingIsOfferedWhereSomethingIsSavedByTime(command: String) throws {
    let help = try Tool.run(command, "--help")
    #expect(help.code == 0)
    #expect(
      help.output.contains("--save-every") == ["simulate", "rollout", "train", "resume"].contains(command))
  }

  @Test(arguments: [
    ["simulate"], ["simulate", "springs"], ["simulate", "springs", "--out", "x", "--systems", "0"],
    ["simulate", "springs", "--out", "x", "--threads", "0"],
    ["simulate", "springs", "--out", "x", "--overwrite", "--resume"],
    ["simulate", "springs", "--out", "x", "--colour"], ["list", "colours"], ["plot"],
  ])
  func wrongUsageExitsWith64(arguments: [String]) throws {
    let folder = try Tool.Folder()
    let result = try Tool.Running(arguments, in: folder.path, environment: ["NOETHER_HOME": Tool.package])
      .result()
    #expect(result.code == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("noether: "))
    #expect(folder.entries.isEmpty, "nothing may be written")
  }
}
