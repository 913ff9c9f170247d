// SPDX-License-Identifier: GPL-3.0-or-later

import CGSL
import RealModule

/// A hundred orbits of Kepler's ellipse, e = 0.6, by GSL's own driver and nothing of ours: the reference for our use of its steppers.
enum KeplerByDriver {
  private static let steppers = [
    "gsl-rkf45": noether_gsl_rkf45, "gsl-rk8pd": noether_gsl_rk8pd, "gsl-msadams": noether_gsl_msadams,
    "gsl-msbdf": noether_gsl_msbdf,
  ]

  enum Looks {
    case orbits
    case steps
  }

  /// |H/H₀ − 1| of (q, p) = (0.4, 0, 0, 2) with eps_abs = eps_rel = `tolerance` and the first step `h`, after every orbit or step.
  static func energyErrors(_ name: String, tolerance: Double, first h: Double, at looks: Looks) throws
    -> [Double]
  {
    var system = gsl_odeiv2_system(
      function: { _, y, f, _ in
        guard let y, let f else { return Int32(GSL_EBADFUNC) }
        let r = Double.hypot(y[0], y[1])
        (f[0], f[1], f[2], f[3]) = (y[2], y[3], -y[0] / (r * r * r), -y[1] / (r * r * r))
        return Int32(GSL_SUCCESS)
      },
      jacobian: { _, y, J, ft, _ in
        guard let y, let J, let ft else { return Int32(GSL_EBADFUNC) }
        let r = Double.hypot(y[0], y[1])
        for index in 0..<16 { J[index] = 0 }
        for index in 0..<4 { ft[index] = 0 }
        (J[2], J[7]) = (1, 1)
        // ∂Fᵢ/∂qⱼ = 3qᵢqⱼ/r⁵ − δᵢⱼ/r³
        for i in 0..<2 {
          for j in 0..<2 {
            J[8 + 4 * i + j] = 3 * y[i] * y[j] / (r * r * r * r * r) - (i == j ? 1 / (r * r * r) : 0)
          }
        }
        return Int32(GSL_SUCCESS)
      },
      dimension: 4, params: nil)
    return try withUnsafeMutablePointer(to: &system) { system in
      guard let driver = gsl_odeiv2_driver_alloc_y_new(system, steppers[name]?(), h, tolerance, tolerance)
      else {
        throw Failure()
      }
      defer { gsl_odeiv2_driver_free(driver) }
      var (t, y, errors) = (0.0, [0.4, 0, 0, 2.0], [Double]())
      let end = 200 * Double.pi
      func note() {
        errors.append(abs((y[2] * y[2] + y[3] * y[3]) / 2 - 1 / Double.hypot(y[0], y[1]) + 0.5) / 0.5)
      }
      var h = h
      while t < end {
        let status =
          switch looks {
          case .orbits:
            gsl_odeiv2_driver_apply(driver, &t, min(2 * Double.pi * Double(errors.count + 1), end), &y)
          case .steps:
            gsl_odeiv2_evolve_apply(
              driver.pointee.e, driver.pointee.c, driver.pointee.s, system, &t, end, &h, &y)
          }
        guard status == Int32(GSL_SUCCESS) else { throw Failure() }
        note()
      }
      return errors
    }
  }

  struct Failure: Error {}
}
