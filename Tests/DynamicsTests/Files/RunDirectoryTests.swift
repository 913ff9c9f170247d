// SPDX-License-Identifier: GPL-3.0-or-later

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
    let run = try RunDirectory.create(folder.path + "/run", record: record)
    let (again, back) = try RunDirectory.open(run.path)
    #expect(again.path == run.path && back.json == record.json)
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
    let run = try RunDirectory.create(path + "/", record: record)
    try run.write(Data("old".utf8), to: "data")
    #expect(
      message { try RunDirectory.create(path, record: record) }
        == "\(path): exists already; --overwrite replaces it, --resume goes on with it")
    #expect(run.contains("data"))
    _ = try RunDirectory.create(path, record: record, overwrite: true)
    #expect(!run.contains("data") && run.contains("run.json"))
    #expect(try folder.names == ["run"])
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
