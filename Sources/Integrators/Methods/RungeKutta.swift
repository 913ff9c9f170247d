// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension IntegrationMethod {
  /// The classic Runge–Kutta method.
  public static let rk4 = IntegrationMethod(
    name: "rk4", order: 4, rungeKutta: .classic4,
    summary: """
      The classic Runge–Kutta method (Kutta 1901): four forces per step, order 4. Not symplectic: the energy \
      drifts, in proportion to time. Good for short runs and as a control beside the symplectic methods.
      """)

  /// Kutta's 3/8 rule.
  public static let rk4ThreeEighths = IntegrationMethod(
    name: "rk4-38", order: 4, rungeKutta: .threeEighths,
    summary: """
      Kutta's 3/8 rule (Kutta 1901): four forces per step, order 4. Not symplectic: the energy drifts, in \
      proportion to time. It is what torchdiffeq calls rk4, and so what the LieConv spring data were made with.
      """)
}
