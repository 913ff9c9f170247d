// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

/// Processes that end at any moment, and files that are damaged behind their back: what is there is whole, and a resumed run
/// has the bits of one that was left alone.
@Suite(.serialized) struct KillTests {
  /// A run of a fraction of a second, and the files that must come out the same.
  struct Job: Sendable, CustomTestStringConvertible {
    var arguments: [String]
    var results: [String]
    var checkpoint: String
    var testDescription: String { arguments[0] }

    func start(_ out: String) -> [String] { arguments + ["--quiet", "--save-every", "0.01", "--out", out] }

    static func resume(_ out: String) -> [String] { ["resume", out, "--quiet", "--save-every", "0.01"] }
  }

  static let simulate = Job(
    arguments: [
      "simulate", "springs", "--systems", "3", "--method", "verlet", "--set", "integrator.step=4e-5", "--set",
      "output.frames=101", "--threads", "2",
    ], results: ["trajectory.csv", "trajectory.npz", "diagnostics.csv"],
    checkpoint: "checkpoint/system-0.json")

  static let train = Job(
    arguments: [
      "train", "springs-small", "--set", "data.train=20", "--set", "data.validation=5", "--set",
      "data.test=5",
      "--set", "model.width=8", "--set", "model.layers=1", "--set", "training.batch=10", "--set",
      "training.epochs=40", "--threads", "2",
    ], results: ["model.safetensors", "last.safetensors"], checkpoint: "last.safetensors")

  /// Runs to the end, and says how many seconds that took.
  private func run(_ arguments: [String]) throws -> Double {
    let start = ContinuousClock.now
    let result = try Tool.Running(arguments, in: nil, environment: [:]).result()
    #expect(result.code == 0, "\(result.errors)")
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// The files in `folder` that their readers do not take.
  private func damaged(_ folder: String) -> [String] {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return files.filter { name in
      let path = folder + "/" + name
      do {
        if name == RunRecord.fileName {
          _ = try RunRecord.load(folder)
        } else if name.hasSuffix(".csv") {
          return try readFile(path, limit: 1 << 30).last != UInt8(ascii: "\n")
        } else if name.hasSuffix(".npz") {
          _ = try NPZ.read(path)
        } else if name.contains(".safetensors") {
          _ = try Safetensors.read(path)
        } else if name.contains(".json") {
          _ = try JSONSerialization.jsonObject(with: readFile(path, limit: 1 << 30))
        } else {
          return name != "checkpoint"
        }
        return false
      } catch {
        return true
      }
    }.filter { !$0.hasSuffix(".partial") }
  }

  /// Every file in `folder` is one that its readers take.
  private func check(_ folder: String, at location: SourceLocation = #_sourceLocation) {
    #expect(damaged(folder) == [], sourceLocation: location)
  }

  /// Starts `job` into the folder "run" and kills it when there are two checkpoints. Where the machine is busy, a run may be
  /// over before it is killed: then it is started again.
  private func killOnceItHasSavedTwice(_ job: Job, in folder: Tool.Folder) throws {
    for _ in 0..<10 {
      let process = try Tool.Running(
        job.start(folder.file("run")) + ["--overwrite"], in: nil, environment: [:])
      let hasSaved = process.wait { folder.exists("run/" + job.checkpoint + ".previous") }
      kill(process.process.processIdentifier, SIGKILL)
      let result = try process.result()
      let isKilled = process.process.terminationReason == .uncaughtSignal
      if hasSaved, isKilled, folder.exists("run/" + job.checkpoint + ".previous") {
        try #require(
          folder.exists("run/" + job.checkpoint), "a newer file takes the place of an older one in one step")
        return
      }
      try #require(isKilled || result.code == 0, "\(result.errors)")
    }
    Issue.record("no run was killed in time")
  }

  private func compare(_ job: Job, _ folder: Tool.Folder, _ name: String) throws {
    for file in job.results {
      #expect(try folder.data("\(name)/\(file)") == folder.data("whole/\(file)"), "\(name)/\(file)")
    }
    let entries = { try FileManager.default.contentsOfDirectory(atPath: folder.file($0)).sorted() }
    #expect(try entries(name) == entries("whole"), "nothing is left behind")
  }

