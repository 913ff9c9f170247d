// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

/// What is read from a motion beside energies and momenta, on motions that are known.
@Suite struct MotionTests {
  private func columns(
    _ problem: Problem, _ run: Trajectory, modes: Int? = nil
  ) throws -> [String: [Double]] {
    var account = try MotionAccount(of: problem.system, from: run.frames[0], modes: modes)
    let rows = run.frames.map { account.row($0) }
    return Dictionary(
      uniqueKeysWithValues: account.names.enumerated().map { column, name in
        (name, rows.map { $0.values[column] })
      })
  }

  /// The eccentricity vector stands still in the true motion; Störmer-Verlet turns it, by the same angle in every round, and to a
  /// quarter of it with half the step.
  @Test func verletTurnsKeplersEllipse() throws {
    func apsis(_ method: IntegrationMethod, _ n: Int) throws -> (angle: Double, halfway: Double, e: Double) {
      let run = try Problem.kepler.trajectory(
        method, .fixed(step: 2 * Double.pi / Double(n)), end: 20 * .pi, frames: 11)
      let table = try columns(.kepler, run)
      let (x, y) = (try column("e_x", of: table), try column("e_y", of: table))
      let angle = try column("apsis", of: table)
      return (angle[10], angle[5], (x[10] * x[10] + y[10] * y[10]).squareRoot())
    }
    let coarse = try apsis(.verlet, 1000)
    let fine = try apsis(.verlet, 2000)
    let exact = try apsis(.yoshida8, 2000)
    #expect(abs(coarse.halfway / coarse.angle - 0.5) < 1e-2)
    #expect(abs(coarse.angle / fine.angle - 4) < 0.1)
    #expect(abs(fine.angle) > 1e-4 && abs(coarse.e - 0.6) < 1e-3)
    #expect(abs(exact.angle) < 1e-9 && abs(exact.e - 0.6) < 1e-9)
  }

  /// (3, 4)-shaped pericentres in space, of two free bodies on the move: e points at the pericentre and is as long as the eccentricity.
  @Test func eccentricityPointsAtThePericentre() throws {
    let (m₁, m₂, e, a) = (2.0, 0.5, 0.3, 1.5)
    let μ = 1.7 * (m₁ + m₂)
    // At the pericentre: r = a(1 − e), v² = μ/a (1 + e)/(1 − e), at right angles.
    let (r, v) = (a * (1 - e), (μ / a * (1 + e) / (1 - e)).squareRoot())
    let (along, across) = ([0.6, 0, 0.8], [0.0, 1, 0])
    let drift = [0.3, -0.2, 0.1]
    let q = (0..<3).map { -m₂ / (m₁ + m₂) * r * along[$0] } + (0..<3).map { m₁ / (m₁ + m₂) * r * along[$0] }
    let p =
      (0..<3).map { m₁ * (drift[$0] - m₂ / (m₁ + m₂) * v * across[$0]) }
      + (0..<3).map { m₂ * (drift[$0] + m₁ / (m₁ + m₂) * v * across[$0]) }
    let problem = Problem(
      "binary", GravitySystem(bodies: Bodies(dimension: 3, masses: [m₁, m₂]), G: 1.7, softening: 0),
      PhaseState(q: q, p: p))
    let run = try problem.trajectory(.gslRK8PD, .adaptive(tolerance: 1e-12), end: 9, frames: 12)
    let table = try columns(problem, run)
    for k in run.frames.indices {
      for (axis, name) in ["e_x", "e_y", "e_z"].enumerated() {
        #expect(abs(try column(name, of: table)[k] - e * along[axis]) < 1e-10)
      }
      for (axis, name) in ["X_x", "X_y", "X_z"].enumerated() {
        #expect(abs(try column(name, of: table)[k] - drift[axis] * run.frames[k].t) < 1e-12)
      }
      #expect(try column("X_drift", of: table)[k] < 1e-12)
    }
    #expect(try column("min_distance", of: table)[0] == r)
  }

