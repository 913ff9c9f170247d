// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How far one step of a method is from being symplectic: the largest entry of JᵀSJ − S, where J is the derivative of the step map
/// and S the canonical form (Hairer, Lubich & Wanner, Geometric Numerical Integration, VI.2).
public enum SymplecticityDefect {
  /// With more free coordinates J is not worked out: it takes a step for each column.
  public static let mostCoordinates = 300

  /// The defect at `state`; nil with more than `mostCoordinates` free coordinates, and where the method cannot solve the
  /// variational equations: implicit ones iterate, and shadows have other scales than bodies.
  ///
  /// Coordinates are √m q/h and √m⁻¹ p, in which S keeps its form and all entries of J are of the size of 1, and hω: the result is
  /// free of units.
  public static func of(
    _ method: IntegrationMethod, step h: Double, on law: any DynamicalSystem, at state: PhaseState
  ) throws -> Double? {
    let bodies = law.bodies
    let free = bodies.inverseMasses.indices.filter { bodies.inverseMasses[$0] > 0 }
    let n = free.count
    guard n <= mostCoordinates else { return nil }
    // x = w z.
    let w =
      free.map { bodies.inertias[$0 / bodies.dimension].squareRoot() / h.magnitude }
      + free.map { 1 / bodies.inertias[$0 / bodies.dimension].squareRoot() }
    let tangent = TangentSystem.of(law)
    let plan = try FramePlan(start: 0, steps: 1, step: h, frames: 2)
    let still = [Double](repeating: 0, count: state.q.count)
    func column(_ column: Int) throws -> [Double] {
      var (δq, δp) = (still, still)
      if column < n { δq[free[column]] = 1 / w[column] } else { δp[free[column - n]] = 1 / w[column] }
      var end = PhaseState(q: [], p: [])
      let start = PhaseState(q: state.q + δq, p: state.p + δp)
      _ = try integrate(
        tangent, from: start, method: method, stepping: .fixed(step: h), plan: plan,
        diagnosedBy: Unjudged(bodies: tangent.bodies)
      ) { frame, _ in end = frame.state }
      let m = still.count
      return free.enumerated().map { w[$0] * end.q[m + $1] }
        + free.enumerated().map { w[n + $0] * end.p[m + $1] }
    }
    let columns: [[Double]]
    do { columns = try (0..<2 * n).map(column) } catch is IntegrationFailure { return nil }
    var largest = 0.0
    for i in 0..<2 * n {
      for j in 0..<i {
        // (JᵀSJ)ᵢⱼ = Σ_k Q_ki P_kj − P_ki Q_kj.
        let form = (0..<n).reduce(0.0) {
          $0 + columns[i][$1] * columns[j][n + $1] - columns[i][n + $1] * columns[j][$1]
        }
        largest = maximum(largest, (form - (i == j + n ? -1 : 0)).magnitude)
      }
    }
    return largest
  }
}

/// What the diagnostics of shadows are asked of: they have no energies.
private struct Unjudged: MechanicalSystem {
  let bodies: Bodies
  var features: [[Double]] { [] }
  var featureNames: [String] { [] }
  func kineticEnergy(q: Span<Double>, p: Span<Double>) -> Double { 0 }
  func potentialEnergy(at q: Span<Double>) -> Double { 0 }
  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    for k in 0..<q.count { (qdot[k], pdot[k]) = (0, 0) }
  }
}
