// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The explicit methods of GSL.
extension IntegrationMethod {
  /// GSL's Runge–Kutta pair of orders 2 and 3.
  public static let gslRK2 = IntegrationMethod(
    name: "gsl-rk2", order: 3, gsl: .rk2,
    summary: """
      GSL's rk2, a Runge–Kutta pair of orders 2 and 3: it goes on with the higher, so that its order is 3, whatever \
      its name. Three forces per step; for low accuracy, and as a control.
      """)

  /// GSL's Runge–Kutta method of order 4, by step doubling.
  public static let gslRK4 = IntegrationMethod(
    name: "gsl-rk4", order: 4, gsl: .rk4,
    summary: """
      GSL's rk4, the classic Runge–Kutta method: the error is estimated by taking every step also as two halves, \
      going on with the halves. Twelve forces per step, with a fixed step too, and there about a thirtieth of the \
      energy error of rk4; robust, seldom the fastest.
      """)

  /// GSL's Runge–Kutta–Fehlberg pair.
  public static let gslRKF45 = IntegrationMethod(
    name: "gsl-rkf45", order: 5, gsl: .rkf45,
    summary: """
      GSL's rkf45, the Runge–Kutta–Fehlberg pair of orders 4 and 5: it goes on with the higher. Six forces per \
      step; good at tolerances down to about 1e-8.
      """)

  /// GSL's Cash–Karp pair.
  public static let gslRKCK = IntegrationMethod(
    name: "gsl-rkck", order: 5, gsl: .rkck,
    summary: """
      GSL's rkck, the Runge–Kutta pair of orders 4 and 5 by Cash & Karp (1990): it goes on with the higher. Six \
      forces per step; of the size of rkf45, often somewhat more exact.
      """)

  /// GSL's Prince–Dormand pair.
  public static let gslRK8PD = IntegrationMethod(
    name: "gsl-rk8pd", order: 8, gsl: .rk8pd,
    summary: """
      GSL's rk8pd, the Runge–Kutta pair of orders 8 and 7 by Prince & Dormand (1981): thirteen forces per step; \
      the method of choice for reference solutions, at tolerances of 1e-10 to 1e-14. Not symplectic: \
      the energy drifts, slowly, at the size of the tolerance.
      """)
}

/// The implicit methods of GSL, which solve their equations with the Jacobian of the law.
extension IntegrationMethod {
  /// GSL's implicit Euler method.
  public static let gslRK1Imp = IntegrationMethod(
    name: "gsl-rk1imp", order: 1, gsl: .rk1imp,
    summary: """
      GSL's rk1imp, implicit Euler: each step also as two halves, going on with the halves. Order 1, by Newton's \
      method on the Jacobian of the law. It damps whatever it cannot resolve: for stiff systems whose energy is of no \
      concern, and as the control that loses energy.
      """)

  /// GSL's implicit midpoint rule.
  public static let gslRK2Imp = IntegrationMethod(
    name: "gsl-rk2imp", order: 2, gsl: .rk2imp,
    summary: """
      GSL's rk2imp, the implicit midpoint rule: each step also as two halves, going on with the halves, by Newton's \
      method on the Jacobian of the law. Order 2; with a fixed step symplectic and reversible, as gauss2 of half that \
      step; with a tolerance neither, and the energy drifts.
      """)

  /// GSL's Gauss method of order 4.
  public static let gslRK4Imp = IntegrationMethod(
    name: "gsl-rk4imp", order: 4, gsl: .rk4imp,
    summary: """
      GSL's rk4imp, Gauss's method with two stages: each step also as two halves, going on with the halves, by \
      Newton's method on the Jacobian of the law. Order 4; with a fixed step symplectic and reversible, as gauss4 of \
      half that step; with a tolerance neither, and the energy drifts.
      """)

  /// GSL's Bulirsch–Stoer method of Bader and Deuflhard.
  public static let gslBSImp = IntegrationMethod(
    name: "gsl-bsimp", order: 12, gsl: .bsimp,
    summary: """
      GSL's bsimp, the Bulirsch–Stoer method of Bader & Deuflhard (1983): extrapolation of a linearly implicit \
      midpoint rule, with the Jacobian of the law. For stiff systems at high accuracy. With a fixed step the run ends \
      where the extrapolation fails.
      """)
}

/// The multistep methods of GSL. They begin anew every thousand steps, so that runs can be resumed.
extension IntegrationMethod {
  /// GSL's Adams method.
  public static let gslMSAdams = IntegrationMethod(
    name: "gsl-msadams", order: 12, gsl: .msadams,
    summary: """
      GSL's msadams, the Adams–Bashforth–Moulton method of variable order: up to 12, in Nordsieck form. Few forces per \
      step: for forces that are expensive. Its error is larger than its tolerance suggests.
      """)

  /// GSL's BDF method.
  public static let gslMSBDF = IntegrationMethod(
    name: "gsl-msbdf", order: 5, gsl: .msbdf,
    summary: """
      GSL's msbdf, backward differentiation of variable order: up to 5, in Nordsieck form, with the Jacobian of the \
      law. For stiff systems; it damps oscillations, and so loses energy.
      """)
}
