// SPDX-License-Identifier: GPL-3.0-or-later

/// One system of a scenario, ready to be integrated.
public struct ScenarioSystem: Sendable {
  /// Its number in the ensemble; 0 for listed bodies.
  public var index: Int
  public var system: any MechanicalSystem
  public var initial: PhaseState

  public init(index: Int, system: any MechanicalSystem, initial: PhaseState) {
    self.index = index
    self.system = system
    self.initial = initial
  }
}

extension Scenario {
  /// Systems `first ..< first + count` of the ensemble of `seed`; for listed bodies, the one system there is.
  ///
  /// System i depends on the seed and on i alone, except under `centring: systems`, which subtracts the mean
  /// momentum over the systems of this very call. Throws where the number is out of bounds, or more than one
  /// system of listed bodies is asked for.
  public func systems(count: Int? = nil, seed: UInt64? = nil, first: Int = 0) throws -> [ScenarioSystem] {
    let count = count ?? defaultSystems
    guard count >= 1, first >= 0, count <= Ensemble.most, first <= Int.max - Ensemble.most else {
      throw NoetherError("\(name): \(count) systems; ask for 1 to \(Ensemble.most)")
    }
    switch content {
    case .listed(let listed):
      guard count == 1, first == 0 else {
        throw NoetherError("\(name): \(count) systems; its bodies are listed, not random, so there is one")
      }
      return [scenarioSystem(of: listed)]
    case .random(let ensemble):
      let bodies = ensemble.bodyCount
      let bytes = bodies * (16 * dimension + 64) + bodies * (bodies - 1) / 2 * law.bytesPerPair
      guard count <= Ensemble.mostBytes / bytes else {
        throw NoetherError(
          "\(name): \(count) systems of \(bodies) bodies need more than \(Ensemble.mostBytes >> 30) GiB; "
            + "ask for \(Ensemble.mostBytes / bytes) at most")
      }
      let draws = try ensemble.draw(first..<first + count, seed: seed ?? ensemble.seed, dimension: dimension)
      return draws.enumerated().map { offset, draw in
        let bodies = Bodies(dimension: dimension, masses: draw.masses)
        let state = inFrame(PhaseState(q: draw.q, p: draw.p), bodies)
        return ScenarioSystem(
          index: first + offset, system: law.system(of: bodies, parameters: draw.parameters), initial: state)
      }
    }
  }

  private func scenarioSystem(of listed: [ListedBody]) -> ScenarioSystem {
    let masses = listed.map(\.m)
    let bodies = Bodies(
      dimension: dimension, names: listed.map(\.name), masses: masses, pinned: listed.map(\.pinned))
    let columns = law.bodyParameters.indices.map { column in listed.map { $0.parameters[column] } }
    let system = law.system(of: bodies, parameters: columns)
    let q = listed.flatMap(\.x)
    let state = PhaseState(q: q, p: system.momenta(ofVelocities: listed.flatMap(\.v), at: q))
    return ScenarioSystem(index: 0, system: system, initial: inFrame(state, bodies))
  }

  /// In the centre-of-mass frame Σ mᵢqᵢ = 0 and Σ pᵢ = 0: qᵢ ← qᵢ − Σmⱼqⱼ/M, pᵢ ← pᵢ − mᵢ Σpⱼ/M. The p of a test particle
  /// is its velocity: it has no share in the sums, and loses Σpⱼ/M.
  private func inFrame(_ state: PhaseState, _ bodies: Bodies) -> PhaseState {
    guard frame == .centreOfMass else { return state }
    var state = state
    let M = bodies.masses.reduce(0, +)
    for axis in 0..<dimension {
      var centre = 0.0
      var P = 0.0
      for (body, m) in bodies.masses.enumerated() where m > 0 {
        centre += m * state.q[body * dimension + axis] / M
        P += state.p[body * dimension + axis]
      }
      for (body, inertia) in bodies.inertias.enumerated() {
        state.q[body * dimension + axis] -= centre
        state.p[body * dimension + axis] -= inertia / M * P
      }
    }
    return state
  }
}
