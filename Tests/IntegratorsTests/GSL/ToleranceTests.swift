// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// What GSL's steppers lose by steps that a tolerance chooses: energy errors on Kepler's ellipse over a hundred orbits.
@Suite struct ToleranceTests {
  /// GSL's own driver, looked at once an orbit, from the first step given: as measured by a program in C with GSL 2.7.1, so that this
  /// library is no other. A number that depends much on the first step is chance: rk8pd at 1e-9 loses a hundred times as much from another.
  @Test(arguments: [
    ("gsl-rkf45", 1e-6, 1e-3, 1.6e-3), ("gsl-rkf45", 1e-9, 1e-3, 2.5e-6), ("gsl-rkf45", 1e-12, 1e-3, 2.7e-9),
    ("gsl-rk8pd", 1e-6, 1e-3, 8.5e-6), ("gsl-rk8pd", 1e-9, 1e-3, 9.0e-10),
    ("gsl-rk8pd", 1e-12, 1e-3, 2.2e-11),
    ("gsl-msadams", 1e-6, 1e-3, 1.7e-2), ("gsl-msadams", 1e-9, 1e-3, 1.4e-5),
    ("gsl-msadams", 1e-12, 1e-3, 5.9e-9),
    ("gsl-msbdf", 1e-6, 1e-3, 4.1e-2), ("gsl-msbdf", 1e-9, 1e-2, 4.1e-5), ("gsl-msbdf", 1e-12, 1e-3, 1.3e-7),
  ])
  func theDriversOwn(name: String, tolerance: Double, first: Double, energyError: Double) throws {
    let errors = try KeplerByDriver.energyErrors(name, tolerance: tolerance, first: first, at: .orbits)
    let worst = try #require(errors.max())
    #expect(abs(worst / energyError - 1) < 0.035, "\(worst)")
  }

  /// Ours measure bodies where the driver measures every number by itself, so that steps differ: by as much as here, once an orbit. The
  /// errors are those of the driver's steps within what they differ by from one first step to the next, and a factor of 2.
  @Test(arguments: [
    ("gsl-rkf45", 1e-6, 1.234e-3), ("gsl-rkf45", 1e-9, 1.871e-6), ("gsl-rkf45", 1e-12, 2.090e-9),
    ("gsl-rk8pd", 1e-6, 2.223e-5), ("gsl-rk8pd", 1e-9, 2.002e-8), ("gsl-rk8pd", 1e-12, 1.976e-11),
    ("gsl-msadams", 1e-6, 1.264e-2), ("gsl-msadams", 1e-9, 1.665e-5), ("gsl-msadams", 1e-12, 1.176e-8),
    ("gsl-msbdf", 1e-6, 1.211e-2), ("gsl-msbdf", 1e-9, 4.220e-5), ("gsl-msbdf", 1e-12, 1.268e-7),
  ])
  func energyDriftsAsWithGSLsOwnDriver(name: String, tolerance: Double, energyError: Double) throws {
    let run = try Problem.kepler.trajectory(
      IntegrationMethods.named(name), .adaptive(tolerance: tolerance), end: 200 * Double.pi, frames: 101)
    let errors = run.diagnostics.map(\.dH.magnitude)
    let worst = try #require(errors.max())
    #expect(abs(worst / energyError - 1) < 0.05, "\(worst)")
    let drivers = try [1e-6, 1e-4, 1e-3, 1e-2].map {
      try KeplerByDriver.energyErrors(name, tolerance: tolerance, first: $0, at: .steps).max() ?? .nan
    }
    let (least, most) = (drivers.min() ?? .nan, drivers.max() ?? .nan)
    #expect(worst < 2 * most && worst > least / 2, "\(worst), \(drivers)")
    // In proportion to time.
    #expect(worst > 1.5 * (errors.prefix(51).max() ?? 1))
  }
}
