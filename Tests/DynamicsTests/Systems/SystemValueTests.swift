// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import TestSupport
import Testing

/// Energies and forces that can be worked out by hand.
@Suite struct SystemValueTests {
  @Test func springEnergyHasNoFactorOneHalf() {
    let system = SpringSystem(
      bodies: Bodies(dimension: 2, masses: [1, 1]),
      couplings: [SpringCoupling(i: 0, j: 1, k: 3, restLength: 2)])
    let q: [Double] = [0, 0, 3, 4]
    #expect(system.potentialEnergy(at: q.span) == 27)
    // 2κ(|Δ|−r₀) = 18 along (0.6, 0.8).
    let expected: [Double] = [10.8, 14.4, -10.8, -14.4]
    for (a, b) in zip(force(of: system, at: q), expected) { #expect((a - b).magnitude < 1e-14) }
  }

  @Test func productRuleCouplesEveryPairOnce() {
    let system = SpringSystem(bodies: Bodies(dimension: 2, masses: [1, 2, 3]), stiffness: [2, 3, 5])
    #expect(system.couplings.map(\.k) == [6, 10, 15])
    #expect(system.featureNames == ["m", "k"])
    #expect(system.features == [[1, 2], [2, 3], [3, 5]])
    let q: [Double] = [0, 0, 1, 0, 0, 2]
    // 6·1 + 10·4 + 15·5.
    #expect(system.potentialEnergy(at: q.span) == 121)
  }

  @Test func restLengthsGrowWithTheMasses() {
    let system = SpringSystem(
      bodies: Bodies(dimension: 2, masses: [1, 4]), stiffness: [2, 3], restLengthPerMass: 0.2)
    // 6 (5 − 0.2·5)² = 96; 2·6·(5 − 1) = 48 along (0.6, 0.8).
    let q: [Double] = [0, 0, 3, 4]
    #expect(abs(system.potentialEnergy(at: q.span) - 96) < 1e-13)
    let expected: [Double] = [28.8, 38.4, -28.8, -38.4]
    for (a, b) in zip(force(of: system, at: q), expected) { #expect((a - b).magnitude < 1e-13) }
    #expect(system.featureNames == ["m", "k"] && system.features == [[1, 2], [4, 3]])
  }

  @Test func twoBodiesOfManyKeepTheirOwnLaw() throws {
    let masses = Bodies(dimension: 2, masses: [1, 2, 3])
    let product = SpringSystem(bodies: masses, stiffness: [2, 3, 5])
    let gravity = GravitySystem(bodies: masses, G: 2, softening: 0.5)
    let listed = SpringSystem(
      bodies: masses,
      couplings: [
        SpringCoupling(i: 2, j: 0, k: 3, restLength: 2), SpringCoupling(i: 1, j: 2, k: 7, restLength: 1),
      ])
    for (law, expected) in [
      // −2kᵢkⱼr; −G mᵢmⱼ r/(r²+ε²)^{3/2} = −2·3·1.2/1.3³; −2k(r−r₀), which repels.
      (product as any HamiltonianSystem, -2 * 10 * 1.2), (gravity, -7.2 / 2.197), (listed, 4.8),
    ] {
      let pair = try #require(law.subsystem(of: [2, 0]))
      #expect(pair.bodies.masses == [3, 1] && pair.bodies.names == ["3", "1"])
      #expect((pair.radialForce(at: 1.2) - expected).magnitude < 1e-14)
    }
    #expect(try #require(listed.subsystem(of: [0, 1])).radialForce(at: 1.2) == 0, "no spring joins these")
    #expect(product.radialForce(at: 1).isNaN, "three bodies have no force between two")
  }

  @Test func springWithoutRestLengthHasAForceAtZeroLength() {
    let system = SpringSystem(
      bodies: Bodies(dimension: 3, masses: [1, 1]), couplings: [SpringCoupling(i: 0, j: 1, k: 1)])
    #expect(force(of: system, at: [1, 1, 1, 1, 1, 1]).allSatisfy { $0 == 0 })
    #expect(system.featureNames == ["m"])
  }

  @Test func gravityIsSoftenedAfterPlummer() {
    let system = GravitySystem(bodies: Bodies(dimension: 2, masses: [2, 3]), G: 5, softening: 4)
    let q: [Double] = [0, 0, 3, 0]
    #expect(system.potentialEnergy(at: q.span) == -6.0)
    // G m₁m₂ Δ / (9+16)^{3/2} = 90/125.
    let expected: [Double] = [0.72, 0, -0.72, 0]
    for (a, b) in zip(force(of: system, at: q), expected) { #expect((a - b).magnitude < 1e-15) }
  }

  @Test func referenceEnergies() {
    func energy(_ problem: Problem) -> Double { problem.system.energy(of: problem.initial) }
    #expect((energy(.kepler) + 0.5).magnitude < 1e-15)
    #expect((energy(.figureEight) + 1.287141995631847).magnitude < 1e-14)
    #expect((energy(.pythagorean) + 12.816666666666666).magnitude < 1e-14)
    #expect((energy(.outerSolarSystem) / -3.21545318320816e-8 - 1).magnitude < 1e-13)
  }

  private func force(of system: any HamiltonianSystem, at q: [Double]) -> [Double] {
    var force = [Double](repeating: .nan, count: q.count)
    var out = force.mutableSpan
    system.force(at: q.span, into: &out)
    return force
  }
}
