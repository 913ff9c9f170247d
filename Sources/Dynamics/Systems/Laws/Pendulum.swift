// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// A pendulum of one or several rods, each hanging from the end of the one before: the position of a body is the angle of
/// its rod, 0 where it hangs straight down, its velocity the angular velocity.
///
/// With μᵢ = Σ_{k≥i} mₖ and Aᵢⱼ = μ_{max(i,j)} lᵢlⱼ the energy is T = ½ Σ Aᵢⱼ cos(θᵢ − θⱼ) ωᵢωⱼ,
/// V = −g Σ μᵢ lᵢ cos θᵢ, zero at the height of the pivot. The momenta p = M(θ)ω, Mᵢⱼ = Aᵢⱼ cos(θᵢ − θⱼ), are canonical; of a
/// single rod p = ml²ω.
public enum Pendulum: ParametrisedLaw {
  public static let name = "pendulum"
  public static let summary =
    "rods hang from each other, positions are their angles: V = −g Σ (mᵢ + mᵢ₊₁ + …) lᵢ cos θᵢ"
  public static let dimensions = 1...1
  public static let constants = [LawConstant("g", .positive, example: 9.81)]
  public static let parameters = [BodyParameter("length", .positive, example: "1")]
  public static var allowsPinned: Bool { false }

  /// Of one rod, one with H = T(p) + V(q), which every method takes; of several, one that goes with explicit Runge–Kutta
  /// methods.
  public static func system(
    of bodies: Bodies, constants: [Double], columns: [[Double]]
  ) -> any MechanicalSystem {
    bodies.count == 1
      ? SimplePendulum(bodies: bodies, g: constants[0], length: columns[0][0])
      : MultiplePendulum(bodies: bodies, g: constants[0], lengths: columns[0])
  }

  /// The same bodies with angles for positions.
  static func angular(_ bodies: Bodies, inertias: [Double]) -> Bodies {
    Bodies(
      dimension: 1, names: bodies.names, masses: bodies.masses, pinned: bodies.pinned, inertias: inertias,
      coordinates: .angles)
  }
}

/// One rod: H = p²/2ml² − mgl cos θ.
public struct SimplePendulum: HamiltonianSystem, ParametrisedSystem {
  public let bodies: Bodies
  /// The acceleration of free fall.
  public let g: Double
  public let length: Double

  /// `bodies` is one.
  public init(bodies: Bodies, g: Double, length: Double) {
    precondition(bodies.count == 1)
    self.bodies = Pendulum.angular(bodies, inertias: [bodies.masses[0] * length * length])
    self.g = g
    self.length = length
  }

  var parameters: LawParameters { LawParameters(law: Pendulum.self, constants: [g], columns: [[length]]) }
  public var features: [[Double]] { [[bodies.masses[0], length]] }
  public var featureNames: [String] { ["m", "length"] }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    -bodies.masses[0] * g * length * Double.cos(q[0])
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    force[0] = -bodies.masses[0] * g * length * Double.sin(q[0])
  }
}
