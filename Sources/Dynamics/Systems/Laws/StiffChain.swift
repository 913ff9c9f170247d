// SPDX-License-Identifier: GPL-3.0-or-later

/// Stiff harmonic springs between soft quartic ones, in turn, between two walls: the problem of Fermi, Pasta and Ulam as
/// modified by Galgani et al. (Physica D 59, 1992; Hairer, Lubich & Wanner, Geometric Numerical Integration, I.5.1).
///
/// 2m bodies at q₁ … q₂ₘ, displacements from rest, and walls at q₀ = q₂ₘ₊₁ = 0:
///
///     V = ω²/4 Σ (q₂ᵢ − q₂ᵢ₋₁)² + Σ (q₂ᵢ₊₁ − q₂ᵢ)⁴.
///
/// The coordinates of the book are x₀ᵢ = (q₂ᵢ + q₂ᵢ₋₁)/√2 and x₁ᵢ = (q₂ᵢ − q₂ᵢ₋₁)/√2.
public enum StiffChain: ParametrisedLaw {
  public static let name = "stiff-chain"
  public static let summary =
    "pairs on stiff springs, soft ones between them: V = ω²/4 Σ (x₂ᵢ − x₂ᵢ₋₁)² + Σ (x₂ᵢ₊₁ − x₂ᵢ)⁴, walls at both ends"
  public static let dimensions = 1...1
  public static let constants = [LawConstant("omega", .positive, example: 50)]
  public static let parameters: [BodyParameter] = []
  public static var anchor: String? { Chain.anchor }

  public static func complaint(bodies count: Int) -> String? {
    count.isMultiple(of: 2)
      ? nil : "\(count) bodies; under \(name) they come in pairs, so write an even number of them"
  }

  public static func system(
    of bodies: Bodies, constants: [Double], columns: [[Double]]
  ) -> any MechanicalSystem {
    StiffChainSystem(bodies: bodies, omega: constants[0])
  }
}

/// The masses of a chain under `StiffChain`.
public struct StiffChainSystem: HamiltonianSystem, ParametrisedSystem {
  public let bodies: Bodies
  /// ω, the frequency of the stiff springs.
  public let omega: Double

  /// `bodies` have one axis and are even in number.
  public init(bodies: Bodies, omega: Double) {
    precondition(bodies.dimension == 1 && bodies.count.isMultiple(of: 2))
    self.bodies = bodies
    self.omega = omega
  }

  var parameters: LawParameters { LawParameters(law: StiffChain.self, constants: [omega], columns: []) }
  public var features: [[Double]] { bodies.masses.map { [$0] } }
  public var featureNames: [String] { ["m"] }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    var sum = 0.0
    for spring in 0...q.count {
      let r = stretch(of: spring, at: q)
      sum += isStiff(spring) ? omega * omega / 4 * (r * r) : r * r * (r * r)
    }
    return sum
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for index in 0..<q.count { force[index] = 0 }
    for spring in 0...q.count {
      let r = stretch(of: spring, at: q)
      let tension = isStiff(spring) ? omega * omega / 2 * r : 4 * r * (r * r)
      if spring > 0 { force[spring - 1] += tension }
      if spring < q.count { force[spring] -= tension }
    }
    bodies.clearPinned(&force)
  }

  /// The energies Iᵢ = ½ ((p₂ᵢ − p₂ᵢ₋₁)²/2 + ω² (q₂ᵢ − q₂ᵢ₋₁)²/2) of the stiff springs between unit masses, whose sum is
  /// nearly conserved.
  public func oscillatoryEnergies(of state: PhaseState) -> [Double] {
    stride(from: 0, to: state.q.count, by: 2).map { i in
      let (x, y) = (state.q[i + 1] - state.q[i], state.p[i + 1] - state.p[i])
      return (y * y + omega * omega * (x * x)) / 4
    }
  }

  /// The springs at both ends are soft.
  private func isStiff(_ spring: Int) -> Bool { !spring.isMultiple(of: 2) }

  private func stretch(of spring: Int, at q: Span<Double>) -> Double {
    (spring < q.count ? q[spring] : 0) - (spring > 0 ? q[spring - 1] : 0)
  }
}
