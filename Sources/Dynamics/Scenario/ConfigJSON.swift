// SPDX-License-Identifier: GPL-3.0-or-later

extension ConfigNode {
  /// The tree as JSON in one line, keys sorted: equal trees give equal texts, and reading it back gives the
  /// same values to the bit.
  public var json: String {
    var text = ""
    writeJSON(into: &text, indent: nil, level: 0)
    return text
  }

  /// The same over several lines, for people; ends with a line feed.
  public var prettyJSON: String {
    var text = ""
    writeJSON(into: &text, indent: "  ", level: 0)
    return text + "\n"
  }

  private func writeJSON(into text: inout String, indent: String?, level: Int) {
    func newLine(_ level: Int) {
      if let indent { text += "\n" + String(repeating: indent, count: level) }
    }
    switch value {
    case .scalar(let scalar, quoted: false):
      switch scalar {
      case "true", "false": text += scalar
      case "", "~", "null": text += "null"
      default: text += ConfigNumber.canonical(scalar) ?? Self.jsonString(scalar)
      }
    case .scalar(let scalar, quoted: true): text += Self.jsonString(scalar)
    case .list(let items):
      // A vector reads better on one line than on three.
      let inner = items.contains { $0.isList || $0.isMapping } ? indent : nil
      text += "["
      for (index, item) in items.enumerated() {
        if index > 0 { text += inner == nil && indent != nil ? ", " : "," }
        if inner != nil { newLine(level + 1) }
        item.writeJSON(into: &text, indent: indent, level: level + 1)
      }
      if inner != nil, !items.isEmpty { newLine(level) }
      text += "]"
    case .mapping(let entries):
      text += "{"
      for (index, entry) in entries.sorted(by: { $0.key < $1.key }).enumerated() {
        if index > 0 { text += "," }
        newLine(level + 1)
        text += Self.jsonString(entry.key) + (indent == nil ? ":" : ": ")
        entry.value.writeJSON(into: &text, indent: indent, level: level + 1)
      }
      if !entries.isEmpty { newLine(level) }
      text += "}"
    }
  }

  /// `text` in quotation marks, control characters escaped (RFC 8259, section 7), and with
  /// them what a YAML reader takes for the end of a line or refuses.
  static func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\0"..<" ", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}", "\u{FEFF}", "\u{FFFE}"..."\u{FFFF}":
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