  /// A force from outside, the control, moves the centre of mass off its line.
  @Test func theCentreIsHeldAgainstUniformMotion() throws {
    let problem = Problem.cluster(seed: 3, dimension: 3, softening: 0.2)
    var run = try problem.trajectory(.verlet, .fixed(step: 1.0 / 256), end: 4, frames: 17)
    let drift = try column("X_drift", of: columns(problem, run))
    #expect((drift.max() ?? 1) < 1e-13)
    for k in run.frames.indices { run.frames[k].state.q[1] += 1e-3 * run.frames[k].t }
    #expect((try column("X_drift", of: columns(problem, run)).max() ?? 0) > 1e-4)
  }

  /// A Plummer sphere is made in virial equilibrium: T/|V| = 1/2 at the start by construction, near it later; one that starts from rest is not.
  @Test func plummerStaysVirial() throws {
    let scenario = try Scenario.load(scenarioFolder + "/plummer.yaml")
    let system = try #require(scenario.systems().first)
    let law = try system.system.separable()
    let problem = Problem("plummer", law, system.initial)
    let run = try problem.trajectory(.gslRK8PD, .adaptive(tolerance: 1e-8), end: 1, frames: 21)
    let ratio = try column("virial_ratio", of: columns(problem, run))
    #expect(abs(ratio[0] - 0.5) < 1e-12)
    #expect(ratio.allSatisfy { abs($0 - 0.5) < 0.1 })
    let V = law.potentialEnergy(at: system.initial.q.span)
    #expect(abs(law.kineticEnergy(of: system.initial.p.span) / -V - ratio[0]) < 1e-12)
    let cold = Problem("cold", law, PhaseState(q: system.initial.q, p: system.initial.p.map { 0.1 * $0 }))
    let still = try cold.trajectory(.gslRK8PD, .adaptive(tolerance: 1e-8), end: 0.1, frames: 2)
    #expect(abs(try column("virial_ratio", of: columns(cold, still))[0] - 0.005) < 1e-10)
  }

  /// The oscillator: ½ on average, 0 and ∞ by turns at its turning points and its middle.
  @Test func virialOfAnOscillatorIsAHalfOnAverage() throws {
    let problem = Problem.oscillator(ω: 1)
    let run = try problem.trajectory(.yoshida4, .fixed(step: 2 * .pi / 1000), end: 2 * .pi, frames: 1001)
    var (T, G) = (0.0, 0.0)
    let ratio = try column("virial_ratio", of: columns(problem, run))
    for (frame, value) in zip(run.frames.dropLast(), ratio) {
      let kinetic = problem.system.kineticEnergy(of: frame.state.p.span)
      T += kinetic
      G += kinetic / value
    }
    #expect(abs(T / G - 0.5) < 1e-4)
  }

  /// An energy per mode that adds up to H where α = 0; the modes of Fermi's chain by the figures of two other methods.
  @Test func modesOfAChain() throws {
    let n = 31
    let chain = ChainSystem(
      bodies: Bodies(dimension: 1, masses: Array(repeating: 2.5, count: n)), stiffness: 3, alpha: 0, beta: 0)
    var random = SeededGenerator(seed: 3)
    let state = PhaseState(q: (0..<n).map { _ in random.normal() }, p: (0..<n).map { _ in random.normal() })
    let modes = try #require(ModeEnergies(of: chain, count: n))
    #expect(abs(modes(state).reduce(0, +) / chain.energy(of: state) - 1) < 1e-13)
    #expect(ModeEnergies(of: chain, count: n + 1) == nil)
    #expect(ModeEnergies(of: Problem.kepler.system, count: 1) == nil)
    let unequal = ChainSystem(
      bodies: Bodies(dimension: 1, masses: [1, 2]), stiffness: 1, alpha: 0, beta: 0)
    #expect(ModeEnergies(of: unequal, count: 1) == nil)
  }
}

/// A column that must be there.
private func column(_ name: String, of table: [String: [Double]]) throws -> [Double] {
  try #require(table[name], "\(name)")
}
