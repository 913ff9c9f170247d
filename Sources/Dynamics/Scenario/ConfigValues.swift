// SPDX-License-Identifier: GPL-3.0-or-later

/// What a number must satisfy to make sense where it stands.
public enum NumberRange: Sendable {
  case any
  case positive
  case atLeastZero
  case nonZero

  func contains(_ value: Double) -> Bool {
    switch self {
    case .any: true
    case .positive: value > 0
    case .atLeastZero: value >= 0
    case .nonZero: value != 0
    }
  }

  var demand: String {
    switch self {
    case .any: "a number"
    case .positive: "a number greater than 0"
    case .atLeastZero: "a number that is at least 0"
    case .nonZero: "a number other than 0"
    }
  }
}

/// Reading a node as one type or another. Each throws a `NoetherError` that names place, key, value and what
/// should stand there.
extension ConfigNode {
  /// A finite number; "a/b" is the quotient.
  public func double(_ range: NumberRange = .any) throws -> Double {
    let text = try scalar(expecting: range.demand)
    let isQuotient = text.text.contains("/")
    if let value = ConfigNumber.double(text.text), !text.quoted || isQuotient {
      if range.contains(value) { return value }
      throw error("\(quoted) is not allowed; write \(range.demand)")
    }
    throw error("\(quoted) is not \(range.demand)\(numberRemedy(text.text))")
  }

  /// A whole number within `range`.
  public func integer(in range: ClosedRange<Int>) throws -> Int {
    let demand =
      range.upperBound == .max
      ? "a whole number from \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    let text = try scalar(expecting: demand)
    guard !text.quoted, ConfigNumber.isInteger(text.text) else {
      throw error("\(quoted) is not \(demand)\(wholeNumberRemedy(text, range))")
    }
    guard let value = Int(text.text), range.contains(value) else {
      throw error("\(quoted) is not allowed; write \(demand)")
    }
    return value
  }

  /// A seed: a whole number of 64 bits.
  public func seed() throws -> UInt64 {
    let text = try scalar(expecting: "a seed")
    guard !text.quoted, ConfigNumber.isInteger(text.text), let value = UInt64(text.text) else {
      throw error("\(quoted) is not a seed; write a whole number from 0 to \(UInt64.max)")
    }
    return value
  }

  /// true or false, and nothing else: YAML's yes, no, on, off are words.
  public func bool() throws -> Bool {
    let text = try scalar(expecting: "true or false")
    switch text.text {
    case "true" where !text.quoted: return true
    case "false" where !text.quoted: return false
    default: throw error("\(quoted) is not allowed; write true or false")
    }
  }

  /// A text. What looks like a number must stand in quotes, so that it is kept letter by letter.
  public func string() throws -> String {
    let text = try scalar(expecting: "a text")
    if !text.quoted, ConfigNumber.canonical(text.text) != nil || ["true", "false"].contains(text.text) {
      throw error("\(quoted) is not a text; put it in quotes: \"\(text.text)\"")
    }
    return text.text
  }

  /// One of a few words.
  public func choice(_ words: [String]) throws -> String {
    let word = try scalar(expecting: "one of: " + words.joined(separator: ", ")).text
    if words.contains(word) { return word }
    throw error("\(quoted) is not known; \(suggestion(for: word, in: words))")
  }

  /// A path, relative to the folder of the file it is written in.
  public func filePath() throws -> String {
    let text = try string()
    if text.contains("\0") { throw error("\(quoted) is not a path") }
    return text.hasPrefix("/") || directory == "." ? text : directory + "/" + text
  }

  public func items() throws -> [ConfigNode] {
    guard case .list(let items) = value else { throw error("\(quoted) is not a list; write [a, b, ...]") }
    return items
  }

  /// A list of `count` finite numbers; `what` says what they are ("one coordinate for each of 2 dimensions").
  public func doubles(count: Int, what: String) throws -> [Double] {
    let items = try items()
    if items.count != count {
      throw error("has \(items.count) number\(items.count == 1 ? "" : "s"); write \(count), \(what)")
    }
    return try items.map { try $0.double() }
  }

  private func scalar(expecting demand: String) throws -> (text: String, quoted: Bool) {
    guard case .scalar(let text, let quoted) = value else {
      throw error("\(self.quoted) is not allowed; write \(demand)")
    }
    if !quoted, ["", "~", "null"].contains(text) { throw error("no value; write \(demand)") }
    return (text, quoted)
  }

  /// What may have been meant by a text that is not a whole number.
  private func wholeNumberRemedy(_ text: (text: String, quoted: Bool), _ range: ClosedRange<Int>) -> String {
    guard !text.quoted, let number = ConfigNumber.double(text.text) else { return numberRemedy(text.text) }
    return Int(exactly: number).flatMap { range.contains($0) ? "; did you mean \($0)?" : nil } ?? ""
  }

  /// What may have been meant by a text that is not a number.
  private func numberRemedy(_ text: String) -> String {
    let word = text.lowercased().filter { $0.isLetter }
    if ["nan", "inf", "infinity"].contains(word) { return "; it must be finite" }
    if ConfigNumber.double(text) != nil { return "; write it without quotes" }
    let repaired = String(
      text.filter { $0 != "_" }.replacing(",", with: ".").drop { $0 == "0" })
    if ConfigNumber.double(repaired) != nil { return "; did you mean \(repaired)?" }
    return ""
  }
}
