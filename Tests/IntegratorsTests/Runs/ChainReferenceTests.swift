// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

/// Chains against closed forms and published figures.
@Suite struct ChainReferenceTests {
  private static let N = 32

  private static func chain(alpha: Double, mode: Int, amplitude: Double = 1) -> Problem {
    Problem(
      "chain",
      ChainSystem(
        bodies: Bodies(dimension: 1, masses: Array(repeating: 1, count: N - 1)), stiffness: 1, alpha: alpha,
        beta: 0),
      PhaseState(
        q: (1..<N).map { amplitude * Double.sin(.pi * Double(mode * $0) / Double(N)) },
        p: Array(repeating: 0, count: N - 1)))
  }

  /// E_k = ½ (ȧ_k² + ω_k² a_k²), a_k = √(2/N) Σ x_i sin(πki/N), ω_k = 2 sin(πk/2N).
  private static func modeEnergy(_ k: Int, of state: PhaseState) -> Double {
    func amplitude(_ x: [Double]) -> Double {
      (2.0 / Double(N)).squareRoot()
        * x.indices.reduce(0) { $0 + x[$1] * Double.sin(.pi * Double(k * ($1 + 1)) / Double(N)) }
    }
    let ω = 2 * Double.sin(.pi * Double(k) / Double(2 * N))
    let (a, b) = (amplitude(state.q), amplitude(state.p))
    return (b * b + ω * ω * a * a) / 2
  }

  /// x_i = sin(πki/N) cos ω_k t, ω_3 = 0.293460948910723; to 1.3e-14 by Kahan and Li's method with h = 0.1.
  @Test(arguments: [
    (IntegrationMethod.gslRK8PD, Stepping.adaptive(tolerance: 1e-13), 1e-10),
    (.kahanLi8, .fixed(step: 0.1), 3e-14),
  ])
  func normalModesAreHarmonic(method: IntegrationMethod, stepping: Stepping, error: Double) throws {
    let problem = Self.chain(alpha: 0, mode: 3)
    let end = try problem.state(method, stepping, at: 100)
    let ω = 2 * Double.sin(3 * .pi / 64)
    #expect(abs(ω - 0.293460948910723) < 1e-15)
    for (x, start) in zip(end.q, problem.initial.q) {
      #expect(abs(x - start * Double.cos(100 * ω)) < error, "\(x - start * Double.cos(100 * ω))")
    }
  }

  /// Störmer–Verlet on a mode is exact with the frequency 2 asin(hω/2)/h, and p² + ω²q²(1 − h²ω²/4) is conserved
  /// (Hairer, Lubich & Wanner, IX.3): there is no error of the method, and a wrong factor shows at once.
  @Test func verletHasItsOwnFrequency() throws {
    let problem = Self.chain(alpha: 0, mode: 3)
    let (h, ω) = (0.5, 2 * Double.sin(3 * .pi / 64))
    let run = try problem.trajectory(.verlet, .fixed(step: h), end: 5000, frames: 101)
    let own = 2 * Double.asin(h * ω / 2) / h
    func modified(_ state: PhaseState) -> Double {
      zip(state.q, state.p).reduce(0) { $0 + $1.1 * $1.1 + ω * ω * $1.0 * $1.0 * (1 - h * h * ω * ω / 4) }
    }
    let first = modified(problem.initial)
    for frame in run.frames {
      #expect(abs(modified(frame.state) / first - 1) < 1e-12)
      #expect(abs(frame.state.q[4] - problem.initial.q[4] * Double.cos(own * frame.t)) < 1e-11)
    }
    #expect(abs(own - ω) * 5000 > 1, "the true frequency would be found out")
  }

  /// α = 0.25 from the first mode (two methods, GSL's of order 8 and Kahan–Li's, agree on these).
  @Test func energyGoesIntoTheSecondModeFirst() throws {
    let problem = Self.chain(alpha: 0.25, mode: 1)
    #expect(abs(problem.system.energy(of: problem.initial) - 0.07704437324484983) < 1e-16)
    let end = try problem.state(.gslRK8PD, .adaptive(tolerance: 1e-12), at: 100)
    let expected = [0.0767803138026, 0.000330867989449, 2.20163859494e-06, 3.07533721813e-08]
    let modes = try #require(ModeEnergies(of: problem.system, count: 4))
    let diagnosed = modes(end)
    for (k, E) in expected.enumerated() {
      #expect(abs(Self.modeEnergy(k + 1, of: end) / E - 1) < 1e-7)
      #expect(abs(diagnosed[k] / Self.modeEnergy(k + 1, of: end) - 1) < 1e-12)
    }
  }

  /// The recurrence: nearly all energy leaves the first mode, and 98.13 % are back after 146.45 of its periods.
  @Test func theFirstModeComesBack() throws {
    let problem = Self.chain(alpha: 0.25, mode: 1)
    let T = 2 * Double.pi / (2 * Double.sin(.pi / 64))
    #expect(abs(T - 64.0257093219178) < 1e-12)
    let run = try problem.trajectory(
      .yoshida4, .fixed(step: 160 * T / 110_000), end: 160 * T, frames: 5501)
    let H = problem.system.energy(of: problem.initial)
    let shares = run.frames.map { ($0.t / T, Self.modeEnergy(1, of: $0.state) / H) }
    let least = try #require(shares.map(\.1).min())
    #expect(abs(least - 0.0882) < 2e-3)
    #expect(abs(shares[0].1 - 1) < 1e-2)
    // The first time after that: no more than four fifths before, within a fifth of the time.
    let back = try #require(shares.dropFirst(500).max { $0.1 < $1.1 })
    #expect(abs(back.0 - 146.45) < 0.05 && abs(back.1 - 0.98127) < 2e-5, "\(back)")
    let earlier = shares.filter { $0.0 > 20 && $0.0 < 120 }.map(\.1).max() ?? 1
    #expect(earlier < 0.8, "\(earlier)")
  }

  /// m = 3, ω = 50 of Hairer, Lubich & Wanner, I.5.1: energies exchanged, their sum nearly constant.
  @Test func oscillatoryEnergyIsNearlyConserved() throws {
    let root = Double(2).squareRoot()
    let q = [(1 - 0.02) / root, (1 + 0.02) / root, 0, 0, 0, 0], p = [0, 2 / root, 0, 0, 0, 0]
    let system = StiffChainSystem(
      bodies: Bodies(dimension: 1, masses: Array(repeating: 1, count: 6)), omega: 50)
    let problem = Problem("stiff", system, PhaseState(q: q, p: p))
    #expect(abs(system.energy(of: problem.initial) - 2.00120008) < 1e-14)
    for (t, I) in [(1.0, 1.0058692868829204), (5, 0.9989609164000265), (10, 0.9819439827628004)] {
      let end = try problem.state(.gslRK8PD, .adaptive(tolerance: 1e-13), at: t)
      #expect(abs(system.oscillatoryEnergies(of: end).reduce(0, +) - I) < 1e-9)
    }
    // Over a long time with hω = 0.5: of the order of 1/ω.
    let run = try problem.trajectory(.verlet, .fixed(step: 0.01), end: 200, frames: 2001)
    let energies = run.frames.map { system.oscillatoryEnergies(of: $0.state) }
    #expect(energies.allSatisfy { abs($0.reduce(0, +) - 1) < 0.1 })
    #expect((energies.map { $0[1] }.max() ?? 0) > 0.5, "the second spring has had its turn")
  }
}
