// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

/// Which of a point's lifts a uniformly random rotation chooses.
@Suite("The stabiliser is sampled uniformly")
struct HaarTests {
  private static let count = 20_000

  /// A uniformly random rotation: normals, normalised.
  private func rotation(_ width: Int, _ generator: inout SeededGenerator) -> Coordinates<Double> {
    var v = Coordinates<Double>(count: width)
    for k in 0..<width { v[k] = generator.normal() }
    return (1 / v.norm) * v
  }

  /// Kolmogorov's distance of angles in (−π, π] from the uniform law, times √N: above 1.95 once in a thousand.
  private func unevenness(_ angles: [Double]) -> Double {
    let n = Double(angles.count)
    return angles.sorted().enumerated().reduce(0) { worst, entry in
      let law = (entry.element + .pi) / (2 * .pi)
      return max(worst, abs(Double(entry.offset) / n - law), abs(Double(entry.offset + 1) / n - law))
    } * n.squareRoot()
  }

  /// Angles of the element that takes one lift of x to another, about the orbit's origin.
  private func angles<G: LieGroup>(_ group: G.Type, at x: Coordinates<Double>, component: Int) -> [Double] {
    var generator = SeededGenerator(seed: 3)
    let base = G.lift(x)
    return (0..<Self.count).map { _ in
      let u = G.lift(x, frame: rotation(G.spaceDimension == 2 ? 2 : 4, &generator)).u
      return G.log(G.product(G.inverse(base.u), u))[component]
    }
  }

  @Test("SE(2) and SO(3): every angle about the point is as likely")
  func circles() {
    #expect(unevenness(angles(SE2.self, at: Coordinates(0.4, -1.2), component: 0)) < 1.95)
    for x in [Coordinates(0.3, 0.8, -0.5), Coordinates(-1, 1e-3, 0), Coordinates(0.0, 0, 2)] {
      #expect(unevenness(angles(SO3.self, at: x, component: 0)) < 1.95)
    }
  }

  /// The angle 2ψ of a uniformly random quaternion has the density (1 − cos θ)/2π, which is not the circle's: a lift
  /// that turned about the point by it would not be equivariant even in distribution.
  @Test("the control: angles of random rotations of space are not even")
  func biased() {
    var generator = SeededGenerator(seed: 3)
    let angles = (0..<Self.count).map { _ in
      let q = rotation(4, &generator)
      let θ = 2 * SO2.log(Coordinates(q[0], q.slice(1, 3).norm))[0]
      return θ > .pi ? θ - 2 * .pi : θ
    }
    #expect(unevenness(angles) > 10)
  }

  /// E[tr R] = 0 and E[(tr R)²] = 1 over SO(3).
  @Test("SE(3): the rotations are Haar's")
  func rotations() {
    var generator = SeededGenerator(seed: 4)
    let traces = (0..<Self.count).map { _ in
      let u = SE3.lift(Coordinates(0.3, 0.8, -0.5), frame: rotation(4, &generator)).u
      return 4 * u[0] * u[0] - 1
    }
    let mean = traces.reduce(0, +) / Double(Self.count)
    let square = traces.reduce(0) { $0 + $1 * $1 } / Double(Self.count)
    #expect(abs(mean) < 4 / Double(Self.count).squareRoot())
    #expect(abs(square - 1) < 4 * (2 / Double(Self.count)).squareRoot())
  }
}
