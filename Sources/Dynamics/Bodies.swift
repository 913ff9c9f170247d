// SPDX-License-Identifier: GPL-3.0-or-later

/// The bodies of one system: what they are called, what they weigh, which of them are held in place.
///
/// Positions and momenta are flat arrays in the order body, axis: entry `body * dimension + axis`.
public struct Bodies: Sendable, Equatable {
  /// What positions are.
  public enum Coordinates: Sendable {
    /// Lengths along the axes of space.
    case cartesian
    /// Angles, whose momenta add up to nothing that has a meaning.
    case angles
  }

  /// Axes of space, 1 to 3; of angles, 1.
  public let dimension: Int
  /// Unique names, one per body.
  public let names: [String]
  /// Masses, in the scenario's unit; 0 for a test particle, which moves under others and does not act on them.
  public let masses: [Double]
  /// Bodies held in place: their velocity is zero whatever their momentum.
  public let pinned: [Bool]
  /// What a momentum is divided by to give a velocity: the mass; the moment of inertia where positions are angles; 1 for a
  /// test particle, whose momentum is one per unit mass.
  public let inertias: [Double]
  public let coordinatesKind: Coordinates
  /// Whether any body is.
  public let hasPinned: Bool
  public let hasTestParticles: Bool

  public var count: Int { masses.count }
  /// Length of a flat position or momentum array: bodies × dimension.
  public var coordinates: Int { count * dimension }

  /// `inertias` are the masses, and 1 for a test particle, unless they are given.
  public init(
    dimension: Int, names: [String], masses: [Double], pinned: [Bool], inertias: [Double]? = nil,
    coordinates: Coordinates = .cartesian
  ) {
    precondition(names.count == masses.count && pinned.count == masses.count)
    precondition(inertias == nil || inertias?.count == masses.count)
    self.dimension = dimension
    self.names = names
    self.masses = masses
    self.pinned = pinned
    self.inertias = inertias ?? masses.map { $0 == 0 ? 1 : $0 }
    coordinatesKind = coordinates
    hasPinned = pinned.contains(true)
    hasTestParticles = masses.contains(0)
  }

  /// Free bodies called "1", "2", ….
  public init(dimension: Int, masses: [Double]) {
    self.init(
      dimension: dimension, names: (1...max(1, masses.count)).prefix(masses.count).map(String.init),
      masses: masses, pinned: Array(repeating: false, count: masses.count))
  }

  /// Those of `indices`, in that order.
  public func subset(_ indices: [Int]) -> Bodies {
    Bodies(
      dimension: dimension, names: indices.map { names[$0] }, masses: indices.map { masses[$0] },
      pinned: indices.map { pinned[$0] }, inertias: indices.map { inertias[$0] },
      coordinates: coordinatesKind)
  }

  /// Whether the names are those of bodies that were given none: "1", "2", ….
  public var areNumbered: Bool { names == names.indices.map { String($0 + 1) } }

  /// These bodies by the names of `others`, if those have any.
  public func named(like others: Bodies) -> Bodies {
    guard !others.areNumbered, others.count == count else { return self }
    return Bodies(
      dimension: dimension, names: others.names, masses: masses, pinned: pinned, inertias: inertias,
      coordinates: coordinatesKind)
  }

  /// 1/mᵢ repeated over the axes, and 0 for a pinned body: q̇ = inverseMasses ⊙ p.
  public var inverseMasses: [Double] {
    (0..<coordinates).map { pinned[$0 / dimension] ? 0 : 1 / inertias[$0 / dimension] }
  }

  /// Bodies that have no share in energies and momenta: the pinned ones and test particles. Empty where there are none.
  var leftOut: [Bool] {
    hasPinned || hasTestParticles ? zip(pinned, masses).map { $0 || $1 == 0 } : []
  }

  /// T(p) = Σ |pᵢ|²/2mᵢ over the bodies that are neither pinned nor test particles.
  public func kineticEnergy(of p: Span<Double>) -> Double {
    var sum = 0.0
    for body in 0..<count where !pinned[body] && masses[body] > 0 {
      var square = 0.0
      for axis in 0..<dimension { square += p[body * dimension + axis] * p[body * dimension + axis] }
      sum += square / (2 * inertias[body])
    }
    return sum
  }

  /// The components of P and of L there are: L has none on a line, and neither has a meaning for angles.
  public var momentumNames: (P: [String], L: [String]) {
    if coordinatesKind == .angles { return ([], []) }
    return switch dimension {
    case 1: (["P_x"], [])
    case 2: (["P_x", "P_y"], ["L_z"])
    default: (["P_x", "P_y", "P_z"], ["L_x", "L_y", "L_z"])
    }
  }
}
