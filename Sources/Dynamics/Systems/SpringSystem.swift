// SPDX-License-Identifier: GPL-3.0-or-later

/// A spring between bodies `i` and `j`: energy k (|qᵢ−qⱼ| − restLength)².
public struct SpringCoupling: Sendable, Equatable {
  public var i: Int
  public var j: Int
  public var k: Double
  public var restLength: Double

  public init(i: Int, j: Int, k: Double, restLength: Double = 0) {
    self.i = i
    self.j = j
    self.k = k
    self.restLength = restLength
  }
}

/// Bodies joined by springs: V = Σ κᵢⱼ (|qᵢ−qⱼ| − r₀)² over the coupled pairs, each counted once.
///
/// There is no factor ½, so the pull along a spring is 2κ(|Δ|−r₀). With r₀ = 0 the law is linear and has no
/// division by |Δ|; with r₀ > 0 two coincident bodies have no direction to push and so no finite force.
public struct SpringSystem: HamiltonianSystem {
  public let bodies: Bodies
  /// Every spring, each pair at most once.
  public let couplings: [SpringCoupling]
  /// kᵢ under the product rule κᵢⱼ = kᵢkⱼ; nil where the springs were listed.
  public let stiffness: [Double]?

  /// c under the product rule, whose rest lengths are r₀ = c (mᵢ + mⱼ); 0 where the springs were listed.
  public let restLengthPerMass: Double

  /// All pairs, κᵢⱼ = kᵢkⱼ and r₀ = c (mᵢ + mⱼ) with c = `restLengthPerMass`. c = 0 is the ensemble of Finzi et
  /// al. (2020, LieConv).
  public init(bodies: Bodies, stiffness k: [Double], restLengthPerMass c: Double = 0) {
    precondition(k.count == bodies.count)
    self.bodies = bodies
    stiffness = k
    restLengthPerMass = c
    let m = bodies.masses
    couplings = k.indices.flatMap { i in
      k.indices.dropFirst(i + 1).map { j in
        SpringCoupling(i: i, j: j, k: k[i] * k[j], restLength: c * (m[i] + m[j]))
      }
    }
  }

  /// The listed springs; `i` and `j` are indices of bodies, and differ.
  public init(bodies: Bodies, couplings: [SpringCoupling]) {
    let known = bodies.masses.indices
    precondition(couplings.allSatisfy { $0.i != $0.j && known.contains($0.i) && known.contains($0.j) })
    self.bodies = bodies
    self.couplings = couplings
    stiffness = nil
    restLengthPerMass = 0
  }

  public var features: [[Double]] {
    guard let stiffness else { return bodies.masses.map { [$0] } }
    return zip(bodies.masses, stiffness).map { [$0, $1] }
  }

  public var featureNames: [String] { stiffness == nil ? ["m"] : ["m", "k"] }

  public func subsystem(of indices: [Int]) -> (any HamiltonianSystem)? {
    let bodies = bodies.subset(indices)
    if let stiffness {
      return SpringSystem(
        bodies: bodies, stiffness: indices.map { stiffness[$0] }, restLengthPerMass: restLengthPerMass)
    }
    let places = Dictionary(zip(indices, indices.indices)) { first, _ in first }
    return SpringSystem(
      bodies: bodies,
      couplings: couplings.compactMap { spring in
        guard let i = places[spring.i], let j = places[spring.j] else { return nil }
        return SpringCoupling(i: i, j: j, k: spring.k, restLength: spring.restLength)
      })
  }

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

  private func potential<Vector: SpatialVector>(_: Vector.Type, at q: Span<Double>) -> Double {
    var sum = 0.0
    for spring in couplings {
      let Δ = Vector(body: spring.j, of: q) - Vector(body: spring.i, of: q)
      if spring.restLength == 0 {
        sum += spring.k * Δ.squaredNorm
      } else {
        let stretch = Δ.squaredNorm.squareRoot() - spring.restLength
        sum += spring.k * stretch * stretch
      }
    }
    return sum
  }

  /// Fᵢ = Σⱼ 2κᵢⱼ (1 − r₀/|Δ|) Δ with Δ = qⱼ−qᵢ. What i gains j loses, bit for bit before summation.
  private func pull<Vector: SpatialVector>(
    _: Vector.Type, at q: Span<Double>, into force: inout MutableSpan<Double>
  ) {
    // The indices of springs have been compared with the number of bodies when the system was made.
    precondition(q.count == bodies.coordinates && force.count == q.count)
    q.withUnsafeBufferPointer { q in
      force.withUnsafeMutableBufferPointer { force in
        couplings.withUnsafeBufferPointer { couplings in
          for spring in couplings {
            let Δ = Vector(body: spring.j, of: q) - Vector(body: spring.i, of: q)
            var tension = 2 * spring.k
            if spring.restLength != 0 { tension *= 1 - spring.restLength / Δ.squaredNorm.squareRoot() }
            let pull = tension * Δ
            pull.add(to: force, body: spring.i)
            (-pull).add(to: force, body: spring.j)
          }
        }
      }
    }
  }
}
