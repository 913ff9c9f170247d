// SPDX-License-Identifier: GPL-3.0-or-later

/// An implicit Runge–Kutta method for ż = f(z), by collocation at the nodes of Gauss (Hairer, Lubich & Wanner, Geometric
/// Numerical Integration, II.1.3): Z_s = z + h Σ_j a_sj f(Z_j), z ← z + h Σ_s b_s f(Z_s).
///
/// With s stages its order is 2s. bᵢaᵢⱼ + bⱼaⱼᵢ = bᵢbⱼ makes it symplectic for every H(q, p), and c that lies
/// symmetric in [0, 1] makes it reversible.
public struct GaussTable: Sendable {
  public let c: [Double]
  /// A full row of every stage.
  public let a: [[Double]]
  public let b: [Double]

  public var stages: Int { b.count }

  /// The implicit midpoint rule: order 2.
  public static let gauss2 = GaussTable(c: [1 / 2], a: [[1 / 2]], b: [1])

  /// Order 4.
  public static let gauss4: GaussTable = {
    let r = Double(3).squareRoot() / 6
    return GaussTable(
      c: [1 / 2 - r, 1 / 2 + r], a: [[1 / 4, 1 / 4 - r], [1 / 4 + r, 1 / 4]], b: [1 / 2, 1 / 2])
  }()

  /// Order 6.
  public static let gauss6: GaussTable = {
    let r = Double(15).squareRoot()
    return GaussTable(
      c: [1 / 2 - r / 10, 1 / 2, 1 / 2 + r / 10],
      a: [
        [5 / 36, 2 / 9 - r / 15, 5 / 36 - r / 30], [5 / 36 + r / 24, 2 / 9, 5 / 36 - r / 24],
        [5 / 36 + r / 30, 2 / 9 + r / 15, 5 / 36],
      ], b: [5 / 18, 4 / 9, 5 / 18])
  }()
}
