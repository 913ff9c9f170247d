// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import RealModule
import TestSupport
import Testing

@testable import Integrators

/// The outer planets by coarse methods (Hairer, Lubich & Wanner, Geometric Numerical Integration, I.2.4), and as REBOUND's own tests
/// have them.
@Suite struct OuterPlanetsTests {
  /// The control that goes wrong in every way: explicit Euler, step 10 days, loses two thirds of the energy and half of L.
  @Test func explicitEulerLosesEnergyAndAngularMomentum() throws {
    let run = try Problem.outerSolarSystem.trajectory(
      .explicitEuler, .fixed(step: 10), end: 200_000, frames: 1001)
    let worst = try #require(run.diagnostics.map(\.dH.magnitude).max())
    #expect(abs(worst / 0.66 - 1) < 0.02, "\(worst)")
    func size(_ L: [Double]) -> Double { L.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let (first, last) = (run.diagnostics[0].L, run.diagnostics[1000].L)
    let loss = size(zip(first, last).map { $0 - $1 }) / size(first)
    #expect(abs(loss / 0.51 - 1) < 0.02, "\(loss)")
    #expect(run.diagnostics.allSatisfy { $0.dP < 1e-13 })
  }

  @Test func symplecticEulerSwings() throws {
    let run = try Problem.outerSolarSystem.trajectory(
      .symplecticEuler, .fixed(step: 100), end: 200_000, frames: 2001)
    let worst = try #require(run.diagnostics.map(\.dH.magnitude).max())
    #expect(abs(worst / 2.5e-2 - 1) < 0.02, "\(worst)")
    #expect(run.diagnostics.allSatisfy { $0.dP < 1e-13 && $0.dL < 1e-13 })
  }

  /// The Sun is given at rest, so that the whole moves: the centre of mass goes P₀t/M.
  @Test func theCentreOfMassMoves() throws {
    let problem = Problem.outerSolarSystem
    let P = (0..<3).map { axis in (0..<6).reduce(0) { $0 + problem.initial.p[3 * $1 + axis] } }
    for (a, b) in zip(P, [6.183816317477499e-06, -2.4382931595169407e-06, -1.225481789337085e-06]) {
      #expect(abs(a / b - 1) < 1e-13)
    }
    let end = try problem.state(.verlet, .fixed(step: 200), at: 200_000)
    let m = problem.system.bodies.masses
    let M = m.reduce(0, +)
    for axis in 0..<3 {
      func centre(_ q: [Double]) -> Double { (0..<6).reduce(0) { $0 + m[$1] * q[3 * $1 + axis] } / M }
      #expect(abs(centre(end.q) - centre(problem.initial.q) - 200_000 / M * P[axis]) < 1e-12)
    }
  }

  /// Sun, Jupiter, Saturn, Uranus and Neptune from JPL Horizons, in AU, years/2π and solar masses, about their centre of mass.
  private static let horizons: Problem = {
    let m = [
      1, 0.00095479191521124043, 0.00028588567272224167, 0.00004366243735831270, 0.00005151383772628674,
    ]
    var q = [
      -0.00583761661678666201, 0.00660036108188146939, 0.00008090699630593683, 2.31793441229397512160,
      -4.57278216881576948794, -0.03288979300198136002, 4.97984063350991323915, -8.66630842281542435046,
      -0.04756566088166765821, 15.62435177921100226683, 12.13892823277256738379, -0.15733112984491792741,
      29.39189844361883885426, -5.57834279640134234057, -0.56249012217889071685,
    ]
    var v = [
      -0.00043778026915688127, -0.00027688340567327781, 0.00001289781032896905, 0.38587103958050272823,
      0.21916457142972819994, -0.00954142828183331820, 0.26314427785251254255, 0.16073015466677914587,
      -0.01327326395768535505, -0.14195568334904265506, 0.16989920313154410758, 0.00247006450290807337,
      0.03281663353639149155, 0.18036894277947276843, -0.00447061619870956460,
    ]
    for axis in 0..<3 {
      let M = m.reduce(0, +)
      let centre = (0..<5).reduce(0) { $0 + m[$1] * q[3 * $1 + axis] } / M
      let drift = (0..<5).reduce(0) { $0 + m[$1] * v[3 * $1 + axis] } / M
      for body in 0..<5 {
        q[3 * body + axis] -= centre
        v[3 * body + axis] -= drift
      }
    }
    return Problem(
      "outer planets", GravitySystem(bodies: Bodies(dimension: 3, masses: m), G: 1, softening: 0),
      PhaseState(q: q, p: v.indices.map { m[$0 / 3] * v[$0] }))
  }()

  /// REBOUND's leapfrogs of the orders 2, 4, 6 and 8 are compositions of drift–kick–drift; they err by 9.1e-5, 1.7e-6, 1.0e-10 and 1.7e-14
  /// there. The latter two are those of McLachlan, SIAM J. Sci. Comput. 16 (1995) 151, table 1.
  @Test(arguments: [
    ([], 9.1e-5, 9.2e-5), ([1 / (2 - Double.pow(2, 1 / 3.0))], 1.65e-6, 1.75e-6),
    ([0.1867, 0.55549702371247839916, 0.12946694891347535806, -0.84326562338773460855], 0.95e-10, 1.05e-10),
    (
      [
        0.12886597938144329897, 0.58151408710525096243, -0.41017537146985013753, 0.18514693571658773265,
        -0.40955234342085141934, 0.14440594108001204106, 0.27833550039367965131, 0.31495668391629485789,
      ], 0.8e-14, 2.5e-14
    ),
  ])
  func leapfrogs(fractions half: [Double], least: Double, most: Double) throws {
    // Kicks for drifts and drifts for kicks make drift–kick–drift of kick–drift–kick.
    let substeps = SplittingTable(symmetricVerletFractions: half).substeps.map {
      substep -> SplittingTable.Substep in
      switch substep {
      case .kick(let c): .drift(c)
      case .drift(let c): .kick(c)
      }
    }
    let worst = try worstEnergyError(
      by: IntegrationMethod(
        name: "leapfrog", order: 2, splitting: SplittingTable(substeps: substeps), summary: "Leapfrog."))
    #expect(least < worst && worst < most, "\(worst)")
  }

  /// Ours of the same orders; kick–drift–kick errs by more than the leapfrog of order 4, and Kahan and Li's by less work than that of 6.
  @Test(arguments: [
    ("verlet-dkd", 9.1054e-5), ("yoshida4", 2.434e-6), ("yoshida6", 1.645e-9), ("kahan-li6", 2.068e-10),
    ("yoshida8", 5.47e-11),
  ])
  func staysAtTheErrorOfItsOrder(name: String, energyError: Double) throws {
    let worst = try worstEnergyError(by: IntegrationMethods.named(name))
    #expect(abs(worst / energyError - 1) < 0.01, "\(worst)")
  }

  /// Of order 8 by Kahan and Li little is left but rounding, and without that 1.5e-14.
  @Test func kahanLi8ReachesRounding() throws {
    let plain = try worstEnergyError(by: .kahanLi8)
    #expect(1e-14 < plain && plain < 4e-14, "\(plain)")
    let compensated = try worstEnergyError(by: .kahanLi8, compensated: true)
    #expect(abs(compensated / 1.52e-14 - 1) < 0.1, "\(compensated)")
  }

  private func worstEnergyError(by method: IntegrationMethod, compensated: Bool = false) throws -> Double {
    let problem = Self.horizons
    #expect(abs(problem.system.energy(of: problem.initial) / -0.00010874815249436959 - 1) < 1e-14)
    let run = try problem.trajectory(
      method, .fixed(step: 1), end: 1000, frames: 1001, compensated: compensated)
    #expect(run.diagnostics.allSatisfy { $0.dP < 1e-13 && $0.dL < 1e-13 })
    return try #require(run.diagnostics.map(\.dH.magnitude).max())
  }
}

extension IntegrationMethod {
  /// z ← z + h f(z): a control, and good for nothing else.
  static let explicitEuler = IntegrationMethod(
    name: "explicit-euler", order: 1, rungeKutta: RungeKuttaTable(a: [[]], b: [1]), summary: "Explicit Euler."
  )
}
