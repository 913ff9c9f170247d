// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import TestSupport
import Testing

@testable import HLieConv

/// A group without motions whose orbit coordinates bend: q = (x, y) / (1 + x² + y²).
///
/// The embeddings of the registered groups are affine, so that the change J̇ of their Jacobians vanishes; here it
/// does not, and what multiplies it is put to the test.
private enum Curved: TrivialGroup {
  static var name: String { "Curved" }
  static var spaceDimension: Int { 2 }

  static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let scale = S(1) + x[0] * x[0] + x[1] * x[1]
    return (Coordinates(count: 0), Coordinates(x[0] / scale, x[1] / scale))
  }
}

@Suite("Derivatives through an embedding that is not affine")
struct CurvedEmbeddingTests {
  @Test("Hessian times vector, and the gradient of vᵀ∇V by the parameters")
  func secondDerivatives() throws {
    var config = ModelConfig()
    config.width = 16
    config.layers = 1
    config.centre = false
    let program = HLieConvNetwork.program(config, group: Curved.self, features: 1)
    let values = program.parameters.initialValues(seed: 4).map { 2.5 * $0 }
    let storage = ParameterStorage<Double>(values, layout: program.parameters)
    let engine = TileEngine(
      program, parameters: storage, capacity: 1, bodies: 3, evaluations: 1, tangents: true)
    engine.begin(systems: 1, features: [0.5, 1, 2])
    var generator = SeededGenerator(seed: 8)
    let (q, v) = ((0..<6).map { _ in generator.normal() }, (0..<6).map { _ in generator.normal() })

    func gradient(at q: [Double]) -> [Double] {
      var force = [Double](repeating: 0, count: 6)
      engine.force(0, at: q, into: &force)
      return force.map { -$0 }
    }
    let h = 1e-3
    func moved(_ s: Double) -> [Double] { zip(q, v).map { $0 + s * $1 } }
    let hessian = (0..<6).map { k in extrapolatedDifference(h) { gradient(at: moved($0))[k] } }
    let slopes = (0..<6).map { k in
      extrapolatedDifference(h) { s in
        var there = q
        there[k] += s
        return engine.potential(0, at: there)[0]
      }
    }
    let first = gradient(at: q)
    let scale = first.map(abs).max() ?? 0
    #expect(scale > 1e-3)
    for k in 0..<6 { #expect(abs(first[k] - slopes[k]) < 1e-8 * scale) }

    var product = [Double](repeating: 0, count: 6)
    let count = program.parameters.count
    let theta = UnsafeMutablePointer<Double>.allocate(capacity: count)
    theta.initialize(repeating: 0, count: count)
    defer { theta.deallocate() }
    engine.hessianProduct(0, direction: v, addingTo: theta, into: &product)
    engine.finishGradient(addingTo: theta)
    let size = hessian.map(abs).max() ?? 0
    #expect(size > 1e-3)
    for k in 0..<6 { #expect(abs(product[k] - hessian[k]) < 1e-8 * size, "\(product[k]), \(hessian[k])") }

    for view in program.parameters.views where view.name != "readout.b" {
      let largest = view.range.map { abs(theta[$0]) }.max() ?? 0
      for k in [view.offset, view.offset + view.count / 2, view.offset + view.count - 1] {
        let original = storage.values[k]
        let difference = extrapolatedDifference(h) { s in
          storage.values[k] = original + s
          storage.pack()
          engine.begin(systems: 1, features: [0.5, 1, 2])
          return zip(gradient(at: q), v).reduce(0) { $0 + $1.0 * $1.1 }
        }
        storage.values[k] = original
        storage.pack()
        #expect(abs(theta[k] - difference) < 1e-6 * largest, "\(view.name)[\(k - view.offset)]")
      }
    }
  }
}
