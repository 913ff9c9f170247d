// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators
import Testing

/// Lyapunov exponents of motions that can be written down.
@Suite struct SeparationTests {
  /// V = −½κ|q|²: neighbours part like e^{λt} with λ = √(κ/m); κ < 0 is an oscillator, κ = 0 free flight.
  private struct Hill: HamiltonianSystem {
    var κ: Double
    let bodies = Bodies(dimension: 2, masses: [2, 2])
    var features: [[Double]] { [[2], [2]] }
    var featureNames: [String] { ["m"] }

    func potentialEnergy(at q: Span<Double>) -> Double {
      (0..<q.count).reduce(0) { $0 - κ / 2 * q[$1] * q[$1] }
    }
    func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
      for k in 0..<q.count { force[k] = κ * q[k] }
    }
  }

  private func separation(_ κ: Double, end: Double) throws -> Separation {
    let times = (0...200).map { Double($0) * end / 200 }
    let system = Hill(κ: κ)
    let initial = PhaseState(q: [1, 0.2, -0.5, 0.3], p: [0.4, -0.1, 0.2, 0.6])
    let states = try ReferenceTrajectory.states(of: system, from: initial, at: times)
    var generator = SeededGenerator(seed: 1)
    return try Separation(from: states, of: system, at: times, direction: &generator)
  }

  @Test func neighboursOnAHillPartAtItsRate() throws {
    let result = try separation(4.5, end: 10)
    #expect(result.time == 5)
    // The part of the start that shrinks has died away by e^{−2λt} = e^{−15} when the second half begins.
    #expect((result.exponent - 1.5).magnitude < 1e-5)
  }

  @Test func neighboursInAValleyStayTogether() throws {
    // Four oscillators of one period, over whole halves of it, after which every distance is what it was: ω = 2.
    #expect(try separation(-8, end: 4 * .pi).growth.magnitude < 1e-5)
  }

  @Test func freeNeighboursPartInProportionToTime() throws {
    #expect((try separation(0, end: 1000).growth - log(2)).magnitude < 1e-2)
  }
}
