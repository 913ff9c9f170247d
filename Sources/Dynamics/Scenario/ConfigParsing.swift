// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Yams

extension ConfigNode {
  /// A configuration is written by hand, or is a list of bodies: beyond this it is some other file.
  static let longestFile = 16 << 20
  /// Deeper nesting than this has no meaning in any configuration.
  static let deepestNesting = 64
  /// Aliases may make a short file stand for an endless tree; this many nodes are as many as are made.
  static let mostNodes = 1_000_000

  /// The tree of the YAML (or JSON) file at `path`, whose relative paths start from the file's folder, after overrides such as
  /// "integrator.step=200".
  ///
  /// Throws a `NoetherError` naming file and line where the file is missing, too long, not UTF-8, not YAML,
  /// empty, nested too deeply, or has a key twice.
  public static func load(path: String, overrides: [String] = []) throws -> ConfigNode {
    let data = try readFile(path, limit: longestFile)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw NoetherError("\(path): is not UTF-8 text; save it as UTF-8")
    }
    let written = try parse(text, name: path, directory: parentFolder(of: path))
    return try overrides.reduce(written) { try $0.setting($1) }
  }

  /// The tree of a YAML (or JSON) text, called `name` in messages.
  public static func parse(_ text: String, name: String, directory: String = ".") throws -> ConfigNode {
    try parse(text, directory: directory, emptyMessage: "\(name): is empty") { "\(name):\($0)" }
  }

  static func parse(
    _ text: String, directory: String, emptyMessage: String, place: @escaping (Int) -> String
  ) throws -> ConfigNode {
    // A byte order mark is how some editors begin a file. The comment makes the string long enough to lie on
    // the heap: Yams keeps a pointer to its bytes, and a short string has none that last.
    let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    try refuseMultiplyingAliases(in: body, place: place)
    var root: Node?
    do {
      root = try Yams.compose(
        yaml: body + "\n# end of the text, kept on the heap\n", .basic, .default, .utf8)
    } catch let error as YamlError {
      throw NoetherError(message(for: error, text: body, place: place))
    }
    guard let root else { throw NoetherError(emptyMessage) }
    var remaining = mostNodes
    return try convert(root, path: "", depth: 0, directory: directory, place: place, remaining: &remaining)
  }

  /// Yams compares keys node by node, aliases written out. With A of them a text of n bytes stands for at most n e^(A/e) bytes (A
  /// aliases on k levels make (A/k)ᵏ copies, most for k = A/e), which must stay below this.
  private static let longestWrittenOut = 1e8

  private static func refuseMultiplyingAliases(in text: String, place: (Int) -> String) throws {
    var (count, line, bytes) = (0.0, 1, 0.0)
    var before = UInt8(ascii: "\n")
    var isAfterStar = false
    for byte in text.utf8 {
      // `*` where a word may begin, and a name after it: some are in comments, which does no harm.
      if isAfterStar, byte > UInt8(ascii: " ") { count += 1 }
      isAfterStar =
        byte == UInt8(ascii: "*") && (before <= UInt8(ascii: " ") || "[{,:?-!&".utf8.contains(before))
      if byte == UInt8(ascii: "\n"), count == 0 { line += 1 }
      before = byte
      bytes += 1
    }
    if count > 0, bytes * exp(count / M_E) > longestWrittenOut {
      throw NoetherError("\(place(line)): \(Int(count)) aliases may not multiply so; write the values out")
    }
  }

  private static func convert(
    _ node: Node, path: String, depth: Int, directory: String, place: (Int) -> String, remaining: inout Int
  ) throws -> ConfigNode {
    let here = ConfigNode(
      .list([]), place: place(node.mark?.line ?? 1), path: path, directory: directory)
    remaining -= 1
    if remaining < 0 { throw here.error("more than \(mostNodes) values; aliases may not multiply so") }
    if depth > deepestNesting { throw here.error("nested more than \(deepestNesting) levels deep") }

    var result = here
    switch node {
    case .scalar(let scalar):
      let plain = scalar.style == .plain || scalar.style == .any
      if plain, scalar.tag.description != "" {
        throw here.error("the tag \(scalar.tag) is not understood; write the value without it")
      }
      result.value = .scalar(scalar.string, quoted: !plain)
    case .sequence(let sequence):
      result.value = .list(
        try sequence.enumerated().map { index, child in
          try convert(
            child, path: join(path, String(index)), depth: depth + 1, directory: directory, place: place,
            remaining: &remaining)
        })
    case .mapping(let mapping):
      var seen = Set<String>()
      result.value = .mapping(
        try mapping.map { key, child in
          let keyPlace = place(key.mark?.line ?? 1)
          guard case .scalar(let scalar) = key else {
            throw NoetherError("\(keyPlace): a key must be a word, not a list or a mapping")
          }
          let childPath = join(path, scalar.string)
          if !seen.insert(scalar.string).inserted {
            throw NoetherError("\(keyPlace): \(childPath): written twice; keep one")
          }
          var value = try convert(
            child, path: childPath, depth: depth + 1, directory: directory, place: place,
            remaining: &remaining)
          // An alias bears the mark of what it stands for; the key leads to where it is used.
          if case .scalar = child { value.place = keyPlace }
          return Entry(key: scalar.string, value: value, place: keyPlace)
        })
    case .alias: throw here.error("an alias without its anchor")
    }
    return result
  }

  /// libYAML's complaint in one line.
  private static func message(for error: YamlError, text: String, place: (Int) -> String) -> String {
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let start = context.map { " (\($0.text) from line \($0.mark.line))" } ?? ""
      return "\(place(mark.line)): not valid YAML: \(problem)\(start)"
    case .duplicatedKeysInMapping(let keys, let context):
      return "\(place(context.mark.line)): \(keys.joined(separator: ", ")): written twice; keep one"
    case .reader(let problem, let offset, _, _):
      let line = 1 + text.prefix(offset ?? 0).count { $0.isNewline }
      return "\(place(line)): not valid YAML: \(problem); remove that character"
    default:
      return "\(place(1)): not valid YAML: \(error)"
    }
  }
}
