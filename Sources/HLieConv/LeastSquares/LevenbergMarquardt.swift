// SPDX-License-Identifier: GPL-3.0-or-later

/// Levenberg–Marquardt (Marquardt 1963) for the means over many residuals:
///
///     (⟨JᵀJ⟩ + λ max(diag, ⟨diag⟩) + ε 1) δ = ⟨Jᵀr⟩ − ε θ,
///
/// where diag is the diagonal of ⟨JᵀJ⟩, raised to its mean over the unknowns of one kind where it is smaller: with the bare diagonal, parameters that
/// hardly matter yet take steps that no residual survives. λ follows the ratio of the gain found to the gain expected.
struct LevenbergMarquardt {
  /// λ.
  private(set) var damping = 1.0
  /// ε, a ridge that keeps directions that nothing determines where they are.
  static let ridge = 1e-10
  private static let mostTrials = 12
  private static let largestDamping = 1e12

  init(damping: Double = 1) { self.damping = damping }

  /// More data change what was known: it goes on more carefully.
  mutating func meetMoreData() { damping = min(10 * damping, Self.largestDamping) }

  /// What one iteration did.
  struct Step {
    /// ⟨r²⟩ before it.
    let cost: Double
    /// False where no step made it smaller: there is nothing more to gain.
    let moved: Bool
  }

  /// Changes θ by one accepted step.
  mutating func iterate(_ problem: some LeastSquaresProblem, _ parameters: inout [Double]) -> Step {
    let equations = problem.normalEquations(at: parameters)
    let count = parameters.count
    let diagonal = (0..<count).map { equations.matrix[$0 * count + $0] }
    var scale: [Double] = []
    for kind in problem.kinds {
      let own = diagonal[scale.count..<scale.count + kind]
      let mean = own.reduce(0, +) / Double(max(1, kind))
      scale += own.map { max($0, mean) }
    }
    var right = zip(equations.slope, parameters).map { $0 - Self.ridge * $1 }
    for k in equations.frozen { right[k] = 0 }
    guard equations.cost.isFinite, scale.allSatisfy({ $0 > 0 }) else {
      return Step(cost: equations.cost, moved: false)
    }
    for _ in 0..<Self.mostTrials {
      var matrix = equations.matrix
      for k in 0..<count { matrix[k * count + k] += damping * scale[k] + Self.ridge }
      if let change = solvePositiveDefinite(matrix, right) {
        let trial = zip(parameters, change).map { $0 + $1 }
        let cost = problem.cost(at: trial)
        // With (A + λD) δ = g the linearised ⟨r²⟩ gains 2 δ·g − δᵀAδ = δ·(g + λ D δ).
        var expected = 0.0
        for k in 0..<count {
          expected += change[k] * (right[k] + damping * scale[k] * change[k])
        }
        let gain = (equations.cost - cost) / expected
        if cost.isFinite, cost < equations.cost {
          parameters = trial
          damping *= gain > 0.7 ? 0.2 : gain > 0.3 ? 0.5 : 1.5
          damping = min(max(damping, 1e-12), Self.largestDamping)
          return Step(cost: equations.cost, moved: true)
        }
      }
      damping *= 4
      if damping > Self.largestDamping { break }
    }
    damping = min(damping, Self.largestDamping)
    return Step(cost: equations.cost, moved: false)
  }
}
