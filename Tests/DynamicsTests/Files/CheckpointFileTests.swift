// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Dynamics

/// Checkpoints that were damaged are told by their digest, wherever it was, and the one before is used.
@Suite struct CheckpointFileTests {
  private static let older = Data("{\"step\":1,\"t\":0.5}".utf8)
  private static let newer = Data("{\"step\":2,\"t\":1.0}".utf8)
  private static func tensors(_ value: Float) -> Safetensors {
    Safetensors(
      tensors: ["w": .init(shape: [2], values: .float32([value, -value]))],
      metadata: ["kind": "a", "z": "\"sha256\":\"0"])
  }

  /// All files that differ from `data` by one byte or by where they end.
  private static func damaged(_ data: Data) -> [Data] {
    let flipped = data.indices.flatMap { index in
      [UInt8(0x01), 0x20, 0xFF].map { mask in
        var copy = data
        copy[index] ^= mask
        return copy
      }
    }
    return flipped + (0..<data.count).map { Data(data.prefix($0)) } + [data + Data([0]), data + data]
  }

  private func bytes(_ path: String) throws -> Data { try readFile(path, limit: 1 << 20) }

  private func put(_ data: Data, _ path: String) throws { try data.write(to: URL(fileURLWithPath: path)) }

  @Test func everyDamageToJSONIsSeenAndTheOneBeforeIsUsed() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.json")
    #expect(try file.loadJSON(remedy: "") { _ in } == nil)
    try file.save(json: Self.older)
    try file.save(json: Self.newer)
    let (old, new) = (try bytes(file.previousPath), try bytes(file.path))
    _ = try JSONSerialization.jsonObject(with: new)
    #expect(try file.loadJSON(remedy: "") { _ in Issue.record("nothing is damaged") } == Self.newer)
    for damaged in Self.damaged(new) {
      try put(damaged, file.path)
      try put(old, file.previousPath)
      var said: [String] = []
      #expect(try file.loadJSON(remedy: "") { said.append($0) } == Self.older)
      #expect(said.count == 1 && said.allSatisfy { $0.contains("a.json") && $0.contains("saved before it") })
      // The good one is now the newest, and the damaged one can no longer take its place.
      #expect(try bytes(file.path) == old)
      #expect(try folder.names == ["a.json"])
    }
  }

  @Test func everyDamageToTensorsIsSeenAndTheOneBeforeIsUsed() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.safetensors")
    try file.save(Self.tensors(1))
    try file.save(Self.tensors(2))
    let (old, new) = (try bytes(file.previousPath), try bytes(file.path))
    #expect(try Safetensors(data: new, name: "a") == Self.tensors(2))
    #expect(
      try file.loadSafetensors(remedy: "") { _ in Issue.record("nothing is damaged") } == Self.tensors(2))
    for damaged in Self.damaged(new) {
      try put(damaged, file.path)
      try put(old, file.previousPath)
      var said: [String] = []
      #expect(try file.loadSafetensors(remedy: "") { said.append($0) } == Self.tensors(1))
      #expect(said.count == 1 && said.allSatisfy { $0.contains("a.safetensors") })
    }
  }

  @Test func aModelWhoseWeightsHaveChangedIsRefused() throws {
    let data = Self.tensors(1).sealed
    var damaged = data
    damaged[data.count - 1] ^= 1
    #expect(
      message { try Safetensors(data: damaged, name: "a") }.contains("a: damaged: its checksum is wrong"))
    // The same file without a digest, as others write it, is read as it is.
    var plain = Self.tensors(1).data
    plain[plain.count - 1] ^= 1
    #expect(try Safetensors(data: plain, name: "a") != Self.tensors(1))
  }

  /// Where a file system has no second names, a saving moves the file away before the new one comes.
  @Test func aSavingThatWasCutOffBetweenItsTwoRenamesLosesNothing() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.json")
    try file.save(json: Self.older)
    #expect(rename(file.path, file.previousPath) == 0)
    var said: [String] = []
    #expect(try file.loadJSON(remedy: "") { said.append($0) } == Self.older)
    #expect(said.count == 1)
  }

  @Test func aSavingThatWasCutOffWhereBothNamesAreOneFileIsMendedByTheNext() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.json")
    try file.save(json: Self.older)
    #expect(link(file.path, file.previousPath) == 0)
    try file.save(json: Self.newer)
    #expect(try file.loadJSON(remedy: "") { _ in Issue.record("the file is whole") } == Self.newer)
    #expect(unlink(file.path) == 0)
    #expect(try file.loadJSON(remedy: "") { _ in } == Self.older)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.json"])
  }

  @Test func thereIsAFileAtEveryMoment() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.json")
    for json in [Self.older, Self.newer] { try file.save(json: json) }
    let watch = Mutex((looks: 0, misses: 0, isOver: false))
    Thread.detachNewThread {
      while watch.withLock({ state in
        if state.isOver { return false }
        state.looks += 1
        if access(file.path, F_OK) != 0 || access(file.previousPath, F_OK) != 0 { state.misses += 1 }
        return true
      }) {}
    }
    while watch.withLock({ $0.looks == 0 }) { usleep(100) }
    for _ in 0..<300 { try file.save(json: Self.newer) }
    watch.withLock { $0.isOver = true }
    #expect(watch.withLock { $0.misses } == 0)
  }

  @Test func whereNothingIsWholeTheMessageSaysWhatToDo() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.json")
    try put(Data("{".utf8), file.path)
    for previous in [nil, Data("}".utf8)] {
      if let previous { try put(previous, file.previousPath) }
      let said = message {
        try file.loadJSON(remedy: "begin again") { _ in Issue.record("nothing is whole") }
      }
      #expect(said.hasPrefix(file.path) && said.hasSuffix("begin again"))
      #expect(try bytes(file.path) == Data("{".utf8))
    }
  }

  @Test func aFullDiskLeavesBothCheckpoints() throws {
    let folder = try TemporaryFolder()
    let file = CheckpointFile(folder.path + "/a.json")
    try file.save(json: Self.older)
    try file.save(json: Self.newer)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/full.json", withDestinationPath: "/dev/full")
    #expect(
      message { try CheckpointFile(folder.path + "/full.json").save(json: Self.newer) }.contains(
        "No space left"))
    #expect(try file.loadJSON(remedy: "") { _ in } == Self.newer)
  }
}