  @Test(arguments: [Self.simulate, Self.train])
  func killedAtAnyMomentItGoesOnToTheSameBits(job: Job) throws {
    let folder = try Tool.Folder()
    let seconds = try run(job.start(folder.file("whole")))
    var random = SeededGenerator(seed: 9, path: UInt64(job.arguments.count))
    var (kills, round) = (0, 0)
    while kills < 26 {
      round += 1
      let out = folder.file("run-\(round)")
      var isDone = false
      while !isDone {
        let isThere = folder.exists("run-\(round)/run.json")
        let process = try Tool.Running(isThere ? Job.resume(out) : job.start(out), in: nil, environment: [:])
        if kills < 26 {
          usleep(UInt32(1e6 * random.uniform(0, seconds)))
          kill(process.process.processIdentifier, SIGKILL)
        }
        let result = try process.result()
        if process.process.terminationReason == .uncaughtSignal {
          kills += 1
          check(out)
        } else {
          #expect(result.code == 0, "\(result.errors)")
          isDone = true
        }
      }
      try compare(job, folder, "run-\(round)")
    }
  }

  /// The control: a program that wrote its files where they are, and was killed in the middle, would be found out by every one.
  @Test(arguments: [Self.simulate, Self.train])
  func halfAFileIsFoundOut(job: Job) throws {
    let folder = try Tool.Folder()
    try killOnceItHasSavedTwice(job, in: folder)
    _ = try run(job.start(folder.file("whole")))
    for name in job.results + [job.checkpoint, RunRecord.fileName] {
      let source = folder.exists("run/" + name) ? "run/" : "whole/"
      let whole = try folder.data(source + name)
      check(folder.file("run"))
      for length in [0, whole.count / 2, whole.count - 2] {
        try whole.prefix(length).write(to: URL(fileURLWithPath: folder.file("run/" + name)), options: .atomic)
        // A table may be cut at the end of a row, where nothing tells; and the last byte of JSON is a line feed.
        let isRow = name.hasSuffix(".csv") && length > 0 && whole[length - 1] == UInt8(ascii: "\n")
        #expect(damaged(folder.file("run")) == (isRow ? [] : [name]), "\(length) bytes")
      }
      try whole.write(to: URL(fileURLWithPath: folder.file("run/" + name)), options: .atomic)
    }
  }

  /// Runs that replace a run and are killed at it: there is always one, whole.
  @Test func killedWhileItReplacesARunItLosesNone() throws {
    let folder = try Tool.Folder()
    let arguments = ["simulate", "kepler", "--quiet", "--overwrite", "--out", folder.file("run")]
    let seconds = try run(arguments)
    var random = SeededGenerator(seed: 4)
    for _ in 0..<30 {
      let process = try Tool.Running(arguments, in: nil, environment: [:])
      usleep(UInt32(1e6 * random.uniform(0, seconds)))
      kill(process.process.processIdentifier, SIGKILL)
      _ = try process.result()
      try #require(folder.exists("run/run.json"))
      check(folder.file("run"))
    }
    _ = try run(arguments)
    #expect(folder.entries.filter { !$0.hasPrefix(".run.") } == ["run"])
    #expect(try folder.text("run/run.json").contains("finished"))
  }

  @Test(arguments: [Self.simulate, Self.train])
  func damagedCheckpointGivesWayToTheOneBefore(job: Job) throws {
    let folder = try Tool.Folder()
    _ = try run(job.start(folder.file("whole")))
    try killOnceItHasSavedTwice(job, in: folder)
    let file = "run/" + job.checkpoint
    // To a new file: the one before may be the same, by another name.
    try folder.data(file).dropLast(3).write(to: URL(fileURLWithPath: folder.file(file)), options: .atomic)
    let resumed = try Tool.Running(Job.resume(folder.file("run")), in: nil, environment: [:]).result()
    #expect(resumed.code == 0)
    #expect(resumed.errors.contains(job.checkpoint), "\(resumed.errors)")
    #expect(resumed.errors.contains("the one saved before it is used instead"), "\(resumed.errors)")
    try compare(job, folder, "run")
  }

