// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A trajectory of a model whose potential is a sum over pairs, by a `StepScheme`, and its exact derivatives by all parameters
/// and by the state it starts from.
///
/// With z = (θ, q₀, v₀) and A_s = M⁻¹F(Q_s), the scheme is differentiated as it stands:
///
///     ∂Q_s = ∂q + c_s h ∂v + h² Σ_j a_sj ∂A_j,   ∂A_s = M⁻¹(K_s ∂Q_s + ∂F_s/∂θ),
///     ∂q′ = ∂q + h ∂v + h² Σ_s b̄_s ∂A_s,        ∂v′ = ∂v + h Σ_s b_s ∂A_s
///
/// (Hairer, Nørsett & Wanner, Solving Ordinary Differential Equations I, I.14). With friction, A_s = M⁻¹(F(Q_s) − γV_s) at the stage's
/// velocity V_s = v + h Σ_j A_sj A_j, and ∂A_s has −M⁻¹(γ ∂V_s + V_s ∂γ) besides. Velocities take the place of momenta, which may
/// differ by many orders of magnitude between bodies.
final class PairTrajectory {
  private let scheme: StepScheme
  private let model: PairForces
  /// Where γ stands among the parameters, after those of the forces; nil without friction.
  private let friction: Int?
  let parameterCount: Int
  /// Columns: the parameters, q₀ and v₀.
  let unknowns: Int

  private struct Slopes {
    let q: AlignedMemory<Double>
    let v: AlignedMemory<Double>
    let Q: AlignedMemory<Double>
    /// Of the stages.
    let A: [AlignedMemory<Double>]
  }
  private let slopes: Slopes
  private let place: AlignedMemory<Double>
  /// V_s and ∂V_s.
  private let velocity: AlignedMemory<Double>
  private let velocitySlopes: AlignedMemory<Double>
  private let accelerations: [AlignedMemory<Double>]
  private let weight: AlignedMemory<Double>
  private let stiffness: AlignedMemory<Double>

  var coordinates: Int { model.bodies * model.d }

  /// Nil where `PairForces` or `StepScheme` are, or a method for forces of positions alone meets friction.
  init?(_ model: HamiltonianModel, method: ChunkMethod, bodies: Int) {
    guard let scheme = StepScheme(method), !model.config.friction || scheme.velocities != nil,
      let forces = PairForces(model, bodies: bodies, stages: scheme.stages, steps: 1)
    else { return nil }
    self.scheme = scheme
    self.model = forces
    friction = model.config.friction ? forces.parameterCount : nil
    parameterCount = model.layout.count
    let nd = bodies * forces.d
    unknowns = parameterCount + 2 * nd
    let size = nd * unknowns
    slopes = Slopes(
      q: AlignedMemory(count: size), v: AlignedMemory(count: size), Q: AlignedMemory(count: size),
      A: (0..<scheme.stages).map { _ in AlignedMemory(count: size) })
    place = AlignedMemory(count: nd)
    velocity = AlignedMemory(count: nd)
    velocitySlopes = AlignedMemory(count: model.config.friction ? size : 0)
    accelerations = (0..<scheme.stages).map { _ in AlignedMemory(count: nd) }
    weight = AlignedMemory(count: nd * nd)
    stiffness = AlignedMemory(count: nd * nd)
  }

  /// Calls `visit` with the number of each of the points of time, the positions there and, with `differentiates`, their
  /// derivatives [nd × unknowns]; equal steps no longer than `longest` lead from point to point. Returns the state at the last one.
  func follow(
    _ start: PhaseState, _ bodies: Bodies, features: [Double], times: [Double], longest: Double,
    _ storage: ParameterStorage<Double>, differentiates: Bool,
    visit: (Int, [Double], UnsafePointer<Double>) -> Void
  ) -> PhaseState {
    model.prepare(features: features, steps: 1, storage, differentiates: differentiates)
    let (nd, inverseMasses) = (coordinates, bodies.inverseMasses)
    var q = start.q
    var v = zip(start.p, inverseMasses).map { $0 * $1 }
    if differentiates {
      slopes.q.clear()
      slopes.v.clear()
      for k in 0..<nd {
        slopes.q.base[k * unknowns + parameterCount + k] = 1
        slopes.v.base[k * unknowns + parameterCount + nd + k] = 1
      }
    }
    visit(0, q, UnsafePointer(slopes.q.base))
    for point in 1..<max(1, times.count) {
      let interval = times[point] - times[point - 1]
      // Times are rounded where they were written down, and a step more for that would be one too many.
      let steps = max(1, (interval / longest * (1 - 1e-4)).rounded(.up))
      for _ in 0..<Int(steps) {
        step(&q, &v, inverseMasses, interval / steps, storage, differentiates: differentiates)
      }
      visit(point, q, UnsafePointer(slopes.q.base))
    }
    let p = v.indices.map { inverseMasses[$0] > 0 ? v[$0] / inverseMasses[$0] : start.p[$0] }
    return PhaseState(q: q, p: p)
  }

