// SPDX-License-Identifier: GPL-3.0-or-later

/// A value of a configuration, with the place it was written at, for messages that lead there.
///
/// Scalars keep their text: what a number or a word means is decided where it is read, strictly, and not by
/// YAML's own guesses (`no`, `1_000`, `010`, `1:30`).
public struct ConfigNode: Sendable {
  public indirect enum Value: Sendable {
    /// The text of a scalar; `quoted` if it stood in quotation marks and so can only be a string.
    case scalar(String, quoted: Bool)
    case list([ConfigNode])
    /// Keys and values in the order they were written; keys are unique.
    case mapping([Entry])
  }

  public struct Entry: Sendable {
    public var key: String
    public var value: ConfigNode
    /// Where the key stands, as in `ConfigNode.place`.
    public var place: String
  }

  public var value: Value
  /// "springs.yaml:12", or "--set integrator.step=200".
  public var place: String
  /// Dotted keys and 0-based indices from the root: "bodies.0.m"; empty at the root.
  public var path: String
  /// The folder that relative paths written in this node start from.
  public var directory: String

  public init(_ value: Value, place: String = "", path: String = "", directory: String = ".") {
    self.value = value
    self.place = place
    self.path = path
    self.directory = directory
  }

  public static func string(_ text: String) -> ConfigNode { ConfigNode(.scalar(text, quoted: true)) }
  public static func bool(_ value: Bool) -> ConfigNode {
    ConfigNode(.scalar(value ? "true" : "false", quoted: false))
  }
  /// A finite number, kept to the bit.
  public static func number(_ value: Double) -> ConfigNode {
    ConfigNode(.scalar(value.description, quoted: false))
  }
  public static func integer(_ value: some BinaryInteger) -> ConfigNode {
    ConfigNode(.scalar(String(value), quoted: false))
  }
  public static func list(_ items: [ConfigNode]) -> ConfigNode { ConfigNode(.list(items)) }
  public static func mapping(_ entries: KeyValuePairs<String, ConfigNode?>) -> ConfigNode {
    ConfigNode(
      .mapping(
        entries.compactMap { key, value in value.map { Entry(key: key, value: $0, place: "") } }))
  }

  /// The value of `key`, if this is a mapping that has it.
  public subscript(key: String) -> ConfigNode? {
    guard case .mapping(let entries) = value else { return nil }
    return entries.first { $0.key == key }?.value
  }

  public var isMapping: Bool {
    if case .mapping = value { true } else { false }
  }
  public var isList: Bool {
    if case .list = value { true } else { false }
  }

  /// "springs.yaml:12: integrator.step: " and the complaint.
  public func error(_ complaint: String) -> NoetherError {
    NoetherError([place, path, complaint].filter { !$0.isEmpty }.joined(separator: ": "))
  }

  /// How a message quotes this value: the text of a scalar, cut if it is long.
  var quoted: String {
    switch value {
    case .scalar(let text, _):
      if text.isEmpty { return "empty" }
      return "'" + (text.count <= 40 ? text : text.prefix(37) + "...") + "'"
    case .list: return "a list"
    case .mapping: return "a mapping"
    }
  }

  /// The same tree with paths that begin at `path` and start from `directory`.
  func rerooted(at path: String, directory: String? = nil) -> ConfigNode {
    var node = self
    node.path = path
    if let directory { node.directory = directory }
    switch value {
    case .scalar: break
    case .list(let items):
      node.value = .list(
        items.enumerated().map { $1.rerooted(at: Self.join(path, String($0)), directory: directory) })
    case .mapping(let entries):
      node.value = .mapping(
        entries.map { entry in
          var moved = entry
          moved.value = entry.value.rerooted(at: Self.join(path, entry.key), directory: directory)
          return moved
        })
    }
    return node
  }

  static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + "." + key }
}
