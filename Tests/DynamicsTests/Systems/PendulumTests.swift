// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import Testing

@testable import Dynamics

/// Rods that hang from each other: H is not separable, and its flow must be J∇H.
@Suite struct PendulumTests {
  private static func system(_ count: Int) -> any MechanicalSystem {
    let masses = [1.5, 0.7, 0.4, 1.1].prefix(count), lengths = [0.7, 1.2, 0.5, 0.9].prefix(count)
    return Pendulum.system(
      of: Bodies(dimension: 1, masses: Array(masses)), constants: [2], columns: [Array(lengths)])
  }

  private static func state(_ count: Int) -> PhaseState {
    PhaseState(q: Array([1.1, -0.4, 2.3, 0.2].prefix(count)), p: Array([0.4, -0.3, 0.8, 0.1].prefix(count)))
  }

  /// q̇ = ∂H/∂p, ṗ = −∂H/∂q, by central differences, extrapolated once.
  @Test(arguments: [1, 2, 3, 4]) func flowIsThatOfTheEnergy(count: Int) {
    let (system, state) = (Self.system(count), Self.state(count))
    let (qdot, pdot) = rates(of: system, at: state)
    func slope(_ move: (inout PhaseState, Double) -> Void) -> Double {
      func difference(_ h: Double) -> Double {
        var (ahead, behind) = (state, state)
        move(&ahead, h)
        move(&behind, -h)
        return (system.energy(of: ahead) - system.energy(of: behind)) / (2 * h)
      }
      return (4 * difference(5e-4) - difference(1e-3)) / 3
    }
    for k in 0..<count {
      #expect(abs(qdot[k] - slope { $0.p[k] += $1 }) < 1e-10)
      #expect(abs(pdot[k] + slope { $0.q[k] += $1 }) < 1e-10)
    }
  }

  /// Velocities go into momenta and back, and T is that of the masses in the plane.
  @Test(arguments: [1, 2, 3, 4]) func momentaBelongToVelocities(count: Int) {
    let system = Self.system(count)
    let (θ, ω) = (Self.state(count).q, Self.state(count).p)
    let state = PhaseState(q: θ, p: system.momenta(ofVelocities: ω, at: θ))
    for (a, b) in zip(rates(of: system, at: state).qdot, ω) { #expect(abs(a - b) < 1e-14) }
    var (T, vx, vy, height) = (0.0, 0.0, 0.0, 0.0)
    var V = 0.0
    for (k, feature) in system.features.enumerated() {
      let (m, l) = (feature[0], feature[1])
      vx += l * ω[k] * Double.cos(θ[k])
      vy += l * ω[k] * Double.sin(θ[k])
      height -= l * Double.cos(θ[k])
      T += m / 2 * (vx * vx + vy * vy)
      V += m * 2 * height
    }
    #expect(abs(system.kineticEnergy(q: θ.span, p: state.p.span) - T) < 1e-14)
    #expect(abs(system.potentialEnergy(at: θ.span) - V) < 1e-14)
  }

  /// A lower rod without much mass leaves the upper one a simple pendulum.
  @Test func oneRodIsSeparableAndSeveralAreNot() {
    #expect((try? Self.system(1).separable()) != nil)
    let said = message { try Self.system(2).separable() }
    #expect(said.contains("one with H = T(p) + V(q) is needed"))
    // H = p²/2ml² − mgl cos θ with ml² = 0.735.
    let H = 0.4 * 0.4 / 1.47 - 1.5 * 2 * 0.7 * Double.cos(1.1)
    #expect(abs(Self.system(1).energy(of: Self.state(1)) - H) < 1e-15)
  }
}
