// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Ctrl-C and what comes after: valid files, a checkpoint, and a resumed run with the bits of one never stopped.
@Suite(.serialized) struct InterruptTests {
  /// Long enough to be caught in the middle, and with several systems some of which are over by then.
  private static let simulate = [
    "simulate", "springs", "--systems", "3", "--method", "verlet", "--set", "integrator.step=4e-6", "--set",
    "output.frames=101", "--threads", "2",
  ]

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func stoppedSimulationGoesOnToTheSameBits(number: Int32) throws {
    let folder = try Tool.Folder()
    let whole = try Tool.Running(
      Self.simulate + ["--quiet", "--out", folder.file("whole")], in: nil, environment: [:]
    )
    .result()
    #expect(whole.code == 0, "\(whole.errors)")

    // A child of `nohup` would ignore it too.
    signal(SIGHUP, SIG_DFL)
    let run = try Tool.Running(
      Self.simulate + ["--save-every", "0.01", "--out", folder.file("run")], in: nil, environment: [:])
    #expect(run.wait { folder.exists("run/checkpoint") }, "\(run.errors)")
    kill(run.process.processIdentifier, number)
    let stopped = try run.result()
    #expect(stopped.code == 128 + number)
    #expect(stopped.errors.contains("resume"))
    #expect(folder.exists("run/checkpoint"))
    #expect(try folder.text("run/run.json").contains("interrupted"))

    let resumed = try Tool.run("resume", folder.file("run"), "--threads", "1", "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(!folder.exists("run/checkpoint"))
    for name in ["trajectory.csv", "trajectory.npz", "diagnostics.csv"] {
      #expect(try folder.data("run/" + name) == folder.data("whole/" + name), "\(name)")
    }
  }

  @Test func periodicSavingChangesNothing() throws {
    let folder = try Tool.Folder()
    let arguments = ["simulate", "kepler", "--quiet", "--set", "integrator.step=6.283185307179586e-4"]
    let plain = try Tool.Running(arguments + ["--out", folder.file("plain")], in: nil, environment: [:])
      .result()
    #expect(plain.code == 0, "\(plain.errors)")
    let saving = try Tool.Running(
      arguments + ["--save-every", "1e-6", "--out", folder.file("saving")], in: nil, environment: [:]
    ).result()
    #expect(saving.code == 0, "\(saving.errors)")
    for name in ["trajectory.csv", "trajectory.npz", "diagnostics.csv"] {
      #expect(try folder.data("plain/" + name) == folder.data("saving/" + name), "\(name)")
    }
  }

  @Test func resumeOfAFinishedRunChangesNothing() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let before = try folder.data("run/run.json")
    let resumed = try Tool.run("resume", folder.file("run"))
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(try folder.data("run/run.json") == before)
  }

  @Test func killedRunIsResumedFromItsLastSaving() throws {
    let folder = try Tool.Folder()
    let whole = try Tool.Running(
      Self.simulate + ["--quiet", "--out", folder.file("whole")], in: nil, environment: [:]
    )
    .result()
    #expect(whole.code == 0, "\(whole.errors)")
    let run = try Tool.Running(
      Self.simulate + ["--save-every", "0.02", "--out", folder.file("run")], in: nil, environment: [:])
    #expect(run.wait { folder.exists("run/checkpoint/system-0.json") }, "\(run.errors)")
    kill(run.process.processIdentifier, SIGKILL)
    _ = try run.result()
    #expect(folder.exists("run/checkpoint"))
    let resumed = try Tool.run("resume", folder.file("run"), "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    for name in ["trajectory.csv", "trajectory.npz", "diagnostics.csv"] {
      #expect(try folder.data("run/" + name) == folder.data("whole/" + name), "\(name)")
    }
  }

  @Test func resumeOfAnEditedRunIsRefused() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let record = try folder.text("run/run.json").replacing("\"finished\"", with: "\"interrupted\"")
    let edited = record.replacing("\"pinned\": true", with: "\"pinned\": false")
    #expect(edited != record)
    _ = try folder.write("run/run.json", edited)
    let refused = try Tool.run("resume", folder.file("run"), "--quiet")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("restore run.json") && refused.errors.contains("--overwrite"))
    #expect(try folder.text("run/run.json") == edited)

    // Restored, it goes on, but not from a damaged checkpoint; that leaves the status as it was.
    _ = try folder.write("run/run.json", record)
    try FileManager.default.createDirectory(
      atPath: folder.file("run/checkpoint"), withIntermediateDirectories: true)
    _ = try folder.write("run/checkpoint/system-0.json", "{")
    let damaged = try Tool.run("resume", folder.file("run"), "--quiet")
    #expect(damaged.code == 1)
    #expect(damaged.errors.contains("system-0.json"))
    #expect(try folder.text("run/run.json") == record)
    try FileManager.default.removeItem(atPath: folder.file("run/checkpoint"))
    let resumed = try Tool.run("resume", folder.file("run"), "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
  }

  @Test func resumeWithAnotherScenarioIsRefused() throws {
    let folder = try Tool.Folder()
    let run = try Tool.run("simulate", "kepler", "--quiet", "--out", folder.file("run"))
    #expect(run.code == 0, "\(run.errors)")
    let other = try Tool.run("simulate", "figure-eight", "--resume", "--out", folder.file("run"))
    #expect(other.code == 1)
    #expect(other.errors.contains("kepler"))
  }
}