  private func step(
    _ q: inout [Double], _ v: inout [Double], _ inverseMasses: [Double], _ h: Double,
    _ storage: ParameterStorage<Double>, differentiates: Bool
  ) {
    let nd = coordinates
    for s in 0..<scheme.stages {
      let (Q, A) = (place.base, accelerations[s].base)
      for k in 0..<nd {
        Q[k] = q[k] + scheme.c[s] * h * v[k]
        for j in 0..<s { Q[k] += h * h * scheme.a[s][j] * accelerations[j].base[k] }
      }
      model.forces(
        s, at: Q, steps: 1, into: A, storage, differentiates: differentiates, moves: differentiates)
      if let friction { drag(s, v, h, coefficient: storage.values[friction], on: A) }
      for k in 0..<nd { A[k] *= inverseMasses[k] }
      if differentiates { differentiate(s, h, inverseMasses, storage) }
    }
    for s in 0..<scheme.stages {
      let A = accelerations[s].base
      for k in 0..<nd { q[k] += h * h * scheme.positions[s] * A[k] }
    }
    for k in 0..<nd { q[k] += h * v[k] }
    for s in 0..<scheme.stages {
      let A = accelerations[s].base
      for k in 0..<nd { v[k] += h * scheme.b[s] * A[k] }
    }
    guard differentiates else { return }
    let (sq, sv) = (slopes.q.base, slopes.v.base)
    Self.add(h, sv, to: sq, nd * unknowns)
    for s in 0..<scheme.stages {
      Self.add(h * h * scheme.positions[s], slopes.A[s].base, to: sq, nd * unknowns)
      Self.add(h * scheme.b[s], slopes.A[s].base, to: sv, nd * unknowns)
    }
  }

  /// F −= γV_s.
  private func drag(
    _ s: Int, _ v: [Double], _ h: Double, coefficient: Double, on F: UnsafeMutablePointer<Double>
  ) {
    let weights = scheme.velocities?[s] ?? []
    for k in v.indices {
      velocity.base[k] = v[k]
      for (j, a) in weights.enumerated() { velocity.base[k] += h * a * accelerations[j].base[k] }
      F[k] -= coefficient * velocity.base[k]
    }
  }

  /// ∂A_s from ∂q, ∂v and the earlier ones.
  private func differentiate(
    _ s: Int, _ h: Double, _ inverseMasses: [Double], _ storage: ParameterStorage<Double>
  ) {
    let (nd, size) = (coordinates, coordinates * unknowns)
    let (sQ, sA) = (slopes.Q.base, slopes.A[s].base)
    sQ.update(from: slopes.q.base, count: size)
    Self.add(scheme.c[s] * h, slopes.v.base, to: sQ, size)
    for j in 0..<s { Self.add(h * h * scheme.a[s][j], slopes.A[j].base, to: sQ, size) }
    slopes.A[s].clear()
    weight.clear()
    let K = model.stiffness(s, step: 0)
    for k in 0..<nd {
      weight.base[k * nd + k] = inverseMasses[k]
      for l in 0..<nd { stiffness.base[k * nd + l] = inverseMasses[k] * K[k * nd + l] }
    }
    model.gradient(of: s..<s + 1, step: 0, weights: [weight], rowLength: unknowns, into: sA)
    var product = Product<Double>(
      m: nd, n: unknowns, k: nd, left: .plain(columns: nd), right: .plain(columns: unknowns),
      rowLength: unknowns)
    product.adding = UnsafePointer(sA)
    product.write(stiffness.base, sQ, to: sA)
    guard let friction else { return }
    let sV = velocitySlopes.base
    sV.update(from: slopes.v.base, count: size)
    for (j, a) in (scheme.velocities?[s] ?? []).enumerated() {
      Self.add(h * a, slopes.A[j].base, to: sV, size)
    }
    for k in 0..<nd {
      let row = k * unknowns
      Self.add(-inverseMasses[k] * storage.values[friction], sV + row, to: sA + row, unknowns)
      sA[row + friction] -= inverseMasses[k] * velocity.base[k]
    }
  }

  private static func add(
    _ factor: Double, _ x: UnsafePointer<Double>, to y: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    if factor == 0 { return }
    for k in 0..<count { y[k] += factor * x[k] }
  }
}
