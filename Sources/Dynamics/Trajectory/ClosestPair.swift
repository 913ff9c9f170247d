// SPDX-License-Identifier: GPL-3.0-or-later

/// The two bodies nearest to each other.
public struct ClosestPair: Sendable, Equatable {
  public var i: Int
  public var j: Int
  public var distance: Double

  /// The nearest two of `bodies` at `q` [bodies × dimension]; nil if there is but one, or no distance is finite.
  public init?(at q: Span<Double>, of bodies: Bodies) {
    var best: (i: Int, j: Int, squared: Double)?
    for i in 0..<bodies.count {
      for j in (i + 1)..<max(i + 1, bodies.count) {
        var squared = 0.0
        for axis in 0..<bodies.dimension {
          let Δ = q[i * bodies.dimension + axis] - q[j * bodies.dimension + axis]
          squared += Δ * Δ
        }
        if squared < best?.squared ?? .infinity { best = (i, j, squared) }
      }
    }
    guard let best else { return nil }
    i = best.i
    j = best.j
    distance = best.squared.squareRoot()
  }
}
