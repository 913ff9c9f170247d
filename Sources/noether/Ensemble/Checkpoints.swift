// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Synchronization

/// The checkpoint of an ensemble: a folder in the run directory with one file per system that has come
/// anywhere, written atomically, taken away when the run is over.
final class Checkpoints: Sendable {
  private let folder: String
  /// Seconds between two savings.
  let interval: Double
  private let unsaved: Mutex<(runs: [SystemRun], lastSaving: ContinuousClock.Instant)>

  init(in directory: String, every interval: Double) {
    folder = directory + "/checkpoint"
    self.interval = interval
    unsaved = Mutex((runs: [], lastSaving: .now))
  }

  /// What an earlier process saved of system `index`; nil if it saved nothing.
  func load(_ index: Int) throws -> SystemRun? {
    let path = path(index)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do {
      return try JSONDecoder().decode(SystemRun.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    } catch {
      throw NoetherError(
        "\(path): the checkpoint cannot be read (\(error)); remove it to begin that system again")
    }
  }

  func save(_ run: SystemRun) throws {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw NoetherError("\(folder): cannot be made: \(error.localizedDescription)")
    }
    try writeAtomically(JSONEncoder().encode(run), to: path(run.index))
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

  private func path(_ index: Int) -> String { "\(folder)/system-\(index).json" }
}
