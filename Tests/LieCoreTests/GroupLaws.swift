// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

/// The laws of a group and of its exponential, written once for every group.
struct GroupLaws<G: LieGroup> {
  typealias Samples = GroupSamples<G>
  typealias Vector = Coordinates<Double>
  static var tolerance: Double { 1e-13 }

  static func checkAxioms() {
    let e = G.identity(Double.self)
    for angle in Samples.angles {
      let u = Samples.element(seed: 1, angle: angle, rest: angle)
      let (v, w) = (Samples.element(seed: 2, angle: 0.7), Samples.element(seed: 3, angle: 2.5))
      #expect(Samples.distance(G.product(e, u), u) <= tolerance)
      #expect(Samples.distance(G.product(u, e), u) <= tolerance)
      #expect(Samples.elementDistance(G.product(G.inverse(u), u), e) <= tolerance)
      #expect(Samples.elementDistance(G.product(u, G.inverse(u)), e) <= tolerance)
      let left = G.product(G.product(u, v), w)
      #expect(Samples.elementDistance(left, G.product(u, G.product(v, w))) <= tolerance)
      // An action: (u v)·x = u·(v·x), e·x = x.
      let x = Samples.point(seed: 4, scale: 2)
      let moved = G.act(u, on: G.act(v, on: x))
      #expect(
        Samples.distance(G.act(G.product(u, v), on: x), moved) <= tolerance * max(1, Samples.size(moved)))
      #expect(Samples.distance(G.act(e, on: x), x) <= tolerance)
    }
  }

  /// Angles up to the cut with the bar that holds there: relative to |a|, 10⁻¹³ away from it, 10⁻⁹ within 10⁻⁶.
  static var sweep: [(angle: Double, bar: Double)] {
    Samples.angles.map { ($0, tolerance) }
      + (Samples.hasRotations ? Samples.gaps.map { (.pi - $0, $0 > 1e-6 ? tolerance : 1e-9) } : [])
  }

  static func checkExponential() {
    for (angle, bar) in sweep {
      for seed in 5..<9 {
        let a = Samples.algebraVector(seed: seed, angle: angle, rest: min(angle, 2))
        let u = G.exp(a)
        #expect(Samples.distance(G.log(u), a) <= bar * Samples.size(a), "log exp at the angle \(angle)")
        #expect(Samples.elementDistance(G.exp(G.log(u)), u) <= bar, "exp log at the angle \(angle)")
        // One-parameter subgroups: exp(a) exp(a) = exp(2a).
        #expect(Samples.elementDistance(G.product(u, u), G.exp(a + a)) <= 2 * tolerance)
        #expect(Samples.elementDistance(G.inverse(u), G.exp(-a)) <= tolerance)
        // Beyond the cut the logarithm is the shorter way round: u² turns by 2·angle, and by less than π as well.
        let square = G.log(G.product(u, u))
        #expect(Samples.turn(square) <= .pi + 1e-12)
        #expect(Samples.elementDistance(G.exp(square), G.product(u, u)) <= max(bar, 2 * tolerance))
        let (x, slow) = (Samples.point(seed: seed + 9), MatrixExponential<G>(a))
        #expect(
          Samples.distance(G.act(u, on: x), slow.act(on: x)) <= tolerance * max(1, Samples.size(x)),
          "against the matrix exponential at the angle \(angle)")
      }
    }
  }

  /// A motion hardly turns and goes far, or turns far and hardly goes: neither part may spoil the other's digits.
  static func checkMixedScales() {
    for (angle, bar) in sweep {
      for rest in [1e-12, 1e-6, 2] {
        let a = Samples.algebraVector(seed: 5, angle: angle, rest: rest)
        let (turn, others) = (Samples.part(a, turning: true), Samples.part(a, turning: false))
        let back = G.log(G.exp(a))
        let (turnBack, othersBack) = (Samples.part(back, turning: true), Samples.part(back, turning: false))
        #expect(Samples.distance(turnBack, turn) <= bar * Samples.size(turn), "\(angle), \(rest)")
        #expect(Samples.distance(othersBack, others) <= bar * Samples.size(others), "\(angle), \(rest)")
      }
    }
  }

  /// log ∘ exp is the identity, so that its first derivative along v is v and its second ones vanish: at the
  /// identity, on both sides of every branch, and at the cut.
  static func checkDerivativesOfLogarithm() {
    for angle in [0] + sweep.map(\.angle) + (Samples.hasRotations ? [.pi.nextDown] : []) {
      let a = Samples.algebraVector(seed: 5, angle: angle, rest: min(angle, 2))
      let v = Samples.algebraVector(seed: 6, angle: 1, rest: 1)
      let w = Samples.algebraVector(seed: 7, angle: 1, rest: 1)
      let path = a.moving(along: v).moving(along: w.constant)
      let back = G.log(G.exp(path))
      let first: Vector = Coordinates(count: a.count) { back[$0].value.tangent }
      let second: Vector = Coordinates(count: a.count) { back[$0].tangent.tangent }
      #expect(Samples.distance(first, v) <= 1e-12, "angle \(angle)")
      #expect(Samples.distance(second, Vector(count: a.count)) <= 1e-11, "angle \(angle)")
    }
  }

  /// The same in float32: 10⁻⁵ away from the cut, 10⁻³ at it, where an angle of π may come back as −π.
  static func checkSinglePrecision() {
    for (angle, bar) in sweep {
      let isFar = bar == tolerance && angle < 3.14
      let loose = isFar ? 1e-5 : 1e-3
      for seed in 5..<9 {
        let exact = Samples.algebraVector(seed: seed, angle: angle, rest: min(angle, 2))
        let a = Samples.float(exact)
        let u = G.exp(a)
        let back = G.log(u)
        if isFar {
          let size = Samples.size(Samples.double(a))
          #expect(Samples.distance(Samples.double(back), Samples.double(a)) <= loose * size, "\(angle)")
        }
        #expect(Samples.elementDistance(Samples.double(G.exp(back)), Samples.double(u)) <= loose, "\(angle)")
        let identity = Samples.double(G.product(G.inverse(u), u))
        #expect(Samples.elementDistance(identity, G.identity(Double.self)) <= 1e-5, "\(angle)")
        let x = Samples.point(seed: seed + 9)
        let (moved, slow) = (Samples.double(G.act(u, on: Samples.float(x))), MatrixExponential<G>(exact))
        #expect(
          Samples.distance(moved, slow.act(on: x)) <= 1e-5 * max(1, Samples.size(x)),
          "against the matrix exponential at the angle \(angle)")
      }
    }
  }

  static func checkAdjoint() {
    for angle in Samples.angles {
      let u = Samples.element(seed: 10, angle: angle)
      let a = Samples.algebraVector(seed: 11, angle: 0.5, rest: 0.5)
      let moved = G.adjoint(u, a)
      let conjugate = G.product(G.product(u, G.exp(a)), G.inverse(u))
      #expect(Samples.elementDistance(G.exp(moved), conjugate) <= 10 * tolerance)
      let dual = G.product(G.product(u.constant, G.exp(a.asTangent)), G.inverse(u.constant))
      #expect(Samples.distance(G.log(dual).tangents(), moved) <= 10 * tolerance)
      // A homomorphism: Ad_u Ad_v = Ad_uv.
      let v = Samples.element(seed: 12)
      #expect(
        Samples.distance(G.adjoint(u, G.adjoint(v, a)), G.adjoint(G.product(u, v), a)) <= 10 * tolerance)
    }
  }

  static func checkJacobian() {
    for angle in Samples.angles where angle > 1e-10 {
      let a = Samples.algebraVector(seed: 13, angle: angle, rest: min(angle, 2))
      let v = Samples.algebraVector(seed: 14, angle: 1, rest: 1)
      let found = G.leftJacobian(a, v)
      let difference = Samples.derivative { s in G.log(G.product(G.exp(a + s * v), G.inverse(G.exp(a)))) }
      #expect(Samples.distance(found, difference) <= 1e-9, "angle \(angle)")
      let dual = G.log(G.product(G.exp(a.moving(along: v)), G.exp(-a).constant)).tangents()
      #expect(Samples.distance(found, dual) <= 1e-12 / max(1e-3, 3.2 - angle), "angle \(angle)")
    }
  }

  static func checkGenerators() {
    let (x, v) = (Samples.point(seed: 7, scale: 2), Samples.vector(G.spaceDimension, seed: 8))
    for k in 0..<G.algebraComponents.count {
      let velocity = Samples.derivative { s in
        var a = Coordinates<Double>(count: G.algebraComponents.count)
        a[k] = s
        return G.act(G.exp(a), on: x)
      }
      #expect(Samples.distance(velocity, G.generator(k, at: x)) < 1e-10)
      let change = Samples.derivative { s in G.generator(k, at: x + s * v) }
      let found = G.generatorDerivative(k, at: x, along: v)
      #expect(Samples.distance(change, found) < 1e-10)
      // Isometries change no distance: v·Dξ(x)v = 0.
      if G.self is any IsometryGroup.Type { #expect(abs(v.dot(found)) < tolerance) }
    }
    #expect(G.momentumNames.count == G.algebraComponents.count)
  }
}
