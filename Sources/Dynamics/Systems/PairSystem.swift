// SPDX-License-Identifier: GPL-3.0-or-later

/// Bodies under a law of pairs: V = Σ_{i<j} v(|qᵢ−qⱼ|²).
public struct PairSystem<L: PairLaw>: HamiltonianSystem, ParametrisedSystem {
  public let bodies: Bodies
  /// The law and its numbers, as files have them.
  public let parameters: LawParameters
  let law: L
  /// One after the other (0, 1), (0, 2), …, (1, 2), ….
  private let pairs: [L.Pair]

  /// `constants` in the order of `L.constants`; `columns` [parameters][bodies] in that of `L.parameters`.
  public init(bodies: Bodies, law _: L.Type = L.self, constants: [Double], columns: [[Double]]) {
    precondition(constants.count == L.constants.count && columns.count == L.parameters.count)
    precondition(columns.allSatisfy { $0.count == bodies.count })
    self.bodies = bodies
    parameters = LawParameters(law: L.self, constants: constants, columns: columns)
    let law = L(constants: constants)
    self.law = law
    let each = bodies.masses.indices.map { body in
      PairBody(m: bodies.masses[body], parameters: columns.map { $0[body] })
    }
    pairs = each.indices.flatMap { i in each.indices.dropFirst(i + 1).map { j in law.pair(each[i], each[j]) }
    }
  }

  public var features: [[Double]] {
    bodies.masses.indices.map { body in [bodies.masses[body]] + parameters.columns.map { $0[body] } }
  }

  public var featureNames: [String] { ["m"] + L.parameters.map(\.symbol) }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    switch bodies.dimension {
    case 1: potential(Double.self, at: q)
    case 2: potential(SIMD2<Double>.self, at: q)
    default: potential(SIMD3<Double>.self, at: q)
    }
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for index in 0..<force.count { force[index] = 0 }
    switch bodies.dimension {
    case 1: pull(Double.self, at: q, into: &force)
    case 2: pull(SIMD2<Double>.self, at: q, into: &force)
    default: pull(SIMD3<Double>.self, at: q, into: &force)
    }
    bodies.clearPinned(&force)
  }

  public func subsystem(of indices: [Int]) -> (any HamiltonianSystem)? {
    PairSystem(
      bodies: bodies.subset(indices), constants: parameters.constants,
      columns: parameters.columns.map { column in indices.map { column[$0] } })
  }

  private func potential<Vector: SpatialVector>(_: Vector.Type, at q: Span<Double>) -> Double {
    var sum = 0.0
    var pair = 0
    for i in 0..<bodies.count {
      for j in (i + 1)..<max(i + 1, bodies.count) {
        sum += law.energy((Vector(body: j, of: q) - Vector(body: i, of: q)).squaredNorm, pairs[pair])
        pair += 1
      }
    }
    return sum
  }

  /// Fᵢ = Σⱼ 2 v′(|Δ|²) Δ with Δ = qⱼ−qᵢ. What i gains j loses, bit for bit before summation.
  private func pull<Vector: SpatialVector>(
    _: Vector.Type, at q: Span<Double>, into force: inout MutableSpan<Double>
  ) {
    precondition(q.count == bodies.coordinates && force.count == q.count)
    q.withUnsafeBufferPointer { q in
      force.withUnsafeMutableBufferPointer { force in
        var pair = 0
        for i in 0..<bodies.count {
          for j in (i + 1)..<max(i + 1, bodies.count) {
            let Δ = Vector(body: j, of: q) - Vector(body: i, of: q)
            let pull = 2 * law.slope(Δ.squaredNorm, pairs[pair]) * Δ
            pull.add(to: force, body: i)
            (-pull).add(to: force, body: j)
            pair += 1
          }
        }
      }
    }
  }
}
