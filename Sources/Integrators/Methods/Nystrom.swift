// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension IntegrationMethod {
  /// Nyström's method of order 4.
  public static let nystrom4 = IntegrationMethod(
    name: "nystrom4", order: 4, nystrom: .nystrom4,
    summary: """
      Nyström's method for forces that depend on positions alone (Nyström 1925): three forces per step, order 4, \
      where Runge–Kutta methods of that order need four. Not symplectic: the energy drifts, in proportion to \
      time. As the integrator of a training loss it may step over several data points at once.
      """)
}
