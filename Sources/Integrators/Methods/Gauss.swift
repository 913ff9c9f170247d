// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

extension IntegrationMethod {
  /// The implicit midpoint rule.
  public static let gauss2 = IntegrationMethod(
    name: "gauss2", order: 2, gauss: .gauss2,
    summary: """
      The implicit midpoint rule, Gauss's method with one stage: order 2. Symplectic and reversible for any H(q, p), \
      also where it is not T(p) + V(q) and splittings cannot be had, and it conserves linear and angular momentum. \
      Its stages are found by iteration to round-off, which takes several forces per stage and steps that are short \
      beside the fastest motion; where it does not converge the run ends and says so.
      """)

  /// Gauss's method with two stages.
  public static let gauss4 = IntegrationMethod(
    name: "gauss4", order: 4, gauss: .gauss4,
    summary: """
      Gauss's collocation method with two stages (Hairer, Lubich & Wanner, II.1.3): order 4. Symplectic and reversible for any H(q, p), learned ones too, with errors far below those of \
      explicit methods of the same order and step; iterates like gauss2.
      """)

  /// Gauss's method with three stages.
  public static let gauss6 = IntegrationMethod(
    name: "gauss6", order: 6, gauss: .gauss6,
    summary: """
      Gauss's collocation method with three stages (Hairer, Lubich & Wanner, II.1.3): order 6. Symplectic and reversible for any H(q, p), and the most exact of them: the method of choice \
      for long runs of learned H(q, p) that are no T(p) + V(q); iterates like gauss2.
      """)
}
