// SPDX-License-Identifier: GPL-3.0-or-later

/// An explicit Runge–Kutta method for ż = f(z): kₛ = f(z + h Σⱼ aₛⱼ kⱼ), z ← z + h Σₛ bₛ kₛ.
public struct RungeKuttaTable: Sendable {
  /// Row s holds aₛⱼ for j < s.
  public let a: [[Double]]
  public let b: [Double]

  public init(a: [[Double]], b: [Double]) {
    self.a = a
    self.b = b
  }

  public var stages: Int { b.count }

  /// The classic method of order 4 (Kutta 1901).
  public static let classic4 = RungeKuttaTable(
    a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]], b: [1 / 6, 1 / 3, 1 / 3, 1 / 6])

  /// Kutta's 3/8 rule, order 4 (Kutta 1901): what torchdiffeq calls `rk4`, and so the rule of the LieConv paper.
  public static let threeEighths = RungeKuttaTable(
    a: [[], [1 / 3], [-1 / 3, 1], [1, -1, 1]], b: [1 / 8, 3 / 8, 3 / 8, 1 / 8])
}
