// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

@Suite(.needs("JPL Horizons tables", Horizons.constants, Horizons.table))
struct EphemerisTests {
  /// The largest distance of each body from the table between the epoch and `days` after it (before it, where
  /// negative: then the momenta are turned round and the model is run forward).
  private func worstDistances(
    from problem: Problem, _ horizons: Horizons, days: Double, _ method: IntegrationMethod,
    _ stepping: Stepping
  ) throws -> (worst: [Double], compared: Int) {
    let backward = days < 0
    let start = backward ? problem.reversed : problem
    let positions = Dictionary(uniqueKeysWithValues: horizons.rows.map { ($0.date, $0.q) })
    var worst = [Double](repeating: 0, count: Horizons.names.count)
    var compared = 0
    _ = try integrate(
      problem.system, from: start.initial, method: method, stepping: stepping,
      plan: FramePlan(start: 0, end: days.magnitude, every: 50, stepping: stepping)
    ) { frame, _ in
      let date = horizons.epoch + (backward ? -frame.t : frame.t)
      guard let expected = positions[date] else { return }
      compared += 1
      for body in worst.indices {
        let square = (3 * body..<3 * body + 3).reduce(0.0) { sum, index in
          let Δ = frame.state.q[index] - expected[index]
          return sum + Δ * Δ
        }
        worst[body] = max(worst[body], square.squareRoot())
      }
    }
    return (worst, compared)
  }

  /// A hundred years from 1999 on and back to 1900: every planet within 1e-5 AU, 1500 km, of the ephemeris.
  @Test(arguments: [36_300.0, -36_350.0])
  func planetsKeepToTheEphemeris(days: Double) throws {
    let horizons = try Horizons()
    let (worst, compared) = try worstDistances(
      from: horizons.fitted, horizons, days: days, .gslRK8PD, .adaptive(tolerance: 1e-13))
    #expect(compared == Int(days.magnitude) / 50 + 1)
    for (name, distance) in zip(Horizons.names, worst) {
      #expect(distance < 1e-5, "\(name) strays by \(distance) AU")
      #expect(distance > 1e-8, "\(name) is compared with itself")
    }
  }

  /// A symplectic method of order 4 with steps of five days does as well, within the fit.
  @Test func yoshidaKeepsToTheEphemeris() throws {
    let horizons = try Horizons()
    let (worst, _) = try worstDistances(
      from: horizons.fitted, horizons, days: 36_300, .yoshida4, .fixed(step: 5))
    for distance in worst { #expect(distance < 1e-5) }
  }

  /// From the planets' centres instead, which their moons make wobble, the same model goes astray.
  @Test func unfittedStartGoesAstray() throws {
    let horizons = try Horizons()
    let (worst, _) = try worstDistances(
      from: horizons.unfitted, horizons, days: 36_300, .gslRK8PD, .adaptive(tolerance: 1e-13))
    #expect(worst[1] > 1e-3)
  }
}
