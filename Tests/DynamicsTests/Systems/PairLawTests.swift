// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import TestSupport
import Testing

@testable import Dynamics

/// What the registered laws of pairs are worth where it can be worked out by hand.
@Suite struct PairLawTests {
  private func force(of system: any HamiltonianSystem, at q: [Double]) -> [Double] {
    var force = [Double](repeating: .nan, count: q.count)
    var out = force.mutableSpan
    system.force(at: q.span, into: &out)
    return force
  }

  @Test func wellsOfFiniteReach() {
    let system = PairSystem<GaussianWells>(
      bodies: Bodies(dimension: 2, masses: [1, 3]), constants: [0.5], columns: [[2, 3]])
    // ρ² = 0.5·4 = 2 and s = 2: V = −½·6/e, F = 6/2/e Δ.
    let q: [Double] = [0, 0, 1, 1]
    let e = Double.exp(1)
    #expect(abs(system.potentialEnergy(at: q.span) + 3 / e) < 1e-15)
    for (a, b) in zip(force(of: system, at: q), [3 / e, 3 / e, -3 / e, -3 / e]) {
      #expect(abs(a - b) < 1e-15)
    }
    #expect(system.featureNames == ["m", "k"] && system.features == [[1, 2], [3, 3]])
    #expect(force(of: system, at: [1, 1, 1, 1]).allSatisfy { $0 == 0 })
  }

  @Test func atomsAreMixedAfterLorentzAndBerthelot() {
    let system = PairSystem<LennardJones>(
      bodies: Bodies(dimension: 3, masses: [1, 2]), constants: [], columns: [[1, 3], [4, 9]])
    // σ = 2, ε = 6: V(σ) = 0 with the repulsion 24ε/σ = 72; V = −ε without force at 2^{1/6} σ.
    #expect(abs(system.potentialEnergy(at: [0, 0, 0, 0, 0, 2].span)) < 1e-13)
    for (a, b) in zip(force(of: system, at: [0, 0, 0, 0, 0, 2]), [0, 0, -72, 0, 0, 72] as [Double]) {
      #expect(abs(a - b) < 1e-12)
    }
    let rest: [Double] = [0, 0, 0, 2 * Double.pow(2, 1.0 / 6), 0, 0]
    #expect(abs(system.potentialEnergy(at: rest.span) + 6) < 1e-14)
    #expect(force(of: system, at: rest).allSatisfy { abs($0) < 1e-13 })
    #expect(system.featureNames == ["m", "sigma", "epsilon"] && system.features == [[1, 1, 4], [2, 3, 9]])
  }

  @Test func oppositeChargesAttract() {
    let system = PairSystem<Coulomb>(
      bodies: Bodies(dimension: 2, masses: [1, 2]), constants: [4], columns: [[2, -3]])
    // −6/√(9 + 16) and 6·3/125 towards each other.
    let q: [Double] = [0, 0, 3, 0]
    #expect(abs(system.potentialEnergy(at: q.span) + 1.2) < 1e-15)
    for (a, b) in zip(force(of: system, at: q), [0.144, 0, -0.144, 0]) { #expect(abs(a - b) < 1e-15) }
    #expect(system.featureNames == ["m", "charge"] && system.features == [[1, 2], [2, -3]])
  }

  /// Charges that are the masses repel as much as masses attract.
  @Test(arguments: [2, 3]) func likeChargesAreGravityUpsideDown(dimension: Int) throws {
    let cluster = Problem.cluster(seed: 4, dimension: dimension, softening: 0.3)
    let (bodies, q) = (cluster.system.bodies, cluster.initial.q)
    let gravity = GravitySystem(bodies: bodies, G: 1, softening: 0.3)
    let charges = PairSystem<Coulomb>(bodies: bodies, constants: [0.3], columns: [bodies.masses])
    #expect(abs(gravity.potentialEnergy(at: q.span) / charges.potentialEnergy(at: q.span) + 1) < 1e-15)
    let (F, G) = (force(of: charges, at: q), force(of: gravity, at: q))
    let largest = try #require(F.map(abs).max())
    for (a, b) in zip(F, G) { #expect(abs(a + b) < 1e-14 * largest) }
  }

  /// Energies and forces of pairs, summed over all, are those of the system.
  @Test(arguments: Problem.ofEveryKind) func pairsMakeUpTheSystem(problem: Problem) throws {
    let system = problem.system
    let (n, d, q) = (system.bodies.count, system.bodies.dimension, problem.initial.q)
    var V = 0.0
    var F = [Double](repeating: 0, count: q.count)
    for i in 0..<n {
      for j in 0..<n where j != i {
        let Δ = (0..<d).map { q[i * d + $0] - q[j * d + $0] }
        let r = Δ.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let pair = try #require(system.subsystem(of: [i, j]))
        let places = q[i * d..<(i + 1) * d] + q[j * d..<(j + 1) * d]
        V += pair.potentialEnergy(at: Array(places).span) / 2
        if system.bodies.pinned[i] { continue }
        for axis in 0..<d { F[i * d + axis] += pair.radialForce(at: r) * Δ[axis] / r }
      }
    }
    #expect(abs(V - system.potentialEnergy(at: q.span)) < 1e-13 * abs(V))
    let truth = force(of: system, at: q)
    let largest = try #require(truth.map(abs).max())
    for (a, b) in zip(F, truth) { #expect(abs(a - b) < 1e-13 * largest) }
  }

  /// A file is read under the law whose arrays it has, so that none may have all of another's.
  @Test func lawsAreToldApartByNamesAlone() {
    let taken: Set = ["t", "step", "q", "p", "m", "pinned", "G"]
    for law in Laws.known {
      #expect(taken.isDisjoint(with: law.arrayNames))
      #expect(!Set(law.arrayNames).isSubset(of: ["k", "rest_length", "rest_length_per_mass"]))
      for other in Laws.known where other != law {
        #expect(!Set(law.arrayNames).isSubset(of: other.arrayNames), "\(law.name), \(other.name)")
      }
    }
    let kinds = Scenario.systemKinds.map(\.name)
    #expect(Set(kinds).count == kinds.count && Laws.known.allSatisfy { kinds.contains($0.name) })
  }
}
