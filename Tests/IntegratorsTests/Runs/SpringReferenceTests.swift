// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import RealModule
import TestSupport
import Testing

/// Springs without rest length are linear: m q̈ = −Kq, solved exactly by the eigenvectors of M^−½ K M^−½.
private struct LinearPropagator {
  private let rootMasses: [Double]
  private let ω²: [Double]
  /// Column k is the eigenvector of mode k.
  private let modes: [[Double]]

  init(_ system: SpringSystem) {
    let count = system.bodies.count
    let root = system.bodies.masses.map { $0.squareRoot() }
    // V = Σ κ|qᵢ−qⱼ|² gives K = 2 (degree − adjacency).
    var A = [[Double]](repeating: Array(repeating: 0, count: count), count: count)
    for spring in system.couplings {
      let (i, j, κ) = (spring.i, spring.j, spring.k)
      A[i][i] += 2 * κ / (root[i] * root[i])
      A[j][j] += 2 * κ / (root[j] * root[j])
      A[i][j] -= 2 * κ / (root[i] * root[j])
      A[j][i] -= 2 * κ / (root[i] * root[j])
    }
    rootMasses = root
    (ω², modes) = Self.eigenvectors(of: A)
  }

  /// x = M^½ q turns into independent oscillators: a cos ωt + b sin(ωt)/ω, and a + bt in the free mode.
  func state(from initial: PhaseState, at t: Double, dimension d: Int) -> PhaseState {
    var result = PhaseState(
      q: Array(repeating: 0, count: initial.q.count), p: Array(repeating: 0, count: initial.q.count))
    let largest = ω².max() ?? 1
    for axis in 0..<d {
      for k in ω².indices {
        var (a, b) = (0.0, 0.0)
        for i in rootMasses.indices {
          a += modes[i][k] * rootMasses[i] * initial.q[i * d + axis]
          b += modes[i][k] / rootMasses[i] * initial.p[i * d + axis]
        }
        let free = ω²[k] < 1e-12 * largest
        let ω = free ? 0 : ω²[k].squareRoot()
        let (c, s) = (Double.cos(ω * t), Double.sin(ω * t))
        let x = free ? a + b * t : a * c + b * s / ω
        let v = free ? b : b * c - a * ω * s
        for i in rootMasses.indices {
          result.q[i * d + axis] += modes[i][k] * x / rootMasses[i]
          result.p[i * d + axis] += modes[i][k] * v * rootMasses[i]
        }
      }
    }
    return result
  }

  /// Jacobi's rotations (1846): each makes one pair of off-diagonal entries zero; a few sweeps make all so.
  private static func eigenvectors(of matrix: [[Double]]) -> (values: [Double], vectors: [[Double]]) {
    var A = matrix
    let n = A.count
    var V = (0..<n).map { i in (0..<n).map { $0 == i ? 1.0 : 0.0 } }
    for _ in 0..<30 {
      for i in 0..<n {
        for j in (i + 1)..<max(i + 1, n) where A[i][j] != 0 {
          let τ = (A[j][j] - A[i][i]) / (2 * A[i][j])
          let tan = (τ < 0 ? -1 : 1) / (τ.magnitude + (1 + τ * τ).squareRoot())
          let c = 1 / (1 + tan * tan).squareRoot()
          let s = tan * c
          for k in 0..<n {
            (A[k][i], A[k][j]) = (c * A[k][i] - s * A[k][j], s * A[k][i] + c * A[k][j])
          }
          for k in 0..<n {
            (A[i][k], A[j][k]) = (c * A[i][k] - s * A[j][k], s * A[i][k] + c * A[j][k])
            (V[k][i], V[k][j]) = (c * V[k][i] - s * V[k][j], s * V[k][i] + c * V[k][j])
          }
        }
      }
    }
    return ((0..<n).map { A[$0][$0] }, V)
  }
}

@Suite struct SpringReferenceTests {
  private func worstError(_ method: IntegrationMethod, _ stepping: Stepping, seed: UInt64) throws -> Double {
    let problem = Problem.springs(seed: seed)
    let exact = LinearPropagator(try #require(problem.system as? SpringSystem))
    let run = try problem.trajectory(method, stepping, end: 5, frames: 500)
    return run.frames.map { frame in
      frame.state.distance(to: exact.state(from: problem.initial, at: frame.t, dimension: 2))
    }.max() ?? .infinity
  }

  /// Data generation: every frame of 200 systems of the ensemble within 1e-9 over five seconds.
  @Test func ensembleFollowsTheExactSolution() throws {
    let errors = try parallelMap(count: 200, threads: 2) { seed in
      try worstError(.gslRK8PD, .adaptive(tolerance: 1e-12), seed: UInt64(seed))
    }
    #expect(try #require(errors.max()) < 1e-9)
  }

  /// The measure sees errors: the 3/8 rule at h = 5/499 leaves some 1e-3 here and there.
  @Test func coarserMethodsAreSeenToErr() throws {
    let errors = try (0..<50).map { try worstError(.rk4ThreeEighths, .fixed(step: 5 / 499.0), seed: $0) }
    let worst = try #require(errors.max())
    #expect(worst > 1e-4 && worst < 1)
  }
}
