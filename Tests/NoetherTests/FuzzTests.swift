// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// A short run of `make fuzz`.
@Suite struct FuzzTests {
  private static let executable = Tool.executable.deletingLastPathComponent().appendingPathComponent("fuzz")

  @Test func noReaderIsBroughtDown() throws {
    let folder = try Tool.Folder()
    let result = try Tool.Running(
      ["--inputs", "4000", "--keep", folder.file("input")], in: nil, environment: [:],
      executable: Self.executable
    ).result()
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.split(separator: "\n").count == 9, "\(result.output)")
    #expect(folder.entries.isEmpty)
  }
}
