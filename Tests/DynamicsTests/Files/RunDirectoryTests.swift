// SPDX-License-Identifier: GPL-3.0-or-later

import CExchange
import Foundation
import TestSupport
import Testing

@testable import Dynamics

@Suite struct RunDirectories {
  static func record() throws -> RunRecord {
    let config = try ConfigNode.parse("a: 5/499\nfile: data.npz\n", name: "x", directory: "/somewhere/else")
    return RunRecord(
      noether: "1.0.0", command: "simulate", arguments: ["noether", "simulate", "5"], config: config,
      scenarioDigest: "abc", seeds: ["systems": .max], method: "verlet", step: 0.1, threads: 2,
      units: Scenario.Units(length: "AU", time: "day", mass: "Msun", G: 2.95912208286e-4), wallTime: 1.5,
      started: 1_700_000_000.25, notes: ["dH is absolute: H is 0 at the start"],
      details: ["systems": .integer(7), "model": .string("m.safetensors")])
  }

  @Test func recordIsReadBack() throws {
    let record = try Self.record()
    let folder = try TemporaryFolder()
    let path = try RunDirectory.create(folder.path + "/run", record: record).path
    let (run, back) = try RunDirectory.open(path)
    #expect(run.path == path && back.json == record.json)
    #expect(back.seeds == ["systems": .max] && back.step == 0.1 && back.units == record.units)
    #expect(try back.details["systems"]?.integer(in: 0...10) == 7)
    #expect(try back.config?["a"]?.double() == 5.0 / 499)
    #expect(try back.config?["file"]?.filePath() == "/somewhere/else/data.npz")
    var finished = back
    finished.status = .finished
    try run.update(finished)
    #expect(try RunRecord.load(run.path).status == .finished)
    #expect(try folder.names == ["run"])
  }

