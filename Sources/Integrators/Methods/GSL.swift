// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension IntegrationMethod {
  /// GSL's Runge–Kutta method of order 4, by step doubling.
  public static let gslRK4 = IntegrationMethod(
    name: "gsl-rk4", order: 4, gsl: .rk4,
    summary: """
      GSL's rk4 with error control: the classic Runge–Kutta method, the error estimated by taking every step \
      also as two halves, and going on with the halves. Twelve forces per step; robust, seldom the fastest.
      """)

  /// GSL's Runge–Kutta–Fehlberg pair.
  public static let gslRKF45 = IntegrationMethod(
    name: "gsl-rkf45", order: 5, gsl: .rkf45,
    summary: """
      GSL's rkf45: the Runge–Kutta–Fehlberg pair of orders 4 and 5, going on with the higher. Six forces per \
      step; good at tolerances down to about 1e-8.
      """)

  /// GSL's Prince–Dormand pair.
  public static let gslRK8PD = IntegrationMethod(
    name: "gsl-rk8pd", order: 8, gsl: .rk8pd,
    summary: """
      GSL's rk8pd: the Runge–Kutta pair of orders 8 and 7 by Prince & Dormand (1981). Thirteen forces per \
      step; the method of choice for reference solutions, at tolerances of 1e-10 to 1e-14. Not symplectic: \
      the energy drifts, slowly, at the size of the tolerance.
      """)
}
