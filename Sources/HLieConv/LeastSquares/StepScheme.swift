// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One step of an explicit method for H = T + V, written as a Nyström method:
///
///     Q_s = q + c_s h v + h² Σ_j a_sj M⁻¹F(Q_j),   p′ = p + h Σ_s b_s F(Q_s),   q′ = q + h v + h² Σ_s b̄_s M⁻¹F(Q_s),
///
/// which a Runge–Kutta method (A, b) becomes with c = A1, a = A² and b̄ = Aᵀb (Hairer, Nørsett & Wanner, Solving Ordinary Differential
/// Equations I, II.14).
struct StepScheme {
  let c: [Double]
  let a: [[Double]]
  let b: [Double]
  /// b̄.
  let positions: [Double]
  /// A, by which a Runge–Kutta method has velocities at its stages, V_s = v + h Σ_j A_sj M⁻¹F_j; nil for a Nyström method, whose
  /// forces must depend on positions alone.
  let velocities: [[Double]]?

  var stages: Int { b.count }

  /// Nil for splittings and for steps over more than one interval.
  init?(_ method: ChunkMethod) {
    guard method.stride == 1 else { return nil }
    switch method.table {
    case .rungeKutta(let table):
      let stages = table.stages
      func entry(_ s: Int, _ j: Int) -> Double { j < table.a[s].count ? table.a[s][j] : 0 }
      b = table.b
      positions = (0..<stages).map { j in (0..<stages).reduce(0) { $0 + table.b[$1] * entry($1, j) } }
      c = table.a.map { $0.reduce(0, +) }
      velocities = (0..<stages).map { s in (0..<s).map { entry(s, $0) } }
      a = (0..<stages).map { s in
        (0..<s).map { j in (0..<s).reduce(0) { $0 + entry(s, $1) * entry($1, j) } }
      }
    case .nystrom(let table):
      (c, a, b) = (table.c, table.a, table.velocityWeights(at: 1))
      positions = table.positionWeights(at: 1)
      velocities = nil
    case .splitting: return nil
    }
  }

  /// Whether the place of a stage depends on earlier forces, and so on θ.
  func moves(_ stage: Int) -> Bool { a[stage].contains { $0 != 0 } }
}
