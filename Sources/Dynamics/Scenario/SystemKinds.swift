// SPDX-License-Identifier: GPL-3.0-or-later

extension Scenario {
  /// What `system.kind` may be, with one sentence each.
  public static var systemKinds: [(name: String, summary: String)] {
    Law.Kind.all.map { ($0.name, $0.summary) }
  }

  /// The scenario's law for other bodies, such as those of a stored trajectory.
  ///
  /// `parameters` has, by symbol, what the law wants of each body beside its mass (k under the product rule); more
  /// does no harm. Listed springs name bodies by number, so there have to be as many as in the scenario.
  public func system(
    of bodies: Bodies, parameters: [String: [Double]] = [:]
  ) throws -> any MechanicalSystem {
    guard bodies.dimension == dimension else {
      throw NoetherError(
        "\(name): the scenario has \(dimension) dimensions, the bodies have \(bodies.dimension); "
          + "set dimension to that")
    }
    if case .listedSprings = law, case .listed(let listed) = content, listed.count != bodies.count {
      throw NoetherError("\(name): its springs join \(listed.count) bodies, not \(bodies.count)")
    }
    if case .registered(let law, _) = law, let complaint = law.complaint(bodies: bodies.count) {
      throw NoetherError("\(name): \(complaint)")
    }
    let columns = try law.bodyParameters.map { parameter in
      guard let column = parameters[parameter.symbol], column.count == bodies.count else {
        throw NoetherError(
          "\(name): its law needs \(parameter.symbol) of every body; take a trajectory.npz, which has it")
      }
      return column
    }
    return law.system(of: bodies, parameters: columns)
  }
}

extension Law.Kind {
  /// What laws want of bodies beside their masses, each with the `system` block of the laws that want it.
  ///
  /// Computed once: every body that is read asks for it.
  static let owners: [(symbol: String, system: String)] = {
    let laws =
      [(BodyParameter.stiffness, "{kind: springs, couplings: product}")]
      + Laws.known.flatMap { law in law.parameters.map { ($0, "{kind: \(law.name)}") } }
    return Dictionary(grouping: laws, by: \.0.symbol).map { symbol, laws in
      (symbol, laws.map(\.1).joined(separator: " or "))
    }.sorted { $0.symbol < $1.symbol }
  }()

  fileprivate var summary: String {
    switch self {
    case .gravity: "masses attract: V = −G Σ mᵢmⱼ/√(r² + ε²), with the softening length ε"
    case .springs:
      "springs join bodies: V = Σ κᵢⱼ(r − r₀)², from a list or with κᵢⱼ = kᵢkⱼ, r₀ ∝ mᵢ + mⱼ between all pairs"
    case .registered(let law): law.summary
    }
  }
}
