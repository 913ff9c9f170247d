// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The lines of a text file one after another, and where they stand for messages.
struct Lines {
  let name: String
  private(set) var number = 0
  /// How many structures have begun so far.
  var structures = 0
  private var rest: Data

  init(_ data: Data, name: String) {
    self.name = name
    rest = data
  }

  /// The next line without its end; nil after the last.
  mutating func next() -> Substring? {
    if rest.isEmpty { return nil }
    number += 1
    let end = rest.firstIndex(of: 0x0A) ?? rest.endIndex
    let line = rest[..<end]
    rest = end < rest.endIndex ? rest[(end + 1)...] : Data()
    return Substring(String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self))
  }

  func error(_ what: String) -> NoetherError { NoetherError("\(name): line \(number): \(what)") }

  /// A finite number in decimals, with an exponent of C's, Fortran's or Mathematica's.
  func number(_ word: Substring) throws -> Double {
    if let value = Self.value(word), value.isFinite { return value }
    throw error(
      "'\(word.shortened)' is no finite number" + (structures > 0 ? ", in structure \(structures)" : ""))
  }

  /// The same, which need not be finite; nil where it is no number.
  static func value(_ word: Substring) -> Double? {
    Double(word)
      ?? Double(word.replacing("*^", with: "e").replacing("d", with: "e").replacing("D", with: "e"))
  }

  /// An element by its symbol or its atomic number.
  func element(_ word: Substring) throws -> Element {
    if let element = Int(word).map(Element.init(number:)) ?? Element(symbol: String(word)) { return element }
    throw error("'\(word.shortened)' is no element, by its symbol or atomic number")
  }
}

extension Character {
  var isSpace: Bool { self == " " || self == "\t" }
}

extension StringProtocol {
  var trimmed: String { String(self).trimmingCharacters(in: .whitespaces) }
  /// Cut, for messages, and with nothing that a terminal would not print.
  var shortened: String {
    let part = count <= 40 ? String(self) : prefix(37) + "..."
    return String(part.map { $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } ? "?" : $0 })
  }
}
