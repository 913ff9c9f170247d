// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import Testing

@testable import Dynamics

/// Energies of chains, fields and test particles that can be worked out by hand.
@Suite struct AnchoredValueTests {
  private func force(of system: any HamiltonianSystem, at q: [Double]) -> [Double] {
    var force = [Double](repeating: .nan, count: q.count)
    var out = force.mutableSpan
    system.force(at: q.span, into: &out)
    return force
  }

  @Test func chainsStretchBetweenWalls() {
    let chain = ChainSystem(bodies: Bodies(dimension: 1, masses: [1, 1]), stiffness: 2, alpha: 3, beta: 4)
    // Stretches 1, 1, −2: V = Σ r² + r³ + r⁴ = 3 + 3 + (4 − 8 + 16).
    #expect(chain.potentialEnergy(at: [1, 2].span) == 18)
    // Tensions 2r + 3r² + 4r³: 9, 9, −24.
    #expect(force(of: chain, at: [1, 2]) == [0, -33])
  }

  /// In the coordinates of the book, x₀ᵢ and x₁ᵢ, H is that of its formula.
  @Test func stiffChainIsTheBooks() {
    let system = StiffChainSystem(bodies: Bodies(dimension: 1, masses: [1, 1, 1, 1]), omega: 5)
    let (x0, x1) = ([0.3, -0.2], [0.1, 0.25])
    let q = [0, 1].flatMap { i in [x0[i] - x1[i], x0[i] + x1[i]].map { $0 / Double(2).squareRoot() } }
    func fourth(_ x: Double) -> Double { x * x * x * x }
    // ω²/2 Σ x₁ᵢ² + ¼ [(x₀₁ − x₁₁)⁴ + (x₀₂ − x₁₂ − x₀₁ − x₁₁)⁴ + (x₀₂ + x₁₂)⁴].
    let stiff = 12.5 * (x1[0] * x1[0] + x1[1] * x1[1])
    let soft = fourth(x0[0] - x1[0]) + fourth(x0[1] - x1[1] - x0[0] - x1[0]) + fourth(x0[1] + x1[1])
    #expect(abs(system.potentialEnergy(at: q.span) - stiff - soft / 4) < 1e-15)
    let energies = system.oscillatoryEnergies(of: PhaseState(q: q, p: [0, 0, 0, 0]))
    for (a, b) in zip(energies, x1) { #expect(abs(a - 12.5 * b * b) < 1e-15) }
  }

  /// V = 1/6 on the triangle y = −1/2, whose corners are saddles.
  @Test func theGalaxyHasItsTriangle() {
    let star = HenonHeilesSystem(bodies: Bodies(dimension: 2, masses: [1]), lambda: 1)
    for x in [-0.8, -0.1, 0.5] {
      #expect(abs(star.potentialEnergy(at: [x, -0.5].span) - 1.0 / 6) < 1e-15)
    }
    for saddle in [[0, 1], [Double(0.75).squareRoot(), -0.5]] {
      #expect(force(of: star, at: saddle).allSatisfy { abs($0) < 1e-15 })
    }
  }

  /// A test particle falls as a small mass would, and nobody feels it.
  @Test(arguments: [2, 3], [0.0, 0.4]) func testParticlesFallAndDoNotPull(dimension: Int, softening: Double) {
    var random = SeededGenerator(seed: 12)
    let q = (0..<5 * dimension).map { _ in random.normal() }
    func system(_ m: Double) -> GravitySystem {
      GravitySystem(
        bodies: Bodies(dimension: dimension, masses: [1, m, 2, 0.5, m]), G: 0.7, softening: softening)
    }
    let own = force(of: system(0), at: q)
    let light = force(of: system(1e-12), at: q)
    for axis in 0..<5 * dimension {
      // Of a test particle the force per unit mass.
      let expected = [1, 4].contains(axis / dimension) ? light[axis] / 1e-12 : light[axis]
      #expect(abs(own[axis] - expected) < 1e-10)
    }
    let three = [0, 2, 3].flatMap { body in (0..<dimension).map { q[body * dimension + $0] } }
    let alone = GravitySystem(
      bodies: Bodies(dimension: dimension, masses: [1, 2, 0.5]), G: 0.7, softening: softening)
    #expect(
      abs(system(0).potentialEnergy(at: q.span) - alone.potentialEnergy(at: three.span)) < 1e-14)
  }

  /// A test particle's momentum is its velocity, and it has no share in T, P and L.
  @Test func testParticlesHaveNoShare() {
    let bodies = Bodies(dimension: 2, masses: [2, 0])
    #expect(bodies.inverseMasses == [0.5, 0.5, 1, 1])
    #expect(bodies.kineticEnergy(of: [2, 0, 30, 40].span) == 1)
    let state = PhaseState(q: [0, 1, 5, 5], p: [2, 0, 30, 40])
    var ledger = ConservationLedger(bodies: bodies, state: state, H: 1)
    let row = ledger.row(step: 0, t: 0, state: state, T: 1, V: 0)
    #expect(row.P == [2, 0] && row.L == [-2])
  }
}
