// SPDX-License-Identifier: GPL-3.0-or-later

/// Atoms in space, and what is known of them.
public struct Structure: Sendable, Equatable {
  /// Which of its file's structures it is, from 1, and in a file of text the line that tells of the whole: for messages.
  public var number = 1
  public var line: Int?
  public var elements: [Element]
  /// Places [atoms × 3], in Å.
  public var positions: [Double]
  /// Numbers that belong to the whole: energies and other properties, by name, in the file's units.
  public var properties: [String: Double] = [:]
  /// Numbers that belong to the atoms [atoms × columns], by name: "forces".
  public var columns: [String: [Double]] = [:]

  public var count: Int { elements.count }
  /// "line 12: structure 3".
  var place: String { (line.map { "line \($0): " } ?? "") + "structure \(number)" }

  public init(elements: [Element], positions: [Double]) {
    self.elements = elements
    self.positions = positions
  }
}
