// SPDX-License-Identifier: GPL-3.0-or-later

/// The `system` block: which law moves the bodies.
enum Law: Sendable {
  case gravity(G: Double, softening: Double)
  /// κᵢⱼ = kᵢkⱼ between all pairs.
  case productSprings
  /// Springs as the file lists them. Their ends `i` and `j` are names of bodies, or their numbers counted from 1
  /// in the order of `bodies`.
  case listedSprings([SpringCoupling])

  enum Kind: String, CaseIterable {
    case gravity, springs
  }

  static func kind(of node: ConfigNode) throws -> Kind {
    let reader = try ConfigReader(node, keys: ["kind", "softening", "couplings"])
    let kind = try reader.required("kind", "kind: gravity or kind: springs")
    return Kind(rawValue: try kind.choice(Kind.allCases.map(\.rawValue))) ?? .gravity
  }

  static func isProduct(_ node: ConfigNode) -> Bool {
    if case .scalar("product", _) = node["couplings"]?.value { true } else { false }
  }

  /// `bodies` are those that listed springs may name; nil where bodies are drawn at random.
  init(_ node: ConfigNode, kind: Kind, G: Double?, bodies: [ListedBody]?) throws {
    switch kind {
    case .gravity:
      let reader = try ConfigReader(node, keys: ["kind", "softening"])
      self = .gravity(G: G ?? 0, softening: try reader["softening"]?.double(.atLeastZero) ?? 0)
    case .springs:
      let reader = try ConfigReader(node, keys: ["kind", "couplings"])
      let couplings = try reader.required(
        "couplings", "couplings: product, or a list of {i, j, k, rest_length}")
      guard couplings.isList else {
        _ = try couplings.choice(["product"])
        self = .productSprings
        return
      }
      guard let bodies else {
        throw couplings.error("springs cannot be listed for bodies drawn at random; write couplings: product")
      }
      self = .listedSprings(try Self.springs(couplings, between: bodies))
    }
  }

  private static func springs(_ list: ConfigNode, between bodies: [ListedBody]) throws -> [SpringCoupling] {
    let names = bodies.map(\.name)
    let indices = Dictionary(zip(names, names.indices)) { first, _ in first }
    func body(_ node: ConfigNode) throws -> Int {
      if case .scalar(let text, false) = node.value, ConfigNumber.isInteger(text) {
        guard let number = Int(text), (1...names.count).contains(number) else {
          throw node.error("there is no body \(text); number them from 1 to \(names.count), or write a name")
        }
        return number - 1
      }
      let name = try node.string()
      guard let index = indices[name] else {
        throw node.error("there is no body '\(name)'; \(suggestion(for: name, in: Array(names.prefix(20))))")
      }
      return index
    }

    var seen: [SIMD2<Int>: String] = [:]
    return try list.items().map { node in
      let reader = try ConfigReader(node, keys: ["i", "j", "k", "rest_length"])
      let end = "the name or the number of a body"
      let i = try body(reader.required("i", end))
      let j = try body(reader.required("j", end))
      if i == j { throw node.error("a spring from \(names[i]) to itself; name another body") }
      if let other = seen.updateValue(node.place, forKey: SIMD2(min(i, j), max(i, j))) {
        throw node.error("\(names[i]) and \(names[j]) have a spring already, at \(other); keep one")
      }
      let k = try reader.required("k", "its stiffness, k: 1").double(.atLeastZero)
      let restLength = try reader["rest_length"]?.double(.atLeastZero) ?? 0
      return SpringCoupling(i: i, j: j, k: k, restLength: restLength)
    }
  }

  /// Two bodies at one point have no direction to pull in: gravity without softening, springs with rest length.
  func refuseCoincidence(of bodies: [ListedBody]) throws {
    switch self {
    case .productSprings: return
    case .gravity(_, let softening):
      if softening > 0 { return }
      var seen: [[Double]: String] = [:]
      for body in bodies {
        // −0 and 0 are the same place; adding 0 makes them the same bits.
        if let other = seen.updateValue(body.name, forKey: body.x.map { $0 + 0 }) {
          throw body.node.error(
            "\(body.name) is where \(other) is; move one, or write a softening length: system.softening: 0.01"
          )
        }
      }
    case .listedSprings(let springs):
      for spring in springs where spring.restLength > 0 && bodies[spring.i].x == bodies[spring.j].x {
        let (one, other) = (bodies[spring.j], bodies[spring.i])
        throw one.node.error(
          "\(one.name) is where \(other.name) is, and the spring between them has a rest length; move one")
      }
    }
  }

  /// The system of these bodies; `stiffness` under the product rule.
  func system(of bodies: Bodies, stiffness: [Double]?) -> any HamiltonianSystem {
    switch self {
    case .gravity(let G, let softening): GravitySystem(bodies: bodies, G: G, softening: softening)
    case .productSprings: SpringSystem(bodies: bodies, stiffness: stiffness ?? bodies.masses.map { _ in 0 })
    case .listedSprings(let springs): SpringSystem(bodies: bodies, couplings: springs)
    }
  }
}
