// SPDX-License-Identifier: GPL-3.0-or-later

/// The `system` block: which law moves the bodies.
enum Law: Sendable {
  case gravity(G: Double, softening: Double)
  /// κᵢⱼ = kᵢkⱼ between all pairs, of the rest length (mᵢ + mⱼ) times that per mass.
  case productSprings(restLengthPerMass: Double)
  /// Springs as the file lists them. Their ends `i` and `j` are names of bodies, or their numbers counted from 1
  /// in the order of `bodies`.
  case listedSprings([SpringCoupling])

  /// A law that is registered, with its constants in their order.
  case registered(any ParametrisedLaw.Type, constants: [Double])

  enum Kind {
    case gravity, springs
    case registered(any ParametrisedLaw.Type)

    static var all: [Kind] { [.gravity, .springs] + Laws.known.map { .registered($0) } }

    /// The word for it in `system.kind`.
    var name: String {
      switch self {
      case .gravity: "gravity"
      case .springs: "springs"
      case .registered(let law): law.name
      }
    }

    /// How many axes its bodies may have.
    var dimensions: ClosedRange<Int> {
      switch self {
      case .gravity: 2...3
      case .springs: 1...3
      case .registered(let law): law.dimensions
      }
    }
  }

  static func kind(of node: ConfigNode) throws -> Kind {
    let constants = Set(Laws.known.flatMap { $0.constants.map(\.name) } + ["softening"]).sorted()
    let reader = try ConfigReader(node, keys: ["kind", "couplings", "rest_length_per_mass"] + constants)
    let word = try reader.required("kind", "kind: gravity, or another of `noether list systems`")
    let name = try word.choice(Kind.all.map(\.name))
    return Kind.all.first { $0.name == name } ?? .gravity
  }

  /// What the law of the block `node` wants of every body beside its mass.
  static func bodyParameters(_ node: ConfigNode, kind: Kind) -> [BodyParameter] {
    switch kind {
    case .gravity: []
    case .springs: if case .scalar("product", _) = node["couplings"]?.value { [.stiffness] } else { [] }
    case .registered(let law): law.parameters
    }
  }

  /// What this law wants of every body beside its mass.
  var bodyParameters: [BodyParameter] {
    switch self {
    case .gravity, .listedSprings: []
    case .productSprings: [.stiffness]
    case .registered(let law, _): law.parameters
    }
  }

  /// What acts on the bodies from outside; nil where there are only forces between them.
  var anchor: String? {
    if case .registered(let law, _) = self { law.anchor } else { nil }
  }

  /// Throws where there is no system of `count` bodies; `node` is where their number is written.
  func check(bodies count: Int, at node: ConfigNode) throws {
    if case .registered(let law, _) = self, let complaint = law.complaint(bodies: count) {
      throw node.error(complaint)
    }
  }

  /// What a system keeps in memory for each pair of bodies.
  var bytesPerPair: Int {
    switch self {
    case .gravity, .listedSprings: 0
    case .productSprings: MemoryLayout<SpringCoupling>.stride
    case .registered(let law, _): law.bytesPerPair
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
    case .registered(let law):
      let reader = try ConfigReader(node, keys: ["kind"] + law.constants.map(\.name))
      let constants = try law.constants.map { constant in
        if let written = reader[constant.name] { return try written.double(constant.range) }
        if let fallback = constant.fallback { return fallback }
        return try reader.required(constant.name, "\(constant.name): \(constant.example)").double()
      }
      self = .registered(law, constants: constants)
    }
  }

  /// Two bodies at one point have no finite force, or no direction for it: gravity without softening, springs with
  /// rest length.
  func refuseCoincidence(of bodies: [ListedBody]) throws {
    switch self {
    case .productSprings(let restLengthPerMass):
      if restLengthPerMass == 0 { return }
      try Self.refuseSamePlace(
        of: bodies, remedy: "and the spring between them has a rest length; move one")
    case .gravity(_, let softening):
      if softening > 0 { return }
      try Self.refuseSamePlace(of: bodies, remedy: Self.softeningRemedy)
    case .registered(let law, let constants):
      if law.isFiniteWhereBodiesMeet(constants: constants) { return }
      let canSoften = law.constants.contains { $0.name == "softening" }
      try Self.refuseSamePlace(of: bodies, remedy: canSoften ? Self.softeningRemedy : "move one")
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
  func system(of bodies: Bodies, parameters: [[Double]]) -> any MechanicalSystem {
    switch self {
    case .gravity(let G, let softening): GravitySystem(bodies: bodies, G: G, softening: softening)
    case .productSprings(let restLengthPerMass):
      SpringSystem(bodies: bodies, stiffness: parameters[0], restLengthPerMass: restLengthPerMass)
    case .registered(let law, let constants):
      law.system(of: bodies, constants: constants, columns: parameters)
    case .listedSprings(let springs): SpringSystem(bodies: bodies, couplings: springs)
    }
  }
}