  /// A limit on the size of files stands for a disk without room: for a simulation's checkpoint, which grows with its frames,
  /// and for a training's, which grows with its epochs.
  @Test(arguments: [Self.simulate, Self.train])
  func fullDiskStopsWithAMessageAndTheRunGoesOnAfterwards(job: Job) throws {
    let folder = try Tool.Folder()
    // Slow enough for a first saving below the limit.
    var job = job
    job.arguments = job.arguments.map { $0.replacing("step=4e-5", with: "step=1e-5") }
    _ = try run(job.start(folder.file("whole")))
    let size = try folder.data("whole/" + job.results[job.results.count - 1]).count
    let limit = job.arguments[0] == "train" ? size - 2500 : 20_000
    let line = (["\"$NOETHER\""] + job.start("run").map { "'\($0)'" }).joined(separator: " ")
    // In units of 512 bytes, or of 1024 where sh is bash.
    let unit = try Tool.shell(
      "ulimit -f 1; ulimit -f; head -c 1000 /dev/zero > probe; wc -c < probe", in: folder.path)
    let blocks = limit / (unit.output.contains("1000") ? 1024 : 512)
    let stopped = try Tool.shell("ulimit -f \(blocks); \(line)", in: folder.path)
    #expect(stopped.code == 1)
    #expect(stopped.errors.contains("run/"), "\(stopped.errors)")
    #expect(stopped.errors.contains("cannot be written: File too large"), "\(stopped.errors)")
    #expect(stopped.errors.contains("noether resume run"), "\(stopped.errors)")
    #expect(folder.exists("run/" + job.checkpoint), "something was saved before")
    check(folder.file("run"))
    _ = try run(Job.resume(folder.file("run")))
    try compare(job, folder, "run")
  }

  /// A file system of a few pages, in a name space of its own, which needs no rights where the kernel allows it.
  private static let canMount =
    (try? Tool.shell("unshare -rm sh -c 'mount -t tmpfs -o size=64k none /mnt'").code) == 0

  /// The disk itself is full: the message, the files and the bits are those of the limit above.
  @Test(
    .enabled(if: canMount, "no file system can be mounted here"), arguments: [Self.simulate, Self.train])
  func fullFileSystemStopsWithAMessageAndTheRunGoesOnAfterwards(job: Job) throws {
    let folder = try Tool.Folder()
    var job = job
    job.arguments = job.arguments.map { $0.replacing("step=4e-5", with: "step=1e-5") }
    _ = try run(job.start(folder.file("whole")))
    func line(_ arguments: [String]) -> String {
      (["\"$NOETHER\""] + arguments.map { "\"\($0)\"" }).joined(separator: " ")
    }
    // Filled up once a second state has been saved; then there is room again.
    let script = """
      set -e
      mkdir disk
      mount -t tmpfs -o size=4m none disk
      \(line(job.start("disk/run"))) 2> errors & pid=$!
      while ! [ -e disk/run/\(job.checkpoint).previous ]; do sleep 0.002; done
      cat /dev/zero > disk/ballast 2> noise || true
      if wait $pid; then echo 0 > code; else echo $? > code; fi
      cp -r disk/run stopped
      rm disk/ballast
      \(line(Job.resume("disk/run")))
      cp -r disk/run run
      """
    _ = try folder.write("script.sh", script)
    let result = try Tool.shell("unshare -rm sh script.sh", in: folder.path)
    #expect(result.code == 0, "\(result.errors)")
    let errors = try folder.text("errors")
    #expect(try folder.text("code") == "1\n", "\(errors)")
    #expect(errors.contains("cannot be written: No space left on device"), "\(errors)")
    #expect(errors.contains("noether resume disk/run"), "\(errors)")
    #expect(folder.exists("stopped/" + job.checkpoint), "something was saved before")
    check(folder.file("stopped"))
    try compare(job, folder, "run")
  }
}
