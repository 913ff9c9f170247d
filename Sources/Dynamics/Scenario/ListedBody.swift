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

  /// What has to be known to read a body.
  struct Context {
    var dimension: Int
    var kind: Law.Kind
    /// What the law wants of each body beside its mass.
    var parameters: [BodyParameter]
    /// The gravitational constant; nil where there is no gravity.
    var G: Double?
  }

  /// Reads `list`, each body with those before it at hand.
  static func read(_ list: ConfigNode, in context: Context) throws -> [ListedBody] {
    let items = try list.items()
    if items.isEmpty { throw list.error("no bodies; write at least one, [{name, m, x, v}]") }
    let limit = context.parameters.isEmpty ? most : mostWithParameters
    if items.count > limit { throw list.error("\(items.count) bodies; there may be \(limit)") }
    var lines: [String: String] = [:]
    var bodies: [ListedBody] = []
    for node in items {
      let body = try ListedBody(node, after: bodies, in: context)
      if let other = lines.updateValue(node.place, forKey: body.name) {
        throw node.error("the name '\(body.name)' is taken by \(other); choose another")
      }
      bodies.append(body)
    }
    if !bodies.contains(where: { $0.m > 0 }) {
      throw list.error("no body has mass, so that nothing attracts; give one at least an m above 0")
    }
    return bodies
  }

  private init(_ node: ConfigNode, after before: [ListedBody], in context: Context) throws {
    let (wanted, dimension, index) = (context.parameters, context.dimension, before.count)
    let others = Law.Kind.owners.filter { owner in !wanted.contains { $0.symbol == owner.symbol } }
    let reader = try ConfigReader(
      node,
      keys: ["name", "m"] + (wanted.map(\.symbol) + others.map(\.symbol)) + ["x", "v", "orbit", "pinned"],
      alternatives: [["x", "orbit"], ["v", "orbit"]])
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
    // Where masses attract, one of 0 makes a test particle.
    m = try reader.required("m", "its mass, m: 1").double(context.G == nil ? .positive : .atLeastZero)
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
    let axes =
      (dimension == 1 ? "for the one dimension" : "one for each of the \(dimension) dimensions")
      + " (body \(name))"
    pinned = try reader["pinned"]?.bool() ?? false
    if let orbit = reader["orbit"] {
      guard let G = context.G else {
        throw orbit.error("orbits belong to system: {kind: gravity}; write x and v")
      }
      if pinned { throw orbit.error("a pinned body (\(name)) does not move; write x, or remove pinned") }
      (x, v) = try OrbitalElements(orbit, m: m, after: before, G: G, dimension: dimension).state
      if !(x + v).allSatisfy(\.isFinite) {
        throw orbit.error("the orbit of \(name) is too large or too small for doubles")
      }
      return
    }
    x = try reader.required("x", "its position, \(Self.count(dimension))").doubles(
      count: dimension, what: axes)
    v = try reader["v"]?.doubles(count: dimension, what: axes) ?? Array(repeating: 0, count: dimension)
    if pinned, m == 0 {
      throw node.error("a pinned body without mass (\(name)) does nothing; give it mass, or remove it")
    }
    if pinned, case .registered(let law) = context.kind, !law.allowsPinned {
      throw (reader["pinned"] ?? node).error("bodies under kind: \(law.name) cannot be pinned; remove it")
    }
    if pinned, let velocity = reader["v"], v.contains(where: { $0 != 0 }) {
      throw velocity.error("a pinned body (\(name)) does not move; remove v, or pinned")
    }
    if let velocity = reader["v"], v.contains(where: { !($0 * m).isFinite }) {
      throw velocity.error("the momentum m·v of \(name) is too large for a double")
    }
  }

  private static func count(_ numbers: Int) -> String { numbers == 1 ? "[a number]" : "\(numbers) numbers" }
}
