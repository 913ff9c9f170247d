// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// How fast a trajectory and one beside it part: the largest Lyapunov exponent, as far as one run can tell it.
///
/// By the method of G. Benettin, L. Galgani, A. Giorgilli and J.-M. Strelcyn, Meccanica 15 (1980) 9–30: the neighbour
/// is brought back to a small distance d₀ again and again, and λ is the mean rate at which it leaves. In the first half
/// of the run it turns into the direction that grows most; the second half is measured.
public struct Separation: Sendable, Equatable {
  /// d₀ over the size of the state: its square is what the linear law neglects, and the reference's errors are 1e-5 of it.
  static let distance = 1e-7

  /// ln of the factor by which the neighbour's distance grows in the second half of the run.
  public let growth: Double
  /// How long that half is.
  public let time: Double

  /// λ, one over a time.
  public var exponent: Double { growth / time }

  /// Along the true trajectory `states` of `system` at `times`, both as `ReferenceTrajectory` has them, from a direction
  /// that `generator` draws.
  ///
  /// Throws `IntegrationFailure` where the neighbour does not stay finite.
  public init(
    from states: [PhaseState], of system: any MechanicalSystem, at times: [Double],
    direction generator: inout SeededGenerator
  ) throws {
    let free = system.bodies.inverseMasses.map { $0 > 0 }
    var Δ = (free + free).map { $0 ? generator.normal() : 0 }
    let half = (states.count - 1) / 2
    var growth = 0.0
    for k in states.indices.dropLast() {
      let z = states[k].q + states[k].p
      let d₀ = Self.distance * Self.norm(z)
      let scale = d₀ / Self.norm(Δ)
      let neighbour = zip(z, Δ).map { $0 + scale * $1 }
      let moved = try ReferenceTrajectory.state(
        of: system,
        from: PhaseState(q: Array(neighbour[..<free.count]), p: Array(neighbour[free.count...])),
        at: times[k], to: times[k + 1])
      Δ = zip(moved.q + moved.p, states[k + 1].q + states[k + 1].p).map { $0 - $1 }
      // λ = 1/t Σ ln(d_k/d₀) (Benettin et al. 1980, part 2, eq. 6).
      if k >= half { growth += log(Self.norm(Δ) / d₀) }
    }
    self.growth = growth
    time = (times[times.count - 1] - times[half]).magnitude
  }

  private static func norm(_ z: [Double]) -> Double { z.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
