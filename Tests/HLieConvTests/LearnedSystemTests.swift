// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import TestSupport
import Testing

@testable import HLieConv

@Suite("Learned laws")
struct LearnedSystemTests {
  /// A law answers from the values in place where it can: in any order of questions it says what a fresh one says.
  @Test("say the same in whatever order they are asked", arguments: Precision.allCases)
  func order(precision: Precision) throws {
    let problem = try SmallProblem(group: "SE2", dimension: 2)
    let entry = problem.data.systems[0]
    func law() -> LearnedSystem {
      LearnedSystem(
        problem.model, bodies: entry.bodies, features: entry.features.pairs, precision: precision)
    }
    func energy(_ law: LearnedSystem, _ q: [Double]) -> Double { law.potentialEnergy(at: q.span) }
    func sum(_ law: LearnedSystem, _ q: [Double]) -> Double { law.bodyEnergies(at: q.span).reduce(0, +) }
    let places = entry.states.prefix(3).map(\.q)
    let energies = places.map { energy(law(), $0) }
    let forces = places.map { SmallProblem.force(law(), at: $0) }
    #expect(Set(energies).count == 3)
    let asked = law()
    for k in [0, 0, 1, 0, 2, 2, 1] {
      let next = (k + 1) % 3
      #expect(energy(asked, places[k]) == energies[k])
      #expect(SmallProblem.force(asked, at: places[k]) == forces[k])
      #expect(SmallProblem.force(asked, at: places[k]) == forces[k])
      #expect(abs(sum(asked, places[k]) - energies[k]) < 1e-5)
      #expect(SmallProblem.force(asked, at: places[next]) == forces[next])
      #expect(energy(asked, places[next]) == energies[next])
    }
  }

  /// Implicit methods ask for it; the control is that of another place.
  @Test("have the Hessian that their forces have as slope", arguments: DerivativeTests.groups)
  func hessian(group: String, dimension: Int) throws {
    let problem = try SmallProblem(group: group, dimension: dimension)
    let (system, states) = (problem.system, problem.data.systems[0].states)
    for state in states.prefix(2) { #expect(hessianDefect(of: system, at: state.q) < 1e-6) }
    let direction = states[0].p
    func product(_ q: [Double], _ system: LearnedSystem) -> [Double] {
      var product = q
      var out = product.mutableSpan
      system.hessianProduct(at: q.span, along: direction.span, into: &out)
      return product
    }
    let (here, there) = (product(states[0].q, system), product(states[3].q, system))
    #expect(here != there && product(states[0].q, system) == here)
    let entry = problem.data.systems[0]
    let single = LearnedSystem(
      problem.model, bodies: entry.bodies, features: entry.features.pairs, precision: .float32)
    let size = here.map(abs).max() ?? 0
    for (a, b) in zip(product(states[0].q, single), here) { #expect(abs(a - b) < 1e-3 * size) }
  }

  @Test("in float32 are those in float64 but for its rounding", arguments: DerivativeTests.groups)
  func precision(group: String, dimension: Int) throws {
    let problem = try SmallProblem(group: group, dimension: dimension)
    let entry = problem.data.systems[0]
    let q = entry.states[0].q
    let single = LearnedSystem(
      problem.model, bodies: entry.bodies, features: entry.features.pairs, precision: .float32)
    let (force, exact) = (SmallProblem.force(single, at: q), SmallProblem.force(problem.system, at: q))
    let scale = exact.map(abs).max() ?? 0
    let error = zip(force, exact).map { abs($0 - $1) }.max() ?? .nan
    #expect(error < 1e-4 * scale && error > 1e-10 * scale)
  }

  /// A readout of pairs alone knows no more of many bodies than of two at a time: F_i = Σ_j F_ij.
  @Test("of pairs are the sum of those of two bodies each")
  func pairs() throws {
    let problem = try SmallProblem(group: "SE2", dimension: 2) { config in
      (config.readout, config.layers, config.width, config.hidden) = (.pair, 0, 8, [8])
      config.pool = .sum
    }
    let entry = problem.data.systems[0]
    let (q, n) = (entry.states[0].q, entry.bodies.count)
    let law = LearnedSystem(problem.model, bodies: entry.bodies, features: entry.features.pairs)
    let whole = SmallProblem.force(law, at: q)
    var sum = [Double](repeating: 0, count: q.count)
    for i in 0..<n {
      for j in 0..<i {
        let two = try #require(law.subsystem(of: [j, i]))
        #expect(two.bodies.masses == [entry.bodies.masses[j], entry.bodies.masses[i]])
        let force = SmallProblem.force(two, at: [j, i].flatMap { Array(q[2 * $0..<2 * $0 + 2]) })
        for (place, body) in [j, i].enumerated() {
          for axis in 0..<2 { sum[2 * body + axis] += force[2 * place + axis] }
        }
      }
    }
    let scale = whole.map(abs).max() ?? 0
    let error = zip(whole, sum).map { abs($0 - $1) }.max() ?? .nan
    #expect(scale > 0 && error < 1e-12 * scale)

    let mean = try SmallProblem(group: "SE2", dimension: 2) { $0.pool = .mean }
    let other = LearnedSystem(mean.model, bodies: entry.bodies, features: entry.features.pairs)
    #expect(other.subsystem(of: [0, 1]) == nil, "a mean over bodies is another with another number of them")
  }
}

extension [Double] {
  /// m and k of each body.
  fileprivate var pairs: [[Double]] { stride(from: 0, to: count, by: 2).map { [self[$0], self[$0 + 1]] } }
}
