// SPDX-License-Identifier: GPL-3.0-or-later

extension Scenario {
  /// What `system.kind` may be, with one sentence each.
  public static var systemKinds: [(name: String, summary: String)] {
    Law.Kind.allCases.map { ($0.rawValue, $0.summary) }
  }

  /// The scenario's law for other bodies, such as those of a stored trajectory.
  ///
  /// `stiffness` is needed under the product rule and ignored elsewhere; listed springs name bodies by number,
  /// so there have to be as many as in the scenario.
  public func system(of bodies: Bodies, stiffness: [Double]? = nil) throws -> any HamiltonianSystem {
    guard bodies.dimension == dimension else {
      throw NoetherError(
        "\(name): the scenario has \(dimension) dimensions, the bodies have \(bodies.dimension); "
          + "set dimension to that")
    }
    switch (law, content) {
    case (.productSprings, _) where stiffness == nil:
      throw NoetherError("\(name): springs under the product rule need the stiffness k of every body")
    case (.listedSprings, .listed(let listed)) where listed.count != bodies.count:
      throw NoetherError("\(name): its springs join \(listed.count) bodies, not \(bodies.count)")
    default: return law.system(of: bodies, stiffness: stiffness)
    }
  }
}

extension Law.Kind {
  fileprivate var summary: String {
    switch self {
    case .gravity: "masses attract: V = −G Σ mᵢmⱼ/√(r² + ε²), with the softening length ε"
    case .springs:
      "springs join bodies: V = Σ κᵢⱼ(r − r₀)², from a list or with κᵢⱼ = kᵢkⱼ between all pairs"
    }
  }
}
