// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Data that are too large for the repository: the folder named by NOETHER_DATA, or `../shared/data` beside
/// the package. Tests that need them are skipped, and say so, where the folder is not there.
public enum SharedData {
  public static let folder: String = {
    if let named = ProcessInfo.processInfo.environment["NOETHER_DATA"], !named.isEmpty { return named }
    // …/Tests/TestSupport/SharedData.swift → … → …/../shared/data
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/data").path
  }()

  public static func path(_ name: String) -> String { folder + "/" + name }

  static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}

extension Trait where Self == ConditionTrait {
  /// Runs where `files` of the shared data are there; where not, says in which folder `what` was looked for.
  public static func needs(_ what: String, _ files: String...) -> Self { needs(what, files) }

  public static func needs(_ what: String, _ files: [String]) -> Self {
    .enabled(
      if: files.allSatisfy(SharedData.has),
      "no \(what) in \(SharedData.folder); set NOETHER_DATA to the folder that holds \(files.joined(separator: ", "))"
    )
  }
}
