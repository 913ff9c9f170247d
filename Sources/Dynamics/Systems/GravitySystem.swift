// SPDX-License-Identifier: GPL-3.0-or-later

import CKernels

/// Newtonian gravity, softened after Plummer: V = −G Σ_{i<j} mᵢmⱼ / √(|qᵢ−qⱼ|² + ε²).
///
/// ε = 0 is Newton's law; two bodies at the same point then have no finite force, and an integration that
/// meets one ends there. A body without mass is a test particle: it falls under the pull of the others, who feel nothing
/// of it, and has no share in the energy. Its momentum is one per unit mass, which is its velocity, and so is its force.
public struct GravitySystem: HamiltonianSystem {
  public let bodies: Bodies
  /// The gravitational constant, in the scenario's units.
  public let G: Double
  /// ε, a length.
  public let softening: Double

  public init(bodies: Bodies, G: Double, softening: Double) {
    self.bodies = bodies
    self.G = G
    self.softening = softening
  }

  public var features: [[Double]] { bodies.masses.map { [$0] } }
  public var featureNames: [String] { ["m"] }

  public func subsystem(of indices: [Int]) -> (any HamiltonianSystem)? {
    GravitySystem(bodies: bodies.subset(indices), G: G, softening: softening)
  }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    bodies.dimension == 2
      ? potential(SIMD2<Double>.self, at: q) : potential(SIMD3<Double>.self, at: q)
  }

  /// Fᵢ = Σⱼ G mᵢmⱼ (qⱼ−qᵢ) / (r²+ε²)^{3/2}.
  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    if bodies.count >= DirectSum.fewestBodies || bodies.hasTestParticles {
      DirectSum(of: bodies, at: q).forEachAcceleration(softening: softening) { body, axis, a in
        force[body * bodies.dimension + axis] = G * bodies.inertias[body] * a
      }
      bodies.clearPinned(&force)
      return
    }
    precondition(q.count == bodies.coordinates && force.count == q.count)
    q.withUnsafeBufferPointer { q in
      force.withUnsafeMutableBufferPointer { force in
        // Without a body there are no addresses.
        guard let q = q.baseAddress, let force = force.baseAddress else { return }
        noether_attract_few_f64(
          bodies.count, bodies.dimension, q, bodies.masses, G, softening * softening, force)
      }
    }
    bodies.clearPinned(&force)
  }

  private func potential<Vector: SpatialVector>(_: Vector.Type, at q: Span<Double>) -> Double {
    let m = bodies.masses
    let ε² = softening * softening
    var sum = 0.0
    for i in 0..<m.count {
      for j in (i + 1)..<max(i + 1, m.count) {
        let Δ = Vector(body: j, of: q) - Vector(body: i, of: q)
        sum += m[i] * m[j] / (Δ.squaredNorm + ε²).squareRoot()
      }
    }
    return -G * sum
  }
}
