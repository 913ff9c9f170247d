// SPDX-License-Identifier: GPL-3.0-or-later

/// Stars in the meridian plane of a galaxy (Hénon & Heiles, Astronomical Journal 69, 1964): each on its own in the field
/// V = ½(x² + y²) + λ(x²y − y³/3).
///
/// With λ = 1 and unit mass, orbits are regular at energies up to 1/12 or so, mostly chaotic at 1/8, and may escape above
/// 1/6.
public enum HenonHeiles: ParametrisedLaw {
  public static let name = "henon-heiles"
  public static let summary =
    "stars in the field of a galaxy, not feeling each other: V = Σ (x² + y²)/2 + λ(x²y − y³/3)"
  public static let dimensions = 2...2
  public static let constants = [LawConstant("lambda", .any, fallback: 1, example: 1)]
  public static let parameters: [BodyParameter] = []
  public static var anchor: String? { "an outer field acts on the bodies" }

  public static func system(
    of bodies: Bodies, constants: [Double], columns: [[Double]]
  ) -> any MechanicalSystem {
    HenonHeilesSystem(bodies: bodies, lambda: constants[0])
  }
}

/// Stars under `HenonHeiles`.
public struct HenonHeilesSystem: HamiltonianSystem, ParametrisedSystem {
  public let bodies: Bodies
  /// λ.
  public let lambda: Double

  /// `bodies` have two axes.
  public init(bodies: Bodies, lambda: Double) {
    precondition(bodies.dimension == 2)
    self.bodies = bodies
    self.lambda = lambda
  }

  var parameters: LawParameters { LawParameters(law: HenonHeiles.self, constants: [lambda], columns: []) }
  public var features: [[Double]] { bodies.masses.map { [$0] } }
  public var featureNames: [String] { ["m"] }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    var sum = 0.0
    for body in 0..<bodies.count {
      let (x, y) = (q[2 * body], q[2 * body + 1])
      sum += (x * x + y * y) / 2 + lambda * y * (x * x - y * y / 3)
    }
    return sum
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for body in 0..<bodies.count {
      let (x, y) = (q[2 * body], q[2 * body + 1])
      // F = −(x + 2λxy, y + λ(x² − y²)).
      force[2 * body] = -x * (1 + 2 * lambda * y)
      force[2 * body + 1] = -y - lambda * (x * x - y * y)
    }
    bodies.clearPinned(&force)
  }
}
