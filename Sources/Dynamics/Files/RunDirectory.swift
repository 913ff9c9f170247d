// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// The folder a command writes into. It appears with its run.json inside, at once and complete; every file in it
/// is written atomically.
public final class RunDirectory: Sendable {
  public let path: String

  private init(path: String) { self.path = path }

  /// Makes the folder `path` with `record` in it.
  ///
  /// An existing one is refused, or with `overwrite` replaced: only a run directory or an empty folder is, and
  /// not before its successor is ready. Throws a `NoetherError`; nothing is then left behind or lost.
  public static func create(_ path: String, record: RunRecord, overwrite: Bool = false) throws -> RunDirectory
  {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let exists = try checkPlace(path, overwrite: overwrite)

    let new = neighbour(of: path, suffix: "new")
    if mkdir(new, 0o777) != 0 {
      let folder = parentFolder(of: path)
      if errno == ENOENT || errno == ENOTDIR {
        throw NoetherError("\(path): cannot be made: there is no folder \(folder); make it first")
      }
      throw NoetherError("\(path): cannot be made: \(systemMessage()) (in \(folder))")
    }
    var settled = false
    defer { if !settled { try? FileManager.default.removeItem(atPath: new) } }
    try writeAtomically(Data(record.json.utf8), to: new + "/" + RunRecord.fileName)

    let old = neighbour(of: path, suffix: "old")
    if exists, rename(path, old) != 0 {
      throw NoetherError("\(path): cannot be replaced: \(systemMessage())")
    }
    if rename(new, path) != 0 {
      let reason = systemMessage()
      if exists { rename(old, path) }
      throw NoetherError("\(path): cannot be made: \(reason)")
    }
    settled = true
    synchronizeFolder(parentFolder(of: path))
    if exists { try? FileManager.default.removeItem(atPath: old) }
    return RunDirectory(path: path)
  }

  /// Checks a place for `create` without touching it, so that a long preparation does not end in a refusal.
  /// Tells whether there is something to replace.
  @discardableResult
  public static func checkPlace(_ path: String, overwrite: Bool) throws -> Bool {
    if path.isEmpty { throw NoetherError("--out: an empty path; write the name of a new folder") }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return false }
      throw NoetherError("\(path): cannot be made: \(systemMessage())")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw NoetherError("\(path): is there already and is not a folder; choose another --out")
    }
    let isRun = FileManager.default.fileExists(atPath: path + "/" + RunRecord.fileName)
    if !overwrite {
      throw NoetherError(
        "\(path): exists already; "
          + (isRun ? "--overwrite replaces it, --resume goes on with it" : "choose another --out"))
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw NoetherError("\(path): cannot be read: \(systemMessage())")
    }
    if !isRun, !names.isEmpty {
      throw NoetherError(
        "\(path): holds files but no \(RunRecord.fileName), so --overwrite leaves it alone; remove it yourself"
      )
    }
    return true
  }

  /// The run directory `path` as it is, with its record.
  public static func open(_ path: String) throws -> (RunDirectory, RunRecord) {
    (RunDirectory(path: path), try RunRecord.load(path))
  }

  /// The path of the file `name` in it.
  public func file(_ name: String) -> String { path + "/" + name }

  public func contains(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  public func write(_ data: Data, to name: String) throws { try writeAtomically(data, to: file(name)) }

  /// Replaces run.json.
  public func update(_ record: RunRecord) throws {
    try write(Data(record.json.utf8), to: RunRecord.fileName)
  }
}
