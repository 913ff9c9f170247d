// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

/// The figure-eight of three equal masses, by methods whose errors there are known; figures computed independently from the
/// definitions of the methods.
@Suite struct FigureEightTests {
  private static let T = Problem.figureEightPeriod

  /// How far the first body is from its start after one period of 400 steps.
  @Test(arguments: [("verlet", 3.15e-4), ("yoshida4", 3.62e-6), ("rk4", 1.70e-7)])
  func closesAsFarAsTheMethodLetsIt(name: String, closure: Double) throws {
    let eight = Problem.figureEight
    let end = try eight.state(IntegrationMethods.named(name), .fixed(step: Self.T / 400), at: Self.T)
    let distance = Double.hypot(end.q[0] - eight.initial.q[0], end.q[1] - eight.initial.q[1])
    #expect(abs(distance / closure - 1) < 0.02, "\(distance)")
  }

  /// What is left where the method errs by less than rounding: 4e-14, and by GSL's order-8 method some 2e-12.
  @Test func closesToRounding() throws {
    let eight = Problem.figureEight
    let exact = try eight.state(.kahanLi8, .fixed(step: Self.T / 400), at: Self.T)
    #expect(exact.distance(to: eight.initial) < 6e-14)
    let adaptive = try eight.state(.gslRK8PD, .adaptive(tolerance: 1e-12), at: Self.T)
    #expect(adaptive.distance(to: eight.initial) < 3e-12)
  }

  /// A hundred periods of 400 steps; the error of RK4 is one that grows, and it loses L too.
  @Test(arguments: [("verlet", 1.48e-4), ("yoshida4", 4.36e-8), ("rk4", 2.6e-6)])
  func energyOverAHundredPeriods(name: String, energyError: Double) throws {
    let method = try IntegrationMethods.named(name)
    let run = try Problem.figureEight.trajectory(
      method, .fixed(step: Self.T / 400), end: 100 * Self.T, frames: 40_001)
    let errors = run.diagnostics.map(\.dH.magnitude)
    let worst = try #require(errors.max())
    #expect(abs(worst / energyError - 1) < 0.01, "\(worst)")
    let first = try #require(errors.prefix(20_000).max())
    #expect(abs(worst / first - (method.isSymplectic ? 1 : 2)) < 0.01)
    let P = run.diagnostics.flatMap(\.P).map(\.magnitude).max() ?? 1
    let L = run.diagnostics.flatMap(\.L).map(\.magnitude).max() ?? 1
    #expect(P < 1e-13)
    #expect(method.isSymplectic ? L < 1e-13 : abs(L / 3.6e-9 - 1) < 0.02, "\(L)")
  }

  @Test func energyOverAHundredPeriodsByOrderEight() throws {
    let run = try Problem.figureEight.trajectory(
      .kahanLi8, .fixed(step: Self.T / 400), end: 100 * Self.T, frames: 40_001)
    #expect((run.diagnostics.map(\.dH.magnitude).max() ?? 1) < 1.2e-13)
  }

  /// Its momenta, rounded in 17 stages a step: by chance, and so the median of five steps.
  @Test func momentaOverAHundredPeriodsByOrderEight() throws {
    let worst = try [398.0, 399, 400, 401, 402].map { n -> (P: Double, L: Double) in
      let h = Self.T / n
      let run = try Problem.figureEight.trajectory(
        .kahanLi8, .fixed(step: h), end: 40_000 * h, frames: 40_001)
      return (
        run.diagnostics.flatMap(\.P).map(\.magnitude).max() ?? .nan,
        run.diagnostics.flatMap(\.L).map(\.magnitude).max() ?? .nan
      )
    }
    #expect(worst.map(\.P).sorted()[2] < 1e-13 && worst.map(\.L).sorted()[2] < 1e-13, "\(worst)")
  }

  /// Eight digits, as they are printed most often, close to 3e-8 at best; the energies at the end, after 400 steps.
  @Test(arguments: [("gauss2", 1.3e-3, 4e-9), ("gauss4", 1.3e-7, 3e-15)])
  func eightDigits(name: String, closure: Double, energyError: Double) throws {
    let (x, y, u, v) = (0.97000436, -0.24308753, -0.93240737, -0.86473146)
    let T = 6.32591398
    let eight = Problem(
      "eight digits", Problem.figureEight.system,
      PhaseState(q: [x, y, -x, -y, 0, 0], p: [-u / 2, -v / 2, -u / 2, -v / 2, u, v]))
    let run = try eight.trajectory(IntegrationMethods.named(name), .fixed(step: T / 400), end: T, frames: 401)
    let end = try #require(run.frames.last).state
    let distance = zip(end.q, eight.initial.q).map { ($0 - $1).magnitude }.max() ?? 1
    #expect(distance < 1.1 * closure && distance > 0.5 * closure, "\(distance)")
    #expect((run.diagnostics.last?.dH.magnitude ?? 1) < energyError)
  }

  @Test func nearestApproach() throws {
    let run = try Problem.figureEight.trajectory(
      .kahanLi8, .fixed(step: Self.T / 4000), end: Self.T, frames: 4001)
    let nearest = run.frames.compactMap { ClosestPair(at: $0.state.q.span, of: run.bodies)?.distance }.min()
    #expect(abs((nearest ?? 0) - 0.6905) < 5e-5, "\(nearest ?? 0)")
  }
}

/// The Pythagorean problem in its closest encounter and at its end.
@Suite struct PythagoreanTests {
  /// Masses 4 and 5 come within 4.1e-4 of each other at t = 15.8299.
  @Test func closestEncounter() throws {
    let before = try Problem.pythagorean.state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: 15.8298)
    let run = try Problem("encounter", Problem.pythagorean.system, before)
      .trajectory(.gslRK8PD, .adaptive(tolerance: 1e-13), end: 2e-4, frames: 4001)
    let pairs = run.frames.compactMap { frame in
      ClosestPair(at: frame.state.q.span, of: run.bodies).map { (t: 15.8298 + frame.t, pair: $0) }
    }
    let nearest = try #require(pairs.min { $0.pair.distance < $1.pair.distance })
    #expect(abs(nearest.pair.distance / 4.1e-4 - 1) < 0.02, "\(nearest.pair.distance)")
    #expect(abs(nearest.t - 15.8299) < 5e-5, "\(nearest.t)")
    #expect(nearest.pair.i == 1 && nearest.pair.j == 2)
  }

  /// What is left of 4 and 5 at t = 70: positions are lost by then, but the ellipse is known to a few parts in a hundred.
  @Test func theBinaryThatRemains() throws {
    let end = try Problem.pythagorean.state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: 70)
    let r = SIMD2(end.q[4], end.q[5]) - SIMD2(end.q[2], end.q[3])
    let v = SIMD2(end.p[4], end.p[5]) / 5 - SIMD2(end.p[2], end.p[3]) / 4
    // Vis-viva, v² = μ(2/r − 1/a), and L² = μa(1 − e²), with μ = 4 + 5.
    let speed² = (v * v).sum()
    let a = 1 / (2 / (r * r).sum().squareRoot() - speed² / 9)
    let L = r.x * v.y - r.y * v.x
    let e = (1 - L * L / (9 * a)).squareRoot()
    #expect(abs(a / 0.552494885791 - 1) < 4e-2, "\(a)")
    #expect(abs(e - 0.988710002759) < 1e-3, "\(e)")
  }
}
