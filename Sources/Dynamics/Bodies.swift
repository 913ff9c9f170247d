// SPDX-License-Identifier: GPL-3.0-or-later

/// The bodies of one system: what they are called, what they weigh, which of them are held in place.
///
/// Positions and momenta are flat arrays in the order body, axis: entry `body * dimension + axis`.
public struct Bodies: Sendable, Equatable {
  /// Axes of space, 2 or 3.
  public let dimension: Int
  /// Unique names, one per body.
  public let names: [String]
  /// Masses, in the scenario's unit; positive.
  public let masses: [Double]
  /// Bodies held in place: their velocity is zero whatever their momentum.
  public let pinned: [Bool]
  /// Whether any body is.
  public let hasPinned: Bool

  public var count: Int { masses.count }
  /// Length of a flat position or momentum array: bodies × dimension.
  public var coordinates: Int { count * dimension }

  public init(dimension: Int, names: [String], masses: [Double], pinned: [Bool]) {
    precondition(names.count == masses.count && pinned.count == masses.count)
    self.dimension = dimension
    self.names = names
    self.masses = masses
    self.pinned = pinned
    hasPinned = pinned.contains(true)
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
      pinned: indices.map { pinned[$0] })
  }

  /// 1/mᵢ repeated over the axes, and 0 for a pinned body: q̇ = inverseMasses ⊙ p.
  public var inverseMasses: [Double] {
    (0..<coordinates).map { pinned[$0 / dimension] ? 0 : 1 / masses[$0 / dimension] }
  }

  /// T(p) = Σ |pᵢ|²/2mᵢ over the bodies that are not pinned.
  public func kineticEnergy(of p: Span<Double>) -> Double {
    var sum = 0.0
    for body in 0..<count where !pinned[body] {
      var square = 0.0
      for axis in 0..<dimension { square += p[body * dimension + axis] * p[body * dimension + axis] }
      sum += square / (2 * masses[body])
    }
    return sum
  }
}
