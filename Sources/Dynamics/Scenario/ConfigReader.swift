// SPDX-License-Identifier: GPL-3.0-or-later

/// A mapping whose keys are known: any other key is refused, with the one that was probably meant.
///
///     let reader = try ConfigReader(node, keys: ["method", "step", "tolerance"], alternatives: [["step", "tolerance"]])
///     let method = try reader.required("method", "the name of a method").string()
///     let step = try reader["step"]?.double(.positive)
public struct ConfigReader: Sendable {
  public let node: ConfigNode
  private let values: [String: ConfigNode]

  /// Throws where `node` is not a mapping, says to be of another format than `format`, has a key that is not among `keys`,
  /// or has two of a group of `alternatives`.
  public init(
    _ node: ConfigNode, keys: [String], alternatives: [[String]] = [], format: String? = nil
  ) throws {
    guard case .mapping(let entries) = node.value else {
      throw node.error(
        "\(node.quoted) is not allowed; write a mapping with the keys " + keys.joined(separator: ", "))
    }
    self.node = node
    // Its keys would be blamed for being those of another kind of file.
    if let format, let written = node["format"] { try Self.require(format, in: written) }
    for (index, entry) in entries.enumerated() where !keys.contains(entry.key) {
      let path = ConfigNode.join(node.path, entry.key)
      let remedy =
        Self.decimalPoint(for: entry, after: entries.prefix(index).last)
        ?? suggestion(for: entry.key, in: keys)
      throw NoetherError("\(entry.place): \(path): unknown key; \(remedy)")
    }
    values = Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
    for group in alternatives {
      let written = group.filter { values[$0] != nil }
      if written.count > 1 {
        throw node.error("\(written.joined(separator: " and ")) exclude each other; keep one")
      }
    }
  }

  /// {m: 0,5} has the keys m and 5.
  private static func decimalPoint(for entry: ConfigNode.Entry, after last: ConfigNode.Entry?) -> String? {
    guard !entry.key.isEmpty, entry.key.allSatisfy({ $0.isASCII && $0.isNumber }), let last,
      case .scalar(let text, false) = last.value.value, ConfigNumber.isInteger(text)
    else { return nil }
    return "numbers have a point, did you mean \(last.key): \(text).\(entry.key)?"
  }

  /// The value of `key`, or nil where it is not written.
  public subscript(key: String) -> ConfigNode? { values[key] }

  /// The value of `key`; where it is missing, the error says to write `what`.
  public func required(_ key: String, _ what: String) throws -> ConfigNode {
    if let value = values[key] { return value }
    throw NoetherError("\(node.place): \(ConfigNode.join(node.path, key)): missing; write \(what)")
  }

  /// Refuses a file that is not of `format`, or of a version that only a newer Noether knows.
  public func requireFormat(_ format: String, version known: Int) throws {
    try Self.require(format, in: required("format", "format: \(format)"))
    let version = try required("version", "version: \(known)")
    if try version.integer(in: 1...Int.max) > known {
      throw version.error(
        "\(version.quoted) is from a newer Noether; this one knows versions up to \(known): update it")
    }
  }

  private static func require(_ format: String, in written: ConfigNode) throws {
    if try written.string() != format {
      throw written.error("\(written.quoted) is not what is needed here; that is \(format)")
    }
  }
}