  @Test func anExistingOneIsRefusedOrReplacedWhole() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let record = try Self.record()
    func create(overwrite: Bool = false) throws -> [String] {
      let run = try RunDirectory.create(path + "/", record: record, overwrite: overwrite)
      let names = try FileManager.default.contentsOfDirectory(atPath: path)
      try run.write(Data("old".utf8), to: "training.csv")
      try run.write(Data("cut".utf8), to: ".training.csv.1-2.partial")
      return names
    }
    #expect(try create() == ["run.json"])
    #expect(
      message { try RunDirectory.create(path, record: record) }
        == "\(path): exists already; --overwrite replaces it, --resume goes on with it")
    #expect(FileManager.default.fileExists(atPath: path + "/training.csv"))
    #expect(try create(overwrite: true) == ["run.json"])
    #expect(try folder.names == ["run"])
  }

  /// Where a file system cannot exchange names, and where it can: the new run is there, nothing else is.
  @Test(arguments: [true, false]) func isReplacedOnAnyFileSystem(exchanges: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let record = try Self.record()
    try RunDirectory.create(path, record: record).write(Data("old".utf8), to: "training.csv")
    let run = try RunDirectory.create(path, record: record, overwrite: true) {
      exchanges ? noether_exchange($0, $1) : -1
    }
    #expect(run.contains("run.json") && !run.contains("training.csv"))
    #expect(try folder.names == ["run"])
    #expect(message { try RunDirectory.open(path) }.contains("another noether is writing here"))
  }

  @Test func oneProcessAtATimeWrites() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let record = try Self.record()
    let busy = "\(path): another noether is writing here; wait for it or stop it"
    do {
      let run = try RunDirectory.create(path, record: record)
      #expect(message { try RunDirectory.open(path) } == busy)
      #expect(message { try RunDirectory.create(path, record: record, overwrite: true) } == busy)
      #expect(message { try RunDirectory.checkPlace(path, overwrite: true) } == busy)
      #expect(run.contains("run.json"))
    }
    do {
      let (run, _) = try RunDirectory.open(path)
      #expect(message { try RunDirectory.open(path) } == busy)
      #expect(run.path == path)
    }
    // Nobody writes any more.
    let run = try RunDirectory.create(path, record: record, overwrite: true)
    #expect(message { try RunDirectory.open(path) } == busy)
    #expect(run.contains("run.json"))
    #expect(try folder.names == ["run"])
  }

  /// Of many that start at once one gets the place; the others hear what one hears who comes late.
  @Test func equalStartsLeaveOneRun() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let record = try Self.record()
    let said = try parallelMap(count: 16, threads: 8) { _ in
      message { try RunDirectory.create(path, record: record) }
    }
    let refused = said.filter { $0.hasPrefix("\(path): exists already; --overwrite") }
    #expect(refused.count == 15 && said.contains { $0.hasPrefix("no error") }, "\(said)")
    #expect(try folder.names == ["run"])
  }

  @Test func whatARunDoesNotWriteIsNotOverwritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    let record = try Self.record()
    _ = try RunDirectory.create(path, record: record)
    let notes = path + "/notes.txt"
    try Data("precious".utf8).write(to: URL(fileURLWithPath: notes))
    #expect(
      message { try RunDirectory.create(path, record: record, overwrite: true) }
        == "\(path): holds 'notes.txt', which is not of a run, so --overwrite leaves it alone; remove it yourself"
    )
    #expect(FileManager.default.contents(atPath: notes) == Data("precious".utf8))
    try FileManager.default.removeItem(atPath: notes)
    for other in ["{}", "{\"format\": \"somebody's\", \"version\": 1}", ""] {
      try Data(other.utf8).write(to: URL(fileURLWithPath: path + "/run.json"))
      let said = message { try RunDirectory.create(path, record: record, overwrite: true) }
      #expect(said.contains("holds no run.json of a run (") && said.contains("leaves it alone"), "\(said)")
    }
    #expect(FileManager.default.fileExists(atPath: path + "/run.json"))
  }

  /// What noether's own commands write there by the README does not keep a run from being replaced.
  @Test func whatCommandsWriteIntoARunIsReplacedWithIt() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    for name in [
      "rollout_curves.csv", "force_law.csv", "forecast.csv", "angles.csv", "confusion.csv", "events.csv",
    ] {
      let run = try RunDirectory.create(path, record: Self.record(), overwrite: true)
      try run.write(Data("a,b\n".utf8), to: name)
    }
    _ = try RunDirectory.create(path, record: Self.record(), overwrite: true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["run.json"])
  }

  @Test func leavesOtherFoldersAlone() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/mine"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Data("precious".utf8).write(to: URL(fileURLWithPath: path + "/thesis.tex"))
    let record = try Self.record()
    for overwrite in [false, true] {
      let said = message { try RunDirectory.create(path, record: record, overwrite: overwrite) }
      #expect(
        said.contains(overwrite ? "no run.json, so --overwrite leaves it alone" : "choose another --out"))
    }
    #expect(FileManager.default.fileExists(atPath: path + "/thesis.tex"))
    let file = path + "/thesis.tex"
    #expect(
      message { try RunDirectory.create(file, record: record, overwrite: true) }.contains("is not a folder"))
    #expect(
      message { try RunDirectory.create(file + "/run", record: record) }.hasPrefix(
        file + "/run: cannot be made"))
    #expect(
      message { try RunDirectory.create(folder.path + "/no/run", record: record) }
        == "\(folder.path)/no/run: cannot be made: there is no folder \(folder.path)/no; make it first")
    #expect(
      message { try RunDirectory.create("/proc/run", record: record) }
        == "/proc/run: cannot be made: nothing can be made in /proc")
    #expect(message { try RunDirectory.create("", record: record) }.contains("an empty path"))
    #expect(message { try RunRecord.load(path) }.contains("not a run directory"))
    #expect(message { try RunRecord.load(folder.path + "/no") }.contains("there is no such run directory"))
    #expect(try folder.names == ["mine"])
  }

  /// FIPS 180-4, the examples of one and two blocks.
  @Test func sha256OfKnownMessages() {
    #expect(sha256(Data("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(sha256(Data()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      sha256(Data("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }
}
