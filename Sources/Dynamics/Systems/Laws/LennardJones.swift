// SPDX-License-Identifier: GPL-3.0-or-later

/// Atoms without charge: v = 4ε ((σ²/s)⁶ − (σ²/s)³), in r: 4ε ((σ/r)¹² − (σ/r)⁶).
///
/// The minimum −ε is at r = 2^{1/6} σ. Unlike bodies are mixed by the rules of Lorentz and Berthelot,
/// σᵢⱼ = (σᵢ + σⱼ)/2 and εᵢⱼ = √(εᵢεⱼ) (Allen & Tildesley, Computer Simulation of Liquids, 1.4). There is no cutoff.
public struct LennardJones: PairLaw {
  public static let name = "lennard-jones"
  public static let summary =
    "atoms repel nearby and attract far off: V = Σ 4ε((σ/r)¹² − (σ/r)⁶), σ and √ε averaged over the pair"
  public static let constants: [LawConstant] = []
  public static let parameters = [
    BodyParameter("sigma", .positive, example: "1"), BodyParameter("epsilon", .atLeastZero, example: "1"),
  ]

  /// σᵢⱼ² and εᵢⱼ.
  public struct Pair: Sendable {
    let σ²: Double
    let ε: Double
  }

  public init(constants _: [Double]) {}

  public func pair(_ a: PairBody, _ b: PairBody) -> Pair {
    let σ = (a.parameters[0] + b.parameters[0]) / 2
    return Pair(σ²: σ * σ, ε: (a.parameters[1] * b.parameters[1]).squareRoot())
  }

  /// 4ε (x² − x) with x = (σ²/s)³.
  public func energy(_ s: Double, _ pair: Pair) -> Double {
    let x = sixthPower(s, pair)
    return 4 * pair.ε * x * (x - 1)
  }

  /// 4ε (2x − 1) dx/ds, dx/ds = −3x/s.
  public func slope(_ s: Double, _ pair: Pair) -> Double {
    let x = sixthPower(s, pair)
    return -12 * pair.ε * x * (2 * x - 1) / s
  }

  /// 24ε x (7x − 2)/s².
  public func curvature(_ s: Double, _ pair: Pair) -> Double {
    let x = sixthPower(s, pair)
    return 24 * pair.ε * x * (7 * x - 2) / (s * s)
  }

  /// (σ/r)⁶ = (σ²/s)³.
  private func sixthPower(_ s: Double, _ pair: Pair) -> Double {
    let ratio = pair.σ² / s
    return ratio * ratio * ratio
  }
}
