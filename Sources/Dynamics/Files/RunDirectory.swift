// SPDX-License-Identifier: GPL-3.0-or-later

import CExchange
import Foundation

/// The folder a command writes into. It appears with its run.json inside, at once and complete; every file in it
/// is written atomically. One process at a time has it, from here until this object goes.
public final class RunDirectory: Sendable {
  public let path: String

  /// nil where the folder cannot be opened for one.
  private let lock: DirectoryLock?

  private init(path: String, lock: DirectoryLock?) {
    self.path = path
    self.lock = lock
  }

  /// What noether writes into a run directory, but for hidden files on their way to a name.
  private static let knownNames: Set = [
    RunRecord.fileName, "trajectory.csv", "trajectory.npz", "diagnostics.csv", "rollout_error.csv",
    "ledger.csv", "certificate.csv", "events.csv",
    "training.csv", "model.safetensors", "last.safetensors", "last.safetensors.previous", "evaluation.csv",
    "checkpoint", "plots", "rollout_curves.csv", "force_law.csv", "angles.csv", "confusion.csv",
    "fit.csv", "forecast.csv", "study.csv", "study_summary.csv", "cells",
  ]

  /// Makes the folder `path` with `record` in it.
  ///
  /// An existing one is refused, or with `overwrite` replaced: only a run directory that holds nothing else and
  /// that nobody writes into is, or an empty folder, and not before its successor is ready. The two change places at once, so that
  /// whenever a process is killed there is a whole run there; a hidden folder may then be left beside it. (Where the file system cannot
  /// exchange names, the old run is hidden for a moment.) Throws a `NoetherError`; nothing is then lost.
  public static func create(_ path: String, record: RunRecord, overwrite: Bool = false) throws -> RunDirectory
  {
    try create(path, record: record, overwrite: overwrite) { noether_exchange($0, $1) }
  }

  /// `exchange` is what makes two names change places.
  static func create(
    _ path: String, record: RunRecord, overwrite: Bool, exchange: (String, String) -> Int32
  ) throws -> RunDirectory {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    let exists = try inspect(path, overwrite: overwrite)
    let oldLock = exists ? try DirectoryLock(path) : nil

    let new = neighbour(of: path, suffix: "new")
    if mkdir(new, 0o777) != 0 {
      throw NoetherError("\(path): cannot be made: \(creationFailure(in: parentFolder(of: path)))")
    }
    var settled = false
    defer { if !settled { try? FileManager.default.removeItem(atPath: new) } }
    let lock = try DirectoryLock(new, name: path)
    try writeAtomically(Data(record.json.utf8), to: new + "/" + RunRecord.fileName)

    // The name that the old folder has in the end.
    var old = new
    if !exists || exchange(new, path) != 0 {
      // Some file systems cannot exchange names, as some in networks; others have a reason, which the renaming will meet too.
      old = neighbour(of: path, suffix: "old")
      if exists, rename(path, old) != 0 {
        throw NoetherError("\(path): cannot be replaced: \(systemMessage())")
      }
      if rename(new, path) != 0 {
        let (code, reason) = (errno, systemMessage())
        let isLost = exists && rename(old, path) != 0
        let whereabouts = isLost ? "; what was there is now in \(old)" : ""
        // Another process was faster.
        if code == ENOTEMPTY || code == EEXIST {
          throw NoetherError(isThere(path).message + whereabouts)
        }
        throw NoetherError("\(path): cannot be made: \(reason)\(whereabouts)")
      }
    }
    settled = true
    synchronizeFolder(parentFolder(of: path))
    if exists { try? FileManager.default.removeItem(atPath: old) }
    withExtendedLifetime(oldLock) {}
    return RunDirectory(path: path, lock: lock)
  }

  /// Checks a place for `create`, so that a long preparation does not end in a refusal; nothing there is touched. Tells
  /// whether there is something to replace.
  @discardableResult
  public static func checkPlace(_ path: String, overwrite: Bool) throws -> Bool {
    let exists = try inspect(path, overwrite: overwrite)
    if exists { _ = try DirectoryLock(path) }
    return exists
  }

  private static func inspect(_ path: String, overwrite: Bool) throws -> Bool {
    if path.isEmpty { throw NoetherError("--out: an empty path; write the name of a new folder") }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return false }
      throw NoetherError("\(path): cannot be made: \(systemMessage())")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw NoetherError("\(path): is there already and is not a folder; choose another --out")
    }
    if !overwrite { throw isThere(path) }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw NoetherError("\(path): cannot be read: \(systemMessage())")
    }
    if names.isEmpty { return true }
    func refusal(_ fact: String) -> NoetherError {
      NoetherError("\(path): holds \(fact), so --overwrite leaves it alone; remove it yourself")
    }
    guard isRun(path) else { throw refusal("files but no \(RunRecord.fileName)") }
    do {
      _ = try RunRecord.load(path)
    } catch let error as NoetherError {
      throw refusal("no \(RunRecord.fileName) of a run (\(error.message))")
    }
    let isOurs = { (name: String) in
      knownNames.contains(name) || name.hasPrefix(".") && name.hasSuffix(".partial")
    }
    if let foreign = names.sorted().first(where: { !isOurs($0) }) {
      throw refusal("'\(foreign)', which is not of a run")
    }
    return true
  }

  private static func isRun(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + RunRecord.fileName)
  }

  private static func isThere(_ path: String) -> NoetherError {
    NoetherError(
      "\(path): exists already; "
        + (isRun(path) ? "--overwrite replaces it, --resume goes on with it" : "choose another --out"))
  }

  /// The run directory `path` as it is, with its record. Throws where another process writes into it.
  public static func open(_ path: String) throws -> (RunDirectory, RunRecord) {
    // First the lock: the record of a run that goes on changes.
    let lock = try DirectoryLock(path)
    removeUnfinishedFiles(in: path)
    return (RunDirectory(path: path, lock: lock), try RunRecord.load(path))
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
