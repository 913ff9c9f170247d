// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What a run goes on from: a file with its own digest, and beside it the one that stood there before.
///
/// At every moment one of the two is whole. Where the newer one is not, as after a fault of the disk, the older one is
/// used, and the run computes again what lies between.
public struct CheckpointFile: Sendable {
  public let path: String

  /// The state before: `path` with ".previous".
  public var previousPath: String { path + ".previous" }

  private static let longest = 1 << 36
  /// `{"sha256":"…","run":` and `}`, around the JSON of a state.
  private static let jsonSeal = Seal(offset: 1)
  private static let jsonStart = Data("{\(Seal.blank),\"run\":".utf8)
  private static let jsonEnd = Data("}\n".utf8)

  public init(_ path: String) { self.path = path }

  /// Saves a state as JSON.
  public func save(json: Data) throws {
    var data = Self.jsonStart + json + Self.jsonEnd
    Self.jsonSeal.close(&data)
    try put(data)
  }

  /// Saves a state as tensors.
  public func save(_ file: Safetensors) throws { try put(file.sealed) }

  /// The JSON of the newest state that is whole; nil where none was saved.
  ///
  /// `tell` hears of one that is damaged. Throws where nothing whole is left; `remedy` then says what to do.
  public func loadJSON(remedy: String, tell: (String) -> Void) throws -> Data? {
    try newest(remedy: remedy, tell: tell) { data, name in
      guard Self.jsonSeal.isIntact(data) == true, data.count >= Self.jsonStart.count + Self.jsonEnd.count
      else { throw Self.damaged(name) }
      return Data(data.dropFirst(Self.jsonStart.count).dropLast(Self.jsonEnd.count))
    }
  }

  /// The tensors of the newest state that is whole, as `loadJSON`.
  public func loadSafetensors(remedy: String, tell: (String) -> Void) throws -> Safetensors? {
    try newest(remedy: remedy, tell: tell) { data, name in
      guard Safetensors.isIntact(data) == true else { throw Self.damaged(name) }
      return try Safetensors(data: data, name: name)
    }
  }

  /// Takes away the state before: the run is over, and the file is a result.
  public func forgetPrevious() { unlink(previousPath) }

  private static func damaged(_ name: String) -> NoetherError {
    NoetherError("\(name): damaged or cut short: its checksum is wrong")
  }

  /// The old file keeps its bytes under another name until the next saving.
  private func put(_ data: Data) throws {
    let file = try AtomicFile(path)
    try file.write(data)
    try file.finish(keeping: previousPath)
  }

  private func newest<State>(
    remedy: String, tell: (String) -> Void, _ read: (Data, String) throws -> State
  ) throws -> State? {
    let isThere = { (path: String) in FileManager.default.fileExists(atPath: path) }
    guard isThere(path) || isThere(previousPath) else { return nil }
    var complaint = NoetherError("\(path): the checkpoint is missing")
    if isThere(path) {
      do {
        return try read(readFile(path, limit: Self.longest), path)
      } catch let error as NoetherError {
        complaint = error
      }
    }
    guard isThere(previousPath), let data = try? readFile(previousPath, limit: Self.longest),
      let state = try? read(data, previousPath)
    else { throw NoetherError("\(complaint.message), and no older one is whole; \(remedy)") }
    tell("\(complaint.message); the one saved before it is used instead")
    // The next saving must not put the damaged file in the place of the good one.
    guard rename(previousPath, path) == 0 else {
      throw NoetherError("\(path): cannot be replaced by \(previousPath): \(systemMessage())")
    }
    return state
  }
}
