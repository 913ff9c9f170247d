// SPDX-License-Identifier: GPL-3.0-or-later

/// Charges in Gaussian units, softened after Plummer: v = cᵢcⱼ / √(s + ε²).
///
/// Like charges repel, opposite ones attract each other, and a body without charge goes straight on. ε = 0 is
/// Coulomb's law.
public struct Coulomb: PairLaw {
  public static let name = "coulomb"
  public static let summary =
    "charges repel or attract: V = Σ cᵢcⱼ/√(r² + ε²), with charges c of either sign and the softening length ε"
  public static let constants = [LawConstant("softening", .atLeastZero, fallback: 0, example: 0.1)]
  public static let parameters = [BodyParameter("charge", .any, example: "{uniform: [-1, 1]}")]

  private let ε²: Double

  public init(constants: [Double]) { ε² = constants[0] * constants[0] }

  /// cᵢcⱼ.
  public func pair(_ a: PairBody, _ b: PairBody) -> Double { a.parameters[0] * b.parameters[0] }

  /// cᵢcⱼ / √(s + ε²).
  public func energy(_ s: Double, _ pair: Double) -> Double { pair / (s + ε²).squareRoot() }

  /// −½ cᵢcⱼ / (s + ε²)^{3/2}.
  public func slope(_ s: Double, _ pair: Double) -> Double {
    -pair / (2 * (s + ε²) * (s + ε²).squareRoot())
  }

  /// ¾ cᵢcⱼ / (s + ε²)^{5/2}.
  public func curvature(_ s: Double, _ pair: Double) -> Double {
    3 * pair / (4 * (s + ε²) * (s + ε²) * (s + ε²).squareRoot())
  }
}
