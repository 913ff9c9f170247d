// SPDX-License-Identifier: GPL-3.0-or-later

extension ConfigNode {
  /// Keys of which a mapping has one at most: setting one takes the others away.
  static let alternatives = [
    ["step", "tolerance"], ["every", "frames"], ["scenario", "trajectories"], ["bodies", "random"],
  ]

  /// The tree with one value replaced, as by `--set integrator.step=200`.
  ///
  /// Keys are dotted, entries of a list are numbered from 0 (`bodies.0.m=2`); the value is YAML, and `null`
  /// takes the key away. Paths in it are relative to the file of the tree, like those written there.
  public func setting(_ assignment: String) throws -> ConfigNode {
    let origin = "--set \(assignment)"
    guard let equals = assignment.firstIndex(of: "=") else {
      throw NoetherError("\(origin): no '='; write --set key=value")
    }
    let keys = assignment[..<equals].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if keys.contains("") { throw NoetherError("\(origin): an empty key; write --set key=value") }
    if keys.count > Self.deepestNesting {
      throw NoetherError("\(origin): nested more than \(Self.deepestNesting) levels deep")
    }
    let text = String(assignment[assignment.index(after: equals)...])
    let value = try Self.parse(
      text, directory: directory, emptyMessage: "\(origin): no value; write --set key=value, or key=null",
      place: { _ in origin })
    return try replacing(keys[...], with: value.isNull ? nil : value, origin: origin)
  }

  /// The tree with every value of a mapping in its place, as by `--set` of each: {training.epochs: 20, data.centring: null}.
  public func setting(_ changes: [Entry]) throws -> ConfigNode {
    try changes.reduce(self) { try $0.replacing($1.key, with: $1.value.isNull ? nil : $1.value) }
  }

  /// Written as YAML's null.
  private var isNull: Bool {
    if case .scalar(let word, false) = value { word == "null" || word == "~" } else { false }
  }

  /// The tree with the value at the dotted `path` replaced or taken away, and mappings made on the way there.
  public func replacing(_ path: String, with value: ConfigNode?) throws -> ConfigNode {
    try replacing(
      path.split(separator: ".").map(String.init)[...], with: value, origin: value?.place ?? path)
  }

  private func replacing(
    _ keys: ArraySlice<String>, with new: ConfigNode?, origin: String
  ) throws -> ConfigNode {
    guard let key = keys.first else { return new?.rerooted(at: path) ?? self }
    let rest = keys.dropFirst()
    let childPath = Self.join(path, key)
    var result = self
    switch value {
    case .scalar:
      throw NoetherError("\(origin): \(childPath): \(path) is \(quoted), which has no keys")
    case .list(var items):
      guard ConfigNumber.isInteger(key), let index = Int(key), items.indices.contains(index) else {
        throw NoetherError(
          items.isEmpty
            ? "\(origin): \(path): the list is empty"
            : "\(origin): \(childPath): \(path) is a list; number its entries from 0 to \(items.count - 1)")
      }
      if rest.isEmpty, new == nil {
        items.remove(at: index)
        result.value = .list(items)
        return result.rerooted(at: path)
      }
      items[index] = try items[index].replacing(rest, with: new, origin: origin)
      result.value = .list(items)
    case .mapping(var entries):
      let rivals = Self.alternatives.filter { $0.contains(key) }.flatMap { $0 }.filter { $0 != key }
      if new != nil { entries.removeAll { rivals.contains($0.key) } }
      if rest.isEmpty, new == nil {
        entries.removeAll { $0.key == key }
      } else if let index = entries.firstIndex(where: { $0.key == key }) {
        entries[index].value = try entries[index].value.replacing(rest, with: new, origin: origin)
        if rest.isEmpty { entries[index].place = origin }
      } else {
        let empty = ConfigNode(.mapping([]), place: origin, path: childPath, directory: directory)
        let value = try empty.replacing(rest, with: new, origin: origin)
        entries.append(Entry(key: key, value: value, place: origin))
      }
      result.value = .mapping(entries)
    }
    return result
  }
}
