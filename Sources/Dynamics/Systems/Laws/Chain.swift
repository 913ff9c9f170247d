// SPDX-License-Identifier: GPL-3.0-or-later

/// A chain of masses between two walls, after Fermi, Pasta, Ulam and Tsingou (Los Alamos report LA-1940, 1955): harmonic
/// where α = β = 0.
///
/// Positions are displacements from rest, in the order of the bodies; the springs at both ends are held.
public enum Chain: ParametrisedLaw {
  public static let name = "chain"
  public static let summary =
    "neighbours on a line between two walls: V = Σ k r²/2 + αr³/3 + βr⁴/4, r = xᵢ₊₁ − xᵢ, x displacements from rest"
  public static let dimensions = 1...1
  public static let constants = [
    LawConstant("stiffness", .positive, fallback: 1, example: 1),
    LawConstant("alpha", .any, fallback: 0, example: 0.25),
    LawConstant("beta", .any, fallback: 0, example: 0.1),
  ]
  public static let parameters: [BodyParameter] = []
  public static var anchor: String? { "the ends of the chain are held" }

  public static func system(
    of bodies: Bodies, constants: [Double], columns: [[Double]]
  ) -> any MechanicalSystem {
    ChainSystem(bodies: bodies, stiffness: constants[0], alpha: constants[1], beta: constants[2])
  }
}

/// The masses of a chain under `Chain`.
public struct ChainSystem: HamiltonianSystem, ParametrisedSystem {
  public let bodies: Bodies
  public let stiffness: Double
  public let alpha: Double
  public let beta: Double

  /// `bodies` have one axis.
  public init(bodies: Bodies, stiffness: Double, alpha: Double, beta: Double) {
    precondition(bodies.dimension == 1)
    self.bodies = bodies
    self.stiffness = stiffness
    self.alpha = alpha
    self.beta = beta
  }

  var parameters: LawParameters {
    LawParameters(law: Chain.self, constants: [stiffness, alpha, beta], columns: [])
  }
  public var features: [[Double]] { bodies.masses.map { [$0] } }
  public var featureNames: [String] { ["m"] }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    var sum = 0.0
    for spring in 0...q.count {
      let r = stretch(of: spring, at: q)
      // k r²/2 + α r³/3 + β r⁴/4.
      sum += r * r * (stiffness / 2 + r * (alpha / 3 + r * beta / 4))
    }
    return sum
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for index in 0..<q.count { force[index] = 0 }
    for spring in 0...q.count {
      let r = stretch(of: spring, at: q)
      // dV/dr = k r + α r² + β r³ pulls both ends together.
      let tension = r * (stiffness + r * (alpha + r * beta))
      if spring > 0 { force[spring - 1] += tension }
      if spring < q.count { force[spring] -= tension }
    }
    bodies.clearPinned(&force)
  }

  /// rᵢ = xᵢ₊₁ − xᵢ of the spring left of body `spring`, with walls at both ends.
  private func stretch(of spring: Int, at q: Span<Double>) -> Double {
    (spring < q.count ? q[spring] : 0) - (spring > 0 ? q[spring - 1] : 0)
  }
}
