// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

/// Rotations about the origin with the published program's choice of lifts: turns about the point by the angle of a
/// random quaternion, which are not uniform.
private enum Biased: IsometryGroup {
  static var name: String { "Biased" }
  static var summary: String { "rotations of space with lifts that are not uniform" }
  static var spaceDimension: Int { 3 }
  static var algebraComponents: [String] { SO3.algebraComponents }
  static var orbitComponents: [String] { SO3.orbitComponents }
  static var framed: (any LieGroup.Type)? { SO3.framed }
  static var fibreWidth: Int { SO3.fibreWidth }

  static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { SO3.identity(scalar) }
  static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> { SO3.exp(a) }
  static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { SO3.log(u) }
  static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    SO3.product(u, v)
  }
  static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { SO3.inverse(u) }
  static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    SO3.act(u, on: x)
  }
  static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    SO3.lift(x)
  }
  static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { SO3.origin(of: q) }
  static func lift<S: LieScalar>(
    _ x: Coordinates<S>, frame: Coordinates<S>
  ) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let (base, q) = SO3.lift(x)
    return (product(base, Coordinates(frame[0], frame.slice(1, 3).norm, .zero, .zero)), q)
  }
  static func fibreEmbedding<S: LieScalar>(
    _ xi: Coordinates<S>, frame fi: Coordinates<S>, _ xj: Coordinates<S>, frame fj: Coordinates<S>
  ) -> Coordinates<S> {
    let relative = product(inverse(lift(xj, frame: fj).u), lift(xi, frame: fi).u)
    return (relative[0] * relative).appending(Coordinates(xi.squaredNorm, xj.squaredNorm))
  }
}

@Suite("Lifts by random rotations")
struct HaarTests {
  private static let groups = Groups.all.filter { $0.framed != nil }

  /// V at `q` for many seeds of the rotations, the weights being the same.
  private func energies(_ group: any LieGroup.Type, at q: [Double], seeds: Range<UInt64>) throws -> [Double] {
    var model = ModelCase(group: group, lift: .haar, samples: 2)
    model.samples = 2
    let features = (0..<q.count / group.spaceDimension).map { [0.5 + Double($0)] }
    let base = model.config()
    let layout = HLieConvNetwork.program(base, group: group, features: 1).parameters
    let parameters = ParameterStorage(layout.initialValues(seed: 3).map { 2 * $0 }, layout: layout)
    return seeds.map { seed in
      let engine = TileEngine<Double>(
        HLieConvNetwork.program(model.config(seed: seed), group: group, features: 1), parameters: parameters,
        capacity: 1, bodies: features.count, evaluations: 1, tangents: false)
      engine.begin(systems: 1, features: features.flatMap { $0 })
      return engine.potential(0, at: q)[0]
    }
  }

  private func rotated(_ q: [Double], _ group: any LieGroup.Type) -> [Double] {
    let d = group.spaceDimension
    return stride(from: 0, to: q.count, by: d).flatMap { start -> [Double] in
      if d == 2 {
        let y = SO2.act(SO2.exp(Coordinates(1.1)), on: Coordinates(q[start], q[start + 1]))
        return [y[0], y[1]]
      }
      let turn = SO3.exp(Coordinates(0.9, -1.2, 0.7))
      let y = SO3.act(turn, on: Coordinates(q[start], q[start + 1], q[start + 2]))
      return [y[0], y[1], y[2]]
    }
  }

  /// The differences of the means of f and of f² over independent seeds, in standard errors.
  private func scores(_ group: any LieGroup.Type) throws -> (first: Double, second: Double) {
    let q = ModelCase(group: group).positions(bodies: 3)
    let count: UInt64 = 3000
    let here = try energies(group, at: q, seeds: 0..<count)
    let there = try energies(group, at: rotated(q, group), seeds: count..<2 * count)
    let middle = here.reduce(0, +) / Double(count)
    func score(_ f: (Double) -> Double) -> Double {
      func moments(_ values: [Double]) -> (mean: Double, error2: Double) {
        let n = Double(values.count)
        let mean = values.reduce(0) { $0 + f($1) } / n
        return (mean, values.reduce(0) { $0 + (f($1) - mean) * (f($1) - mean) } / (n * n))
      }
      let (a, b) = (moments(here), moments(there))
      return abs(a.mean - b.mean) / (a.error2 + b.error2).squareRoot()
    }
    return (score { $0 - middle }, score { ($0 - middle) * ($0 - middle) })
  }

  @Test("V at rotated bodies has the same distribution, though no seed gives the same V", arguments: groups)
  func distribution(group: any LieGroup.Type) throws {
    let (first, second) = try scores(group)
    #expect(first < 4)
    #expect(second < 4)
    let q = ModelCase(group: group).positions(bodies: 3)
    let here = try energies(group, at: q, seeds: 5..<6)[0]
    #expect(abs(try energies(group, at: rotated(q, group), seeds: 5..<6)[0] - here) > 1e-4 * abs(here))
  }

  @Test("lifts that are not uniform fail that test")
  func control() throws {
    let (first, second) = try scores(Biased.self)
    #expect(max(first, second) > 8)
  }

  @Test("one seed is one function: the same bits from two models", arguments: groups)
  func fixed(group: any LieGroup.Type) throws {
    let model = ModelCase(group: group, lift: .haar, samples: 3)
    let q = model.positions(bodies: 4)
    let (one, other) = (try model.system(bodies: 4), try model.system(bodies: 4))
    #expect(SmallProblem.force(one, at: q) == SmallProblem.force(other, at: q))
    #expect(one.potentialEnergy(at: q.span) == other.potentialEnergy(at: q.span))
    let another = try model.system(bodies: 4, seed: 4)
    #expect(another.potentialEnergy(at: q.span) != one.potentialEnergy(at: q.span))
  }

  @Test("groups without a fibre have one lift, so that all three are the same")
  func withoutFibre() throws {
    for group in Groups.all where group.framed == nil {
      let q = ModelCase(group: group).positions(bodies: 4)
      let forces = try Lift.allCases.map { lift in
        let model = ModelCase(group: group, lift: lift, centre: group.needsCentring)
        return SmallProblem.force(try model.system(bodies: 4), at: q)
      }
      #expect(forces[0] == forces[1] && forces[0] == forces[2], "\(group.name)")
    }
  }
}
