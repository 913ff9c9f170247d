// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What a process that was killed while it made or replaced a run directory has left beside its place: the new folder, not yet
/// there, and the old one, no longer there. Hidden, and named `.NAME.PID-NUMBER.new` or `.old` (`neighbour`).
struct Leftovers {
  private let path: String

  init(of path: String) { self.path = path }

  /// Puts the old folder back where nothing has taken its place yet, and removes the rest; `tell` hears of the former.
  func clearAway(tell: (String) -> Void) {
    let (folder, name) = (parentFolder(of: path), String(lastComponent(of: path)))
    // `neighbour` cuts longer names short: what they belong to cannot be told.
    guard !name.isEmpty, name.count <= longestNeighbourStem else { return }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for entry in entries.sorted() {
      guard let suffix = Self.suffix(of: entry, for: name), let lock = Self.lock(folder + "/" + entry) else {
        continue
      }
      let leftover = folder + "/" + entry
      var status = stat()
      if suffix == "old", lstat(path, &status) != 0, errno == ENOENT {
        guard rename(leftover, path) == 0 else { continue }
        synchronizeFolder(folder)
        tell("\(path): was being replaced when noether was killed; what was there before is back")
      } else if suffix == "new" || FileManager.default.fileExists(atPath: path + "/" + RunRecord.fileName) {
        try? FileManager.default.removeItem(atPath: leftover)
      }
      withExtendedLifetime(lock) {}
    }
  }

  /// "new" or "old" where `entry` belongs to the folder `name`, and the process that made it is gone.
  private static func suffix(of entry: String, for name: String) -> String? {
    guard entry.hasPrefix(".\(name).") else { return nil }
    let parts = entry.dropFirst(name.count + 2).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, ["new", "old"].contains(parts[1]) else { return nil }
    let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 2, let process = Int32(numbers[0]), process > 0, UInt32(numbers[1]) != nil else {
      return nil
    }
    return kill(process, 0) != 0 && errno == ESRCH ? String(parts[1]) : nil
  }

  /// The lock of a folder that is empty or a run directory; nil where it is neither, or somebody has it.
  private static func lock(_ leftover: String) -> DirectoryLock? {
    let names = try? FileManager.default.contentsOfDirectory(atPath: leftover)
    guard let names,
      names.allSatisfy({ $0.hasPrefix(".") && $0.hasSuffix(".partial") })
        || names.contains(RunRecord.fileName)
    else { return nil }
    return (try? DirectoryLock(leftover)) ?? nil
  }
}
