// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing

/// Configurations and converters that the project ships.
enum ShippedFiles {
  private static let project = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    .standardizedFileURL.path

  /// `scenarios/training/NAME.yaml` as it stands.
  static func training(_ name: String) throws -> ConfigNode {
    try ConfigNode.load(path: project + "/scenarios/training/\(name).yaml")
  }

  /// `scenarios/NAME.yaml` as it stands.
  static func scenario(_ name: String) throws -> ConfigNode {
    try ConfigNode.load(path: project + "/scenarios/\(name).yaml")
  }

  /// Runs `scripts/SCRIPT FOLDER > FILE`.
  static func convert(_ script: String, _ folder: String, to file: String) throws {
    let converter = Process()
    converter.executableURL = URL(fileURLWithPath: "/bin/sh")
    converter.arguments = ["-c", "\"$0\" \"$1\" > \"$2\"", project + "/scripts/" + script, folder, file]
    try converter.run()
    converter.waitUntilExit()
    #expect(converter.terminationStatus == 0)
  }
}
