// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// What GSL's steppers lose by steps that a tolerance chooses.
@Suite struct ToleranceTests {
  /// Energy errors on Kepler's ellipse over a hundred orbits, beside those of GSL's own driver with eps_abs = eps_rel, looked at after
  /// each of its steps. That measures every number by itself where ours measures bodies, so that steps differ; once an orbit as here,
  /// its rk8pd loses less by chance, 8.5e-6 and 9.0e-10.
  @Test(arguments: [
    ("gsl-rkf45", 1e-6, 1.65e-3), ("gsl-rkf45", 1e-9, 2.5e-6), ("gsl-rkf45", 1e-12, 2.7e-9),
    ("gsl-rk8pd", 1e-6, 1.85e-5), ("gsl-rk8pd", 1e-9, 3.6e-8), ("gsl-rk8pd", 1e-12, 2.3e-11),
    ("gsl-msadams", 1e-6, 2.1e-2), ("gsl-msadams", 1e-9, 1.5e-5), ("gsl-msadams", 1e-12, 6.9e-9),
    ("gsl-msbdf", 1e-6, 3.3e-2), ("gsl-msbdf", 1e-9, 4.4e-5), ("gsl-msbdf", 1e-12, 1.4e-7),
  ])
  func energyDriftsAsWithGSLsOwnDriver(name: String, tolerance: Double, energyError: Double) throws {
    let run = try Problem.kepler.trajectory(
      IntegrationMethods.named(name), .adaptive(tolerance: tolerance), end: 200 * Double.pi, frames: 101)
    let errors = run.diagnostics.map(\.dH.magnitude)
    let worst = try #require(errors.max())
    #expect(worst < 2 * energyError && worst > energyError / 4, "\(worst)")
    // In proportion to time.
    #expect(worst > 1.5 * (errors.prefix(51).max() ?? 1))
  }
}
