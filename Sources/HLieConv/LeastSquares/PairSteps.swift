// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One step of the loss's method from each given point of a chunk, for models whose potential is a sum over pairs, and the
/// exact derivatives of the momenta after it by all parameters.
///
/// With F_s = F(Q_s), K_s = ∂F/∂q there and a, b of the `StepScheme`, ∂p′/∂θ = Σ_s W_s ∂F_s/∂θ at fixed places, where
///
///     W_s = h b_s 1 + h² Σ_{r>s} a_rs W_r K_r M⁻¹
///
/// carries what moving the later stages does.
final class PairSteps {
  private let scheme: StepScheme
  private let steps: Int
  private let model: PairForces

  // Places and forces of the stages [stages][steps × nd], and W [stages][nd × nd].
  private let places: AlignedMemory<Double>
  private let forces: [AlignedMemory<Double>]
  private let weights: [AlignedMemory<Double>]

  private var nd: Int { model.bodies * model.d }
  var parameterCount: Int { model.parameterCount }
  /// Rows of a step: residuals of one system are steps × nd.
  var rows: Int { steps * nd }

  /// Nil where the model is no sum over pairs of functions of the two bodies alone, or has friction, or the method is no Nyström
  /// method.
  init?(_ model: HamiltonianModel, method: ChunkMethod, bodies: Int, points: Int) {
    guard let scheme = StepScheme(method), !model.config.friction,
      let forces = PairForces(model, bodies: bodies, stages: scheme.stages, steps: points - 1)
    else { return nil }
    self.scheme = scheme
    self.model = forces
    steps = points - 1
    let (steps, nd) = (points - 1, bodies * forces.d)
    places = AlignedMemory(count: steps * nd)
    self.forces = (0..<scheme.stages).map { _ in AlignedMemory(count: steps * nd) }
    weights = (0..<scheme.stages).map { _ in AlignedMemory(count: nd * nd) }
  }

  /// The residuals (p_true − p′) · `factor` of a chunk [rows], and with `jacobian` ∂p′/∂θ · `factor` [rows × parameters].
  func evaluate(
    _ entry: ChunkDataset.Entry, h: Double, factor: Double, _ storage: ParameterStorage<Double>,
    residuals: UnsafeMutablePointer<Double>, jacobian: UnsafeMutablePointer<Double>?
  ) {
    model.prepare(features: entry.features, steps: steps, storage, differentiates: jacobian != nil)
    let inverseMasses = entry.bodies.inverseMasses
    let isFree = (0..<nd).map { entry.bodies.pinned[$0 / model.d] ? 0.0 : 1.0 }
    for s in 0..<scheme.stages {
      for step in 0..<steps {
        place(s, step, entry.states[step], inverseMasses, h)
      }
      model.forces(
        s, at: places.base, steps: steps, into: forces[s].base, storage, differentiates: jacobian != nil,
        moves: jacobian != nil && scheme.moves(s))
      for step in 0..<steps {
        for k in 0..<nd { forces[s].base[step * nd + k] *= isFree[k] }
      }
    }
    for step in 0..<steps {
      let (before, after) = (entry.states[step].p, entry.states[step + 1].p)
      for k in 0..<nd {
        var p = before[k]
        for s in 0..<scheme.stages { p += h * scheme.b[s] * forces[s].base[step * nd + k] }
        residuals[step * nd + k] = (after[k] - p) * factor
      }
      guard let jacobian else { continue }
      carry(step, h, factor, inverseMasses, isFree)
      model.gradient(
        of: 0..<scheme.stages, step: step, weights: weights, rowLength: parameterCount,
        into: jacobian + step * nd * parameterCount)
    }
  }

  /// Q of a stage.
  private func place(_ s: Int, _ step: Int, _ state: PhaseState, _ inverseMasses: [Double], _ h: Double) {
    let Q = places.base + step * nd
    for k in 0..<nd {
      var force = 0.0
      for j in 0..<s where scheme.a[s][j] != 0 { force += scheme.a[s][j] * forces[j].base[step * nd + k] }
      Q[k] = state.q[k] + h * inverseMasses[k] * (scheme.c[s] * state.p[k] + h * force)
    }
  }

  /// W_s · factor of all stages of a step, last stage first.
  private func carry(
    _ step: Int, _ h: Double, _ factor: Double, _ inverseMasses: [Double], _ isFree: [Double]
  ) {
    for s in (0..<scheme.stages).reversed() {
      let W = weights[s]
      W.clear()
      for k in 0..<nd { W.base[k * nd + k] = h * scheme.b[s] * factor * isFree[k] }
      for r in s + 1..<max(s + 1, scheme.stages) where scheme.a[r][s] != 0 {
        let (later, K) = (weights[r].base, model.stiffness(r, step: step))
        for x in 0..<nd {
          for k in 0..<nd {
            let entry = h * h * scheme.a[r][s] * later[x * nd + k]
            if entry == 0 { continue }
            for y in 0..<nd { W.base[x * nd + y] += entry * K[k * nd + y] * inverseMasses[y] }
          }
        }
      }
    }
  }
}
