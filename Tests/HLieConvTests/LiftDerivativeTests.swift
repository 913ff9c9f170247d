// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

/// The derivatives of V for every group, lift and smooth neighbourhood, where they are most easily lost.
@Suite("Derivatives of every group and lift against extrapolated central differences")
struct LiftDerivativeTests {
  static let cases =
    ModelCase.all + ModelCase.all.map { $0.with(.cutoff(radius: 3)) }
    + ModelCase.all.map { $0.with(.nearest(count: 3)) }

  @Test("force, Hessian times vector, and the gradient of vᵀ∇V by the parameters", arguments: cases)
  func derivatives(_ model: ModelCase) throws {
    for (name, q) in model.specialPositions {
      // Ties of distance are where a sharp edge jumps.
      if model.neighbourhood.isHard, name != "random" { continue }
      try DerivativeCheck(model.model()).run(at: q, name)
    }
  }

  @Test("in float32 everything is finite, and close to float64", arguments: cases)
  func singlePrecision(_ model: ModelCase) throws {
    let trained = try model.model()
    let d = model.group.spaceDimension
    // The second derivatives of a frame grow without bound where nothing is left to make it of.
    let heap = ("all in one place", Array(repeating: 2.5, count: 4 * d))
    for (name, q) in model.specialPositions + [heap] {
      func derivatives<T: NetworkScalar>(_ scalar: T.Type) -> [Double] {
        let program = trained.program
        let engine = TileEngine<T>(
          program, parameters: ParameterStorage(trained.parameters.map { T($0) }, layout: program.parameters),
          capacity: 1, bodies: 4, evaluations: 1, tangents: true)
        engine.begin(systems: 1, features: [0.5, 1, 2, 1.5])
        var (force, product) = ([T](repeating: 0, count: q.count), [T](repeating: 0, count: q.count))
        var theta = [T](repeating: 0, count: program.parameters.count)
        engine.force(0, at: q.map { T($0) }, into: &force)
        theta.withUnsafeMutableBufferPointer {
          guard let base = $0.baseAddress else { return }
          engine.hessianProduct(0, direction: q.map { T($0) }, addingTo: base, into: &product)
          engine.finishGradient(addingTo: base)
        }
        return (force + product + theta).map { Double($0) }
      }
      let (single, double) = (derivatives(Float.self), derivatives(Double.self))
      let isFinite = (single + double).allSatisfy(\.isFinite)
      #expect(isFinite, "\(name)")
      if model.neighbourhood.isHard || name == heap.0 { continue }
      let scale = double.map(abs).max() ?? 0
      for (a, b) in zip(single, double) { #expect(abs(a - b) < 1e-3 * scale, "\(name)") }
    }
  }
}

/// One model's derivatives at one configuration.
struct DerivativeCheck {
  private let model: HamiltonianModel
  private let features = [0.5, 1, 2, 1.5]

  init(_ model: HamiltonianModel) { self.model = model }

  func run(at q: [Double], _ name: String) throws {
    let program = model.program
    let bodies = q.count / model.dimension
    let storage = ParameterStorage<Double>(model.parameters, layout: program.parameters)
    let engine = TileEngine(
      program, parameters: storage, capacity: 1, bodies: bodies, evaluations: 1, tangents: true)
    engine.begin(systems: 1, features: Array(features.prefix(bodies)))
    var generator = SeededGenerator(seed: 21)
    let v = q.map { _ in generator.normal() }
    func gradient(at q: [Double]) -> [Double] {
      var force = q
      engine.force(0, at: q, into: &force)
      return force.map { -$0 }
    }
    let h = 1e-3
    let first = gradient(at: q)
    let slopes = q.indices.map { k in
      extrapolatedDifference(h) { s in
        var there = q
        there[k] += s
        return engine.potential(0, at: there)[0]
      }
    }
    expectEqual(first, slopes, "force, \(name)")

    let hessian = q.indices.map { k in
      extrapolatedDifference(h) { s in gradient(at: zip(q, v).map { $0 + s * $1 })[k] }
    }
    _ = gradient(at: q)
    var product = q
    var theta = [Double](repeating: 0, count: program.parameters.count)
    theta.withUnsafeMutableBufferPointer {
      guard let base = $0.baseAddress else { return }
      engine.hessianProduct(0, direction: v, addingTo: base, into: &product)
      engine.finishGradient(addingTo: base)
    }
    expectEqual(product, hessian, "Hessian, \(name)")

    for view in program.parameters.views where view.name != "readout.b" {
      let entries = [view.offset, view.offset + view.count / 2, view.offset + view.count - 1]
      let largest = view.range.max { abs(theta[$0]) < abs(theta[$1]) } ?? view.offset
      for k in entries + [largest] {
        let original = storage.values[k]
        let difference = extrapolatedDifference(h) { s in
          storage.values[k] = original + s
          storage.pack()
          engine.begin(systems: 1, features: Array(features.prefix(bodies)))
          return zip(gradient(at: q), v).reduce(0) { $0 + $1.0 * $1.1 }
        }
        storage.values[k] = original
        storage.pack()
        #expect(
          abs(theta[k] - difference) <= 1e-6 * abs(theta[largest]) + 1e-13,
          "\(view.name)[\(k - view.offset)], \(name): \(theta[k]) against \(difference)")
      }
    }
  }

  private func expectEqual(_ found: [Double], _ wanted: [Double], _ what: String) {
    let scale = wanted.map(abs).max() ?? 0
    #expect(scale > 1e-8, "\(what)")
    for (a, b) in zip(found, wanted) { #expect(abs(a - b) < 1e-6 * scale, "\(what): \(a) against \(b)") }
  }
}
