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

  /// Every file in `folder` is one that its readers take.
  private func check(_ folder: String) throws {
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    for name in files where !name.hasSuffix(".partial") {
      let path = folder + "/" + name
      if name == RunRecord.fileName {
        _ = try RunRecord.load(folder)
      } else if name.hasSuffix(".csv") {
        #expect(try readFile(path, limit: 1 << 30).last == 10, "\(name)")
      } else if name.hasSuffix(".npz") {
        _ = try NPZ.read(path)
      } else if name.contains(".safetensors") {
        _ = try Safetensors.read(path)
      } else if name.contains(".json") {
        _ = try JSONSerialization.jsonObject(with: readFile(path, limit: 1 << 30))
      } else {
        #expect(name == "checkpoint")
      }
    }
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
          try check(out)
        } else {
          #expect(result.code == 0, "\(result.errors)")
          isDone = true
        }
      }
      try compare(job, folder, "run-\(round)")
    }
  }

  @Test(arguments: [Self.simulate, Self.train])
  func damagedCheckpointGivesWayToTheOneBefore(job: Job) throws {
    let folder = try Tool.Folder()
    _ = try run(job.start(folder.file("whole")))
    let process = try Tool.Running(job.start(folder.file("run")), in: nil, environment: [:])
    let file = "run/" + job.checkpoint
    #expect(process.wait { folder.exists(file + ".previous") }, "\(process.errors)")
    kill(process.process.processIdentifier, SIGKILL)
    _ = try process.result()
    try folder.data(file).dropLast(3).write(to: URL(fileURLWithPath: folder.file(file)))
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
    try check(folder.file("run"))
    _ = try run(Job.resume(folder.file("run")))
    try compare(job, folder, "run")
  }
}
