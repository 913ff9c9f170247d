// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// Several rods, each hanging from the end of the one before; see `Pendulum`. T depends on the angles, so that H is not
/// separable.
public struct MultiplePendulum: MechanicalSystem, ParametrisedSystem {
  public let bodies: Bodies
  /// The acceleration of free fall.
  public let g: Double
  public let lengths: [Double]
  /// μᵢlᵢ, with μᵢ the mass of body i and all below it.
  private let moments: [Double]

  public init(bodies: Bodies, g: Double, lengths: [Double]) {
    precondition(lengths.count == bodies.count)
    let below = bodies.masses.indices.map { bodies.masses[$0...].reduce(0, +) }
    // Only the scale of the momenta: q̇ = M⁻¹p.
    self.bodies = Pendulum.angular(bodies, inertias: zip(below, lengths).map { $0 * $1 * $1 })
    self.g = g
    self.lengths = lengths
    moments = zip(below, lengths).map { $0 * $1 }
  }

  var parameters: LawParameters { LawParameters(law: Pendulum.self, constants: [g], columns: [lengths]) }
  public var features: [[Double]] { zip(bodies.masses, lengths).map { [$0, $1] } }
  public var featureNames: [String] { ["m", "length"] }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    var sum = 0.0
    for i in 0..<q.count { sum -= g * moments[i] * Double.cos(q[i]) }
    return sum
  }

  /// ½ p·M⁻¹p.
  public func kineticEnergy(q: Span<Double>, p: Span<Double>) -> Double {
    let ω = velocities(q: q, p: p)
    var sum = 0.0
    for i in 0..<p.count { sum += p[i] * ω[i] }
    return sum / 2
  }

  /// p = M(θ) ω.
  public func momenta(ofVelocities v: [Double], at q: [Double]) -> [Double] {
    v.indices.map { i in
      v.indices.reduce(0) { $0 + coupling(i, $1) * Double.cos(q[i] - q[$1]) * v[$1] }
    }
  }

  public func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    let ω = velocities(q: q, p: p)
    for i in ω.indices {
      qdot[i] = ω[i]
      // ṗᵢ = ∂(T − V)/∂θᵢ at fixed ω.
      var sum = g * moments[i] * Double.sin(q[i])
      for j in ω.indices { sum += ω[i] * coupling(i, j) * Double.sin(q[i] - q[j]) * ω[j] }
      pdot[i] = -sum
    }
  }

  /// Aᵢⱼ = μ_{max(i,j)} lᵢlⱼ.
  private func coupling(_ i: Int, _ j: Int) -> Double { moments[max(i, j)] * lengths[min(i, j)] }

  /// ω = M(θ)⁻¹p, by M = LLᵀ (Cholesky): M is positive definite.
  private func velocities(q: Span<Double>, p: Span<Double>) -> [Double] {
    let n = p.count
    var L = [Double](repeating: 0, count: n * n)
    var ω = [Double](repeating: 0, count: n)
    for i in 0..<n {
      for j in 0...i {
        var sum = coupling(i, j) * Double.cos(q[i] - q[j])
        for k in 0..<j { sum -= L[i * n + k] * L[j * n + k] }
        L[i * n + j] = i == j ? sum.squareRoot() : sum / L[j * n + j]
      }
      // L u = p on the way down, with u in place of ω.
      var sum = p[i]
      for k in 0..<i { sum -= L[i * n + k] * ω[k] }
      ω[i] = sum / L[i * n + i]
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      var sum = ω[i]
      for k in (i + 1)..<max(i + 1, n) { sum -= L[k * n + i] * ω[k] }
      ω[i] = sum / L[i * n + i]
    }
    return ω
  }
}
