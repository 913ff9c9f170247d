// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// Wells that end within a finite reach: v = −½ kᵢkⱼ exp(−s/ρ²), ρ² = w (mᵢ + mⱼ).
///
/// Bodies attract each other with the force kᵢkⱼ r/ρ² exp(−r²/ρ²), which is linear near zero, largest at r = ρ/√2
/// and gone a few ρ away. The Gaussian core of Stillinger, J. Chem. Phys. 65, 3968 (1976), turned into a well.
public struct GaussianWells: PairLaw {
  public static let name = "gaussian-wells"
  public static let summary =
    "wells attract: V = −½ Σ kᵢkⱼ exp(−r²/(w(mᵢ + mⱼ))), w the squared width per mass"
  public static let constants = [LawConstant("squared_width_per_mass", .positive, example: 0.5)]
  public static let parameters = [
    BodyParameter("k", word: "strength", .atLeastZero, example: "{uniform: [0, 5]}")
  ]

  /// ½ kᵢkⱼ and 1/ρ².
  public struct Pair: Sendable {
    let depth: Double
    let inverseSquare: Double
  }

  private let w: Double

  public init(constants: [Double]) { w = constants[0] }

  public func pair(_ a: PairBody, _ b: PairBody) -> Pair {
    Pair(depth: a.parameters[0] * b.parameters[0] / 2, inverseSquare: 1 / (w * (a.m + b.m)))
  }

  /// −½ kᵢkⱼ exp(−s/ρ²).
  public func energy(_ s: Double, _ pair: Pair) -> Double {
    -pair.depth * Double.exp(-s * pair.inverseSquare)
  }

  /// ½ kᵢkⱼ exp(−s/ρ²)/ρ².
  public func slope(_ s: Double, _ pair: Pair) -> Double {
    pair.depth * pair.inverseSquare * Double.exp(-s * pair.inverseSquare)
  }

  /// −½ kᵢkⱼ exp(−s/ρ²)/ρ⁴.
  public func curvature(_ s: Double, _ pair: Pair) -> Double {
    -pair.depth * pair.inverseSquare * pair.inverseSquare * Double.exp(-s * pair.inverseSquare)
  }
}
