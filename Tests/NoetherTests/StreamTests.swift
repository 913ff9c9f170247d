// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Standard streams that fail: a message that nobody can read costs no work, a result that is lost is an error.
@Suite struct StreamTests {
  private static let hasFullDevice = FileManager.default.fileExists(atPath: "/dev/full")

  @Test(arguments: ["2>&-", "2>/dev/full", "0<&- 1>&- 2>&-", "2>&1 | true"])
  func messagesThatCannotBeWrittenCostNothing(redirection: String) throws {
    let folder = try Tool.Folder()
    let whole = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("whole"))
    #expect(whole.code == 0, "\(whole.errors)")
    // The sleep lets the reader of the pipe end first.
    let run = try Tool.shell(
      "{ sleep 0.2; \"$NOETHER\" simulate kepler --out '\(folder.file("run"))'; echo $? > "
        + "'\(folder.file("code"))'; } \(redirection)")
    #expect(run.code == 0)
    #expect(try folder.text("code") == "0\n")
    for name in ["trajectory.csv", "trajectory.npz", "diagnostics.csv"] {
      #expect(try folder.data("run/" + name) == folder.data("whole/" + name), "\(name)")
    }
    #expect(try folder.text("run/run.json").contains("finished"))
  }

  @Test(
    .enabled(if: hasFullDevice, "there is no /dev/full"),
    arguments: ["list integrators", "--help", "--version", "validate kepler", "summary run", "diagnose run"])
  func resultsThatCannotBeWrittenAreAnError(command: String) throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    for redirection in [">/dev/full", ">&-"] {
      let result = try Tool.shell("\"$NOETHER\" \(command) \(redirection)", in: folder.path)
      #expect(result.code == 1, "\(redirection)")
      #expect(result.errors.hasPrefix("noether: standard output: cannot be written: "), "\(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1)
    }
  }

  @Test(arguments: ["list integrators", "--help", "summary run", "diagnose run"])
  func readerThatStopsReadingIsNoError(command: String) throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "figure-eight", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let result = try Tool.shell(
      "{ sleep 0.2; \"$NOETHER\" \(command); echo $? > code; } | true", in: folder.path)
    #expect(result.errors.isEmpty, "\(result.errors)")
    #expect(try folder.text("code") == "0\n")
  }
}
