// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

@Suite("Symmetry of V")
struct InvarianceTests {
  static let cases =
    ModelCase.exact + ModelCase.exact.map { $0.with(.cutoff(radius: 3)) }
    + ModelCase.exact.map { $0.with(.ball(.radius(1.3))) }
    + ModelCase.exact.map { $0.with(.nearest(count: 3)) }
    + ModelCase.exact.map { $0.with(.sample(.radius(2), count: 3)) }

  /// V of the bodies moved by u, less V where they were, on the scale of Σ|V_i|.
  private func change<G: LieGroup>(
    _ model: ModelCase, by group: G.Type, _ u: Coordinates<Double>, _ q: [Double]
  ) throws -> Double {
    let d = group.spaceDimension
    let system = try model.system(bodies: q.count / d)
    let moved = stride(from: 0, to: q.count, by: d).flatMap { start -> [Double] in
      var x = Coordinates<Double>(count: d)
      for axis in 0..<d { x[axis] = q[start + axis] }
      let y = group.act(u, on: x)
      return (0..<d).map { y[$0] }
    }
    let scale = system.bodyEnergies(at: q.span).map(abs).reduce(0, +)
    return abs(system.potentialEnergy(at: moved.span) - system.potentialEnergy(at: q.span)) / scale
  }

  private func element<G: LieGroup>(_ group: G.Type, seed: UInt64) -> Coordinates<Double> {
    var generator = SeededGenerator(seed: seed)
    var a = Coordinates<Double>(count: group.algebraComponents.count)
    for k in 0..<a.count { a[k] = 0.5 * generator.normal() }
    return group.exp(a)
  }

  @Test("of every centred baseline that is a potential: translations", arguments: ModelCase.potentials)
  func translations(_ model: ModelCase) throws {
    let group: any LieGroup.Type = model.group.spaceDimension == 2 ? T2.self : T3.self
    let q = model.positions(bodies: 5)
    #expect(try change(model, by: group, element(group, seed: 4), q) <= 1e-12)
    var uncentred = model
    uncentred.centre = false
    #expect(try change(uncentred, by: group, element(group, seed: 4), q) > 1e-6)
  }

  @Test("under the group's own motions", arguments: cases)
  func invariance(_ model: ModelCase) throws {
    for seed in 1...5 as ClosedRange<UInt64> {
      let q = model.positions(bodies: 5, seed: seed)
      #expect(try change(model, by: model.group, element(model.group, seed: 10 + seed), q) <= 1e-12)
    }
  }

  /// Bodies on a line or opposite each other give a frame no direction, and it must fade the same way everywhere.
  @Test("where bodies are symmetric or nearly coincide, too", arguments: ModelCase.exact)
  func degenerate(_ model: ModelCase) throws {
    for (name, q) in model.specialPositions {
      #expect(try change(model, by: model.group, element(model.group, seed: 17), q) <= 1e-12, "\(name)")
    }
  }

  @Test("not under those of another group", arguments: [Trivial2.self, Trivial3.self] as [any LieGroup.Type])
  func control(group: any LieGroup.Type) throws {
    let model = ModelCase(group: group)
    let others: [any LieGroup.Type] =
      group.spaceDimension == 2 ? [T2.self, SO2.self, R.self] : [T3.self, SO3.self]
    for other in others {
      #expect(try change(model, by: other, element(other, seed: 4), model.positions(bodies: 5)) > 1e-6)
    }
    let plane = ModelCase(group: T2.self)
    #expect(try change(plane, by: SO2.self, element(SO2.self, seed: 4), plane.positions(bodies: 5)) > 1e-6)
  }

  /// Σ F_i·ξ(x_i) = 0 for every generator ξ: for isometries, the net force and torque.
  @Test("no generator does work: net force and torque vanish", arguments: cases)
  func work(_ model: ModelCase) throws {
    let q = model.positions(bodies: 5)
    let force = SmallProblem.force(try model.system(bodies: 5), at: q)
    for k in model.group.algebraComponents.indices {
      var (sum, scale) = (0.0, 0.0)
      for body in 0..<5 {
        let (x, f) = (point(q, body, model.group), point(force, body, model.group))
        let ξ = model.group.generator(k, at: x)
        sum += f.dot(ξ)
        scale += f.norm * ξ.norm
      }
      #expect(abs(sum) <= 1e-12 * scale)
    }
    #expect(force.map(abs).max() ?? 0 > 1e-6)
  }

  @Test(
    "relabelling the bodies relabels the forces",
    arguments: ModelCase.all + ModelCase.all.map { $0.with(.cutoff(radius: 3)) }
      + ModelCase.all.map { $0.with(.ball(.radius(1.3))) } + ModelCase.all.map { $0.with(.nearest(count: 3)) }
      + ModelCase.potentials.filter { !$0.kind.countsBodies }
  )
  func permutation(_ model: ModelCase) throws {
    let (d, order) = (model.group.spaceDimension, [3, 0, 4, 1, 2])
    let masses = [0.5, 0.9, 1.3, 1.7, 2.1]
    func force(_ order: [Int], _ q: [Double]) throws -> [Double] {
      let ordered = order.map { masses[$0] }
      let system = LearnedSystem(
        try model.model(), bodies: Bodies(dimension: d, masses: ordered), features: ordered.map { [$0] })
      return SmallProblem.force(system, at: order.flatMap { q[$0 * d..<($0 + 1) * d] })
    }
    let q = model.positions(bodies: 5)
    let (straight, relabelled) = (try force(Array(0..<5), q), try force(order, q))
    let scale = straight.map(abs).max() ?? 0
    for (new, old) in order.enumerated() {
      for axis in 0..<d {
        #expect(abs(relabelled[new * d + axis] - straight[old * d + axis]) < 1e-12 * scale)
      }
    }
  }

  private func point(_ q: [Double], _ body: Int, _ group: any LieGroup.Type) -> Coordinates<Double> {
    var x = Coordinates<Double>(count: group.spaceDimension)
    for axis in 0..<x.count { x[axis] = q[body * x.count + axis] }
    return x
  }
}
