// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Synchronization

/// The checkpoint of an ensemble: a folder in the run directory with one file per system that has come
/// anywhere and the one before it, written atomically, taken away when the run is over.
final class Checkpoints: Sendable {
  private let folder: String
  /// Seconds between two savings.
  let interval: Double
  private let unsaved: Mutex<(runs: [SystemRun], lastSaving: ContinuousClock.Instant)>

  init(in directory: String, every interval: Double) {
    folder = directory + "/checkpoint"
    removeUnfinishedFiles(in: folder)
    self.interval = interval
    unsaved = Mutex((runs: [], lastSaving: .now))
  }

  /// What an earlier process saved of system `index`; nil if it saved nothing. Where the last saving is damaged, it
  /// is the one before, and a message says so.
  func load(_ index: Int) throws -> SystemRun? {
    let file = file(index)
    let remedy = "remove it to begin that system again"
    guard let json = try file.loadJSON(remedy: remedy, tell: Terminal.say) else { return nil }
    do {
      return try JSONDecoder().decode(SystemRun.self, from: json)
    } catch {
      throw NoetherError("\(file.path): the checkpoint cannot be read (\(error)); \(remedy)")
    }
  }

  func save(_ run: SystemRun) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw NoetherError("\(folder): cannot be made: \(error.localizedDescription)")
    }
    try file(run.index).save(json: JSONEncoder().encode(run))
  }

  /// Takes note of a system whose run is over. It is saved with others when the interval has passed, so that
  /// short systems are not slowed down by their files.
  func note(_ run: SystemRun) throws {
    let due = unsaved.withLock { unsaved -> [SystemRun] in
      unsaved.runs.append(run)
      guard ContinuousClock.now - unsaved.lastSaving > .seconds(interval) else { return [] }
      defer { unsaved = (runs: [], lastSaving: .now) }
      return unsaved.runs
    }
    for run in due { try save(run) }
  }

  /// Saves what was only noted: the process is about to end.
  func flush() throws {
    let due = unsaved.withLock { unsaved -> [SystemRun] in
      defer { unsaved.runs = [] }
      return unsaved.runs
    }
    for run in due { try save(run) }
  }

  /// The run is over and its files are written: the checkpoint is no longer needed.
  func remove() throws {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    do {
      try FileManager.default.removeItem(atPath: folder)
    } catch {
      throw NoetherError("\(folder): cannot be removed: \(error.localizedDescription)")
    }
  }

  private func file(_ index: Int) -> CheckpointFile { CheckpointFile("\(folder)/system-\(index).json") }
}
