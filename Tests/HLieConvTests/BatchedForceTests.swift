// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

@Suite("Forces of a batch")
struct BatchedForceTests {
  @Test("are those of each system alone, on any number of threads")
  func agreement() throws {
    let problem = try SmallProblem(group: "T2", dimension: 2, systems: 37)
    let laws: [any HamiltonianSystem] = problem.data.systems.map {
      SpringSystem(
        bodies: $0.bodies, stiffness: stride(from: 1, to: $0.features.count, by: 2).map($0.features.element))
    }
    let q = problem.data.systems.flatMap { $0.states[0].q }
    let forces = try BatchedForce<Double>(problem.model, for: laws, threads: 1).forces(at: q)
    for threads in [2, 5] {
      #expect(try BatchedForce<Double>(problem.model, for: laws, threads: threads).forces(at: q) == forces)
    }
    for (index, law) in laws.enumerated() {
      let alone = SmallProblem.force(
        try problem.model.system(like: law), at: problem.data.systems[index].states[0].q)
      let scale = alone.map(abs).max() ?? 0
      for (k, value) in alone.enumerated() { #expect(abs(forces[8 * index + k] - value) < 1e-12 * scale) }
    }
  }

  @Test("systems of several sizes, in any order")
  func mixedSizes() throws {
    var generator = SeededGenerator(seed: 3)
    let model = try SmallProblem(group: "T2", dimension: 2).model
    let laws: [any HamiltonianSystem] = [3, 5, 3, 1, 5, 2].map { bodies in
      SpringSystem(
        bodies: Bodies(dimension: 2, masses: (0..<bodies).map { _ in generator.uniform(0.5, 3) }),
        stiffness: (0..<bodies).map { _ in generator.uniform(0, 5) })
    }
    let q = laws.map { law in (0..<law.bodies.coordinates).map { _ in generator.normal() } }
    let batch = try BatchedForce<Double>(model, for: laws, threads: 2)
    let forces = try batch.forces(at: q.flatMap { $0 })
    let energies = try batch.bodyEnergies(at: q.flatMap { $0 })
    let alone = try zip(laws, q).map { law, q in
      let law = try model.system(like: law)
      return (force: SmallProblem.force(law, at: q), energies: law.bodyEnergies(at: q.span))
    }
    let scale = forces.map(abs).max() ?? 0
    #expect(forces.count == 38 && scale > 0.01)
    for (a, b) in zip(forces, alone.flatMap(\.force)) { #expect(abs(a - b) < 1e-12 * scale) }
    for (a, b) in zip(energies, alone.flatMap(\.energies)) { #expect(abs(a - b) < 1e-12 * (1 + abs(b))) }
    #expect(throws: NoetherError.self) { try batch.forces(at: [1, 2]) }
  }

  @Test("the energies of the bodies add up to V, under either pooling", arguments: Pooling.allCases)
  func bodyEnergies(pool: Pooling) throws {
    let problem = try SmallProblem(group: "T2", dimension: 2, pool: pool)
    let q = problem.data.systems[0].states[0].q
    let energies = problem.system.bodyEnergies(at: q.span)
    let total = energies.reduce(0, +)
    #expect(energies.count == 4)
    #expect(Set(energies).count == 4)
    #expect(abs(total - problem.system.potentialEnergy(at: q.span)) < 1e-14 * energies.map(abs).reduce(0, +))
    let entry = problem.data.systems[0]
    let law = SpringSystem(
      bodies: entry.bodies, stiffness: stride(from: 1, to: 8, by: 2).map(entry.features.element))
    #expect(try BatchedForce<Double>(problem.model, for: [law], threads: 1).bodyEnergies(at: q) == energies)
  }

  @Test("systems that do not fit are refused")
  func mismatch() throws {
    let problem = try SmallProblem(group: "T2", dimension: 2)
    let gravity = GravitySystem(bodies: Bodies(dimension: 2, masses: [1, 1]), G: 1, softening: 0)
    #expect(throws: NoetherError.self) { try BatchedForce<Float>(problem.model, for: [gravity], threads: 1) }
  }
}

extension [Double] {
  fileprivate func element(_ index: Int) -> Double { self[index] }
}
