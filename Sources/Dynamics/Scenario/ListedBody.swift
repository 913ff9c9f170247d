// SPDX-License-Identifier: GPL-3.0-or-later

/// One entry of `bodies`.
struct ListedBody: Sendable {
  var name: String
  var m: Double
  /// What the law wants of a body beside its mass, in the law's order: kᵢ under the product rule.
  var parameters: [Double]
  var x: [Double]
  var v: [Double]
  var pinned: Bool
  /// Where it stands.
  var node: ConfigNode

  /// Pairs are all computed, so that more bodies than this could not be simulated in a lifetime anyway.
  static let most = 20_000
  /// Laws with parameters keep something of every pair in memory.
  static let mostWithParameters = 2000

  /// Reads `list` for a law that wants `parameters` of each body.
  static func read(
    _ list: ConfigNode, dimension: Int, parameters: [BodyParameter]
  ) throws -> [ListedBody] {
    let items = try list.items()
    if items.isEmpty { throw list.error("no bodies; write at least one, [{name, m, x, v}]") }
    let limit = parameters.isEmpty ? most : mostWithParameters
    if items.count > limit { throw list.error("\(items.count) bodies; there may be \(limit)") }
    var lines: [String: String] = [:]
    return try items.enumerated().map { index, node in
      let body = try ListedBody(node, index: index, dimension: dimension, parameters: parameters)
      if let other = lines.updateValue(node.place, forKey: body.name) {
        throw node.error("the name '\(body.name)' is taken by \(other); choose another")
      }
      return body
    }
  }

  private init(
    _ node: ConfigNode, index: Int, dimension: Int, parameters wanted: [BodyParameter]
  ) throws {
    let others = Law.Kind.owners.filter { owner in !wanted.contains { $0.symbol == owner.symbol } }
    let reader = try ConfigReader(
      node, keys: ["name", "m"] + (wanted.map(\.symbol) + others.map(\.symbol)) + ["x", "v", "pinned"])
    self.node = node
    name = try reader["name"]?.string() ?? String(index + 1)
    if let named = reader["name"] {
      if name.isEmpty || name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        throw named.error("a name has letters and no control characters")
      }
      // Springs call bodies by name or by number; a number must not be another body's name.
      if ConfigNumber.isInteger(name), name != String(index + 1) {
        throw named.error(
          "'\(name)' is the number of a place in the list; choose a name that is not a number")
      }
    }
    m = try reader.required("m", "its mass, m: 1").double(.positive)
    for other in others {
      if let written = reader[other.symbol] {
        throw written.error("\(other.symbol) belongs to system: \(other.system); remove it")
      }
    }
    parameters = try wanted.map { parameter in
      let symbol = parameter.symbol
      guard let value = reader[symbol] else {
        throw node.error("\(symbol) is missing; under this law every body has its own, \(symbol): 1")
      }
      return try value.double(parameter.range)
    }
    let axes = "one for each of the \(dimension) dimensions (body \(name))"
    x = try reader.required("x", "its position, \(dimension) numbers").doubles(count: dimension, what: axes)
    v = try reader["v"]?.doubles(count: dimension, what: axes) ?? Array(repeating: 0, count: dimension)
    pinned = try reader["pinned"]?.bool() ?? false
    if pinned, let velocity = reader["v"], v.contains(where: { $0 != 0 }) {
      throw velocity.error("a pinned body (\(name)) does not move; remove v, or pinned")
    }
    if let velocity = reader["v"], v.contains(where: { !($0 * m).isFinite }) {
      throw velocity.error("the momentum m·v of \(name) is too large for a double")
    }
  }
}
