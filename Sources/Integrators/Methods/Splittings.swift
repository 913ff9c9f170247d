// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension IntegrationMethod {
  /// Störmer–Verlet.
  public static let verlet = IntegrationMethod(
    name: "verlet", order: 2, splitting: .verlet,
    summary: """
      Störmer–Verlet, kick–drift–kick: half a kick, a drift, half a kick; one force per step, order 2. \
      Symplectic and reversible, so the energy error stays bounded over any time, and it conserves linear and \
      angular momentum to round-off. Stable on oscillators only while step × frequency < 2.
      """)

  /// Yoshida's composition of order 4.
  public static let yoshida4 = IntegrationMethod(
    name: "yoshida4", order: 4, splitting: .yoshida4,
    summary: """
      Yoshida's triple jump (Yoshida 1990): three Verlet steps of γ, 1 − 2γ and γ with γ = 1/(2 − 2^⅓), the \
      middle one backward; three forces per step, order 4. Symplectic and reversible like Verlet, and better \
      than it wherever the step is short beside the fastest motion.
      """)
}
