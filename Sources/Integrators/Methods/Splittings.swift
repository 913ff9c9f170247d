// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension IntegrationMethod {
  /// Symplectic Euler.
  public static let symplecticEuler = IntegrationMethod(
    name: "symplectic-euler", order: 1, splitting: .symplecticEuler,
    summary: """
      Symplectic Euler, kick then drift: one force per step, order 1. The simplest symplectic method: the energy error \
      is large, but bounded, and momenta are conserved to round-off. Not reversible. For teaching, and as a control.
      """)

  /// Störmer–Verlet.
  public static let verlet = IntegrationMethod(
    name: "verlet", order: 2, splitting: .verlet,
    summary: """
      Störmer–Verlet, kick–drift–kick: half a kick, a drift, half a kick; one force per step, order 2. \
      Symplectic and reversible, so the energy error stays bounded over any time, and it conserves linear and \
      angular momentum to round-off. Stable on oscillators only while step × frequency < 2.
      """)

  /// Störmer–Verlet, the other way round.
  public static let verletDKD = IntegrationMethod(
    name: "verlet-dkd", order: 2, splitting: .verletDKD,
    summary: """
      Störmer–Verlet, drift–kick–drift: half a drift, a kick, half a drift, also called position Verlet or leapfrog; \
      one force per step, order 2. Symplectic and reversible, with the stability of verlet and errors of the same \
      size; as REBOUND's leapfrog has it.
      """)

  /// Yoshida's composition of order 4.
  public static let yoshida4 = IntegrationMethod(
    name: "yoshida4", order: 4, splitting: .yoshida4,
    summary: """
      Yoshida's triple jump (Yoshida 1990): three Verlet steps of γ, 1 − 2γ and γ with γ = 1/(2 − 2^⅓), the \
      middle one backward; three forces per step, order 4. Symplectic and reversible like Verlet, and better \
      than it wherever the step is short beside the fastest motion.
      """)

  /// Position extended Forest–Ruth-like.
  public static let pefrl = IntegrationMethod(
    name: "pefrl", order: 4, splitting: .pefrl,
    summary: """
      PEFRL, the position extended Forest–Ruth-like method (Omelyan, Mryglod & Folk 2002): four forces per step, \
      order 4, with coefficients chosen to make the error small. Symplectic and reversible; for the same work far \
      more exact than yoshida4.
      """)

  /// Blanes & Moan's splitting of order 4.
  public static let blanesMoan4 = IntegrationMethod(
    name: "blanes-moan4", order: 4, splitting: .blanesMoan4,
    summary: """
      Blanes and Moan's S₆ (Blanes & Moan 2002): six forces per step, order 4, with a hundredth of yoshida4's error at \
      the same step on Kepler's ellipse of eccentricity 0.6. Symplectic and reversible; the best of order 4 where steps may be long.
      """)

  /// Yoshida's composition of order 6.
  public static let yoshida6 = IntegrationMethod(
    name: "yoshida6", order: 6, splitting: .yoshida6,
    summary: """
      Yoshida's solution A of order 6 (Yoshida 1990): a symmetric composition of seven Verlet steps, seven forces per \
      step. Symplectic and reversible; kahan-li6 has smaller errors for little more work.
      """)

  /// Kahan & Li's composition of order 6.
  public static let kahanLi6 = IntegrationMethod(
    name: "kahan-li6", order: 6, splitting: .kahanLi6,
    summary: """
      Kahan and Li's composition of order 6 (Kahan & Li 1997): nine Verlet steps, nine forces per step, with small \
      coefficients and so small errors. Symplectic and reversible; a good choice for long and exact runs.
      """)

  /// Yoshida's composition of order 8.
  public static let yoshida8 = IntegrationMethod(
    name: "yoshida8", order: 8, splitting: .yoshida8,
    summary: """
      Yoshida's solution D of order 8 (Yoshida 1990): a symmetric composition of fifteen Verlet steps, fifteen forces \
      per step. Symplectic and reversible; its steps forth and back are long, so kahan-li8 is better nearly always.
      """)

  /// Kahan & Li's composition of order 8.
  public static let kahanLi8 = IntegrationMethod(
    name: "kahan-li8", order: 8, splitting: .kahanLi8,
    summary: """
      Kahan and Li's composition of order 8 (Kahan & Li 1997): seventeen Verlet steps, seventeen forces per step. \
      Symplectic and reversible; 200 steps per orbit keep the energy of Kepler's ellipse of eccentricity 0.6 to 5e-12. \
      So near to round-off, compensated: true is worth while.
      """)
}
