// SPDX-License-Identifier: GPL-3.0-or-later

/// The `system` block: which law moves the bodies.
enum Law: Sendable {
  case gravity(G: Double, softening: Double)
  /// κᵢⱼ = kᵢkⱼ between all pairs, of the rest length (mᵢ + mⱼ) times that per mass.
  case productSprings(restLengthPerMass: Double)
  /// Springs as the file lists them. Their ends `i` and `j` are names of bodies, or their numbers counted from 1
  /// in the order of `bodies`.
  case listedSprings([SpringCoupling])

  enum Kind: String, CaseIterable {
    case gravity, springs
  }

  static func kind(of node: ConfigNode) throws -> Kind {
    let reader = try ConfigReader(node, keys: ["kind", "softening", "couplings", "rest_length_per_mass"])
    let kind = try reader.required("kind", "kind: gravity or kind: springs")
    return Kind(rawValue: try kind.choice(Kind.allCases.map(\.rawValue))) ?? .gravity
  }

  /// What the law of the block `node` wants of every body beside its mass.
  static func bodyParameters(_ node: ConfigNode, kind: Kind) -> [BodyParameter] {
    switch kind {
    case .gravity: []
    case .springs: if case .scalar("product", _) = node["couplings"]?.value { [.stiffness] } else { [] }
    }
  }

  /// What this law wants of every body beside its mass.
  var bodyParameters: [BodyParameter] {
    switch self {
    case .gravity, .listedSprings: []
    case .productSprings: [.stiffness]
    }
  }

  /// What a system keeps in memory for each pair of bodies.
  var bytesPerPair: Int {
    switch self {
    case .gravity, .listedSprings: 0
    case .productSprings: MemoryLayout<SpringCoupling>.stride
    }
  }

  /// `bodies` are those that listed springs may name; nil where bodies are drawn at random.
  init(_ node: ConfigNode, kind: Kind, G: Double?, bodies: [ListedBody]?) throws {
    switch kind {
    case .gravity:
      let reader = try ConfigReader(node, keys: ["kind", "softening"])
      self = .gravity(G: G ?? 0, softening: try reader["softening"]?.double(.atLeastZero) ?? 0)
    case .springs:
      let reader = try ConfigReader(node, keys: ["kind", "couplings", "rest_length_per_mass"])
      let couplings = try reader.required(
        "couplings", "couplings: product, or a list of {i, j, k, rest_length}")
      guard couplings.isList else {
        _ = try couplings.choice(["product"])
        self = .productSprings(
          restLengthPerMass: try reader["rest_length_per_mass"]?.double(.atLeastZero) ?? 0)
        return
      }
      if let length = reader["rest_length_per_mass"] {
        throw length.error("it goes with couplings: product; give each listed spring its rest_length")
      }
      guard let bodies else {
        throw couplings.error("springs cannot be listed for bodies drawn at random; write couplings: product")
      }
      self = .listedSprings(try Self.springs(couplings, between: bodies))
    }
  }

  /// Two bodies at one point have no direction to pull in: gravity without softening, springs with rest length.
  func refuseCoincidence(of bodies: [ListedBody]) throws {
    switch self {
    case .productSprings(let restLengthPerMass):
      if restLengthPerMass == 0 { return }
      try Self.refuseSamePlace(
        of: bodies, remedy: "and the spring between them has a rest length; move one")
    case .gravity(_, let softening):
      if softening > 0 { return }
      try Self.refuseSamePlace(of: bodies, remedy: Self.softeningRemedy)
    case .listedSprings(let springs):
      for spring in springs where spring.restLength > 0 && bodies[spring.i].x == bodies[spring.j].x {
        let (one, other) = (bodies[spring.j], bodies[spring.i])
        throw one.node.error(
          "\(one.name) is where \(other.name) is, and the spring between them has a rest length; move one")
      }
    }
  }

  private static let softeningRemedy = "move one, or write a softening length: system.softening: 0.01"

  private static func refuseSamePlace(of bodies: [ListedBody], remedy: String) throws {
    var seen: [[Double]: String] = [:]
    for body in bodies {
      // −0 and 0 are the same place; adding 0 makes them the same bits.
      if let other = seen.updateValue(body.name, forKey: body.x.map { $0 + 0 }) {
        throw body.node.error("\(body.name) is where \(other) is; \(remedy)")
      }
    }
  }

  /// The system of these bodies; `parameters` has a column of `bodyParameters` each, in their order.
  func system(of bodies: Bodies, parameters: [[Double]]) -> any HamiltonianSystem {
    switch self {
    case .gravity(let G, let softening): GravitySystem(bodies: bodies, G: G, softening: softening)
    case .productSprings(let restLengthPerMass):
      SpringSystem(bodies: bodies, stiffness: parameters[0], restLengthPerMass: restLengthPerMass)
    case .listedSprings(let springs): SpringSystem(bodies: bodies, couplings: springs)
    }
  }
}
