// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One step of the loss's method from each given point of a chunk, for models whose potential is a sum over pairs, and the
/// exact derivatives of the momenta after it by all parameters.
///
/// With F_s = F(Q_s), K_s = ∂F/∂q there and a, b of the `StepScheme`, ∂p′/∂θ = Σ_s W_s ∂F_s/∂θ at fixed places, where
///
///     W_s = h b_s 1 + h² Σ_{r>s} a_rs W_r K_r M⁻¹
///
/// carries what moving the later stages does. Every ∂F_s/∂θ is a sum over pairs, so that all of them together are one product,
/// of W_s times the embeddings' derivatives, [nd × stages · pairs · width], with the kernel's gradients, one row per stage,
/// pair and column of the embedding. The nodes' values u depend on the features alone: their share goes through ∂u/∂θ, which is
/// found once for all steps.
final class PairSteps {
  private let scheme: StepScheme
  private let bodies: Int
  private let d: Int
  private let steps: Int
  private let geometry: PairGeometry
  private let pairs: [(i: Int, j: Int)]
  private let normalisation: Normalisation
  private let seesEnds: Bool
  private let centres: Bool
  /// e, what every pair's inner product is multiplied by.
  private let scale: Double
  private let node: PerceptronRows
  private let stages: [PairStage]
  let parameterCount: Int

  // Places and forces of the stages [stages][steps × nd], W [stages][nd × nd], A = W D [nd × rows], ∂u/∂θ [n C × node
  // parameters], the kernel's gradients [rows × kernel parameters], and A ∂(ż)/∂u [nd × n C].
  private let places: AlignedMemory<Double>
  private let forces: [AlignedMemory<Double>]
  private let weights: [AlignedMemory<Double>]
  private let carried: AlignedMemory<Double>
  private let nodeGradients: AlignedMemory<Double>
  private let kernelGradients: AlignedMemory<Double>
  private let nodeSlopes: AlignedMemory<Double>

  private var nd: Int { bodies * d }
  private var C: Int { node.outputs }
  private var width: Int { geometry.width }
  /// Rows of a step: residuals of one system are steps × nd.
  var rows: Int { steps * nd }

  /// Nil where the model is no sum over pairs of functions of the two bodies alone, or the method is no Nyström method.
  init?(_ model: HamiltonianModel, method: ChunkMethod, bodies: Int, points: Int) {
    let config = model.config
    guard config.readout == .pair, config.layers == 0, config.lift == .isotropic,
      config.neighbourhood == .all,
      let scheme = StepScheme(method)
    else { return nil }
    let geometry = PairGeometry(model.group)
    let views = model.layout.views
    let isKernel = { (view: ParameterView) in view.name.hasPrefix("readout.kernel.") }
    var pairs: [(i: Int, j: Int)] = []
    for i in 0..<bodies {
      for j in 0..<bodies where i < j || (i != j && !geometry.isSymmetric) { pairs.append((i, j)) }
    }
    let (steps, width, d) = (points - 1, geometry.width, geometry.dimension)
    guard
      let node = PerceptronRows(
        views.filter { !isKernel($0) }, directions: 0, capacity: bodies * config.channels)
    else { return nil }
    let normalisation =
      model.normalisation ?? .none(features: model.featureNames.count, pairWidth: width)
    var stages: [PairStage] = []
    for _ in 0..<scheme.stages {
      guard
        let kernel = PerceptronRows(
          views.filter(isKernel), directions: width, capacity: steps * pairs.count)
      else { return nil }
      stages.append(
        PairStage(
          kernel, geometry: geometry, pairs: pairs, bodies: bodies, steps: steps,
          factors: normalisation.pairSizes.map { 1 / $0 }, scales: config.scales, centres: config.centre))
    }
    guard let first = stages.first, node.firstParameter == 0,
      first.kernel.firstParameter == node.parameterCount
    else { return nil }
    parameterCount = node.parameterCount + first.kernel.parameterCount
    self.scheme = scheme
    self.bodies = bodies
    self.d = d
    self.steps = steps
    self.geometry = geometry
    self.pairs = pairs
    self.normalisation = normalisation
    seesEnds = config.kernel == .ends
    centres = config.centre
    let share = config.pool == .mean ? 1 / Double(bodies) : 1
    scale =
      normalisation.energy * share / Double(config.channels).squareRoot() * (geometry.isSymmetric ? 1 : 0.5)
    self.node = node
    self.stages = stages
    let (nd, count) = (bodies * d, scheme.stages * pairs.count * width)
    places = AlignedMemory(count: steps * nd)
    forces = (0..<scheme.stages).map { _ in AlignedMemory(count: steps * nd) }
    weights = (0..<scheme.stages).map { _ in AlignedMemory(count: nd * nd) }
    carried = AlignedMemory(count: nd * count)
    nodeGradients = AlignedMemory(count: bodies * config.channels * node.parameterCount)
    kernelGradients = AlignedMemory(count: count * first.kernel.parameterCount)
    nodeSlopes = AlignedMemory(count: nd * bodies * config.channels)
  }

  /// The residuals (p_true − p′) · `factor` of a chunk [rows], and with `jacobian` ∂p′/∂θ · `factor` [rows × parameters].
  func evaluate(
    _ entry: ChunkDataset.Entry, h: Double, factor: Double, _ storage: ParameterStorage<Double>,
    residuals: UnsafeMutablePointer<Double>, jacobian: UnsafeMutablePointer<Double>?
  ) {
    prepare(entry, storage, differentiates: jacobian != nil)
    let inverseMasses = entry.bodies.inverseMasses
    let isFree = (0..<nd).map { entry.bodies.pinned[$0 / d] ? 0.0 : 1.0 }
    for s in 0..<scheme.stages {
      for step in 0..<steps {
        place(s, step, entry.states[step], inverseMasses, h)
      }
      stages[s].forces(
        at: places.base, steps: steps, into: forces[s].base, storage, differentiates: jacobian != nil,
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
      differentiate(step, into: jacobian + step * nd * parameterCount)
    }
  }

  /// u of the bodies, z̄ = e u_i ⊙ u_j of the pairs, and what the kernels see beside the embedding.
  private func prepare(
    _ entry: ChunkDataset.Entry, _ storage: ParameterStorage<Double>, differentiates: Bool
  ) {
    let features = normalisation.featureMeans.count
    let f = entry.features.enumerated().map { k, value in
      (value - normalisation.featureMeans[k % features]) / normalisation.featureDeviations[k % features]
    }
    for row in 0..<bodies * C {
      for k in 0..<features { node.x[0].base[row * features + k] = f[row / C * features + k] }
    }
    // One row per body and channel, so that every channel has a gradient of its own.
    node.forward(rows: bodies * C, storage)
    if differentiates {
      let bars = node.zbar[node.last]
      bars.clear()
      for row in 0..<bodies * C { bars.base[row * C + row % C] = 1 }
      node.reverse(rows: bodies * C, storage)
      for row in 0..<bodies * C {
        node.gradient(row: row, into: nodeGradients.base + row * node.parameterCount)
      }
    }
    let half = 0.5.squareRoot()
    for stage in stages {
      let (inputs, kernel) = (stage.kernel.layers[0].matrix.rows, stage.kernel)
      for (pair, (i, j)) in pairs.enumerated() {
        let (ui, uj) = (u(i), u(j))
        for step in 0..<steps {
          let row = step * pairs.count + pair
          let bar = kernel.zbar[kernel.last].base + row * C
          for c in 0..<C { bar[c] = scale * ui[c] * uj[c] }
          if seesEnds {
            let x = kernel.x[0].base + (row + 1) * inputs - features
            for k in 0..<features { x[k] = (f[i * features + k] + f[j * features + k]) * half }
          }
        }
      }
    }
  }

  private func u(_ body: Int) -> UnsafePointer<Double> {
    UnsafePointer(node.z[node.last].base + body * C * C)
  }

  /// Q of a stage, the mean position taken out where the model does so.
  private func place(_ s: Int, _ step: Int, _ state: PhaseState, _ inverseMasses: [Double], _ h: Double) {
    let Q = places.base + step * nd
    for k in 0..<nd {
      var force = 0.0
      for j in 0..<s where scheme.a[s][j] != 0 { force += scheme.a[s][j] * forces[j].base[step * nd + k] }
      Q[k] = state.q[k] + h * inverseMasses[k] * (scheme.c[s] * state.p[k] + h * force)
    }
    guard centres else { return }
    for axis in 0..<d {
      var mean = 0.0
      for i in 0..<bodies { mean += Q[i * d + axis] }
      mean /= Double(bodies)
      for i in 0..<bodies { Q[i * d + axis] -= mean }
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
        let (later, K) = (weights[r].base, stages[r].stiffness.base + step * nd * nd)
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

  /// ∂p′/∂θ of a step [nd × parameters].
  private func differentiate(_ step: Int, into jacobian: UnsafeMutablePointer<Double>) {
    let (count, kernelCount) = (scheme.stages * pairs.count * width, parameterCount - node.parameterCount)
    let A = carried.base
    nodeSlopes.clear()
    var row = 0
    for s in 0..<scheme.stages {
      if centres { centreColumns(of: weights[s].base) }
      let (W, stage) = (weights[s].base, stages[s])
      for (pair, (i, j)) in pairs.enumerated() {
        let at = step * pairs.count + pair
        for α in 0..<width {
          let J = stage.jacobians.base + (at * width + α) * 2 * d
          for x in 0..<nd {
            var sum = 0.0
            for axis in 0..<d {
              sum -= W[x * nd + i * d + axis] * J[axis] + W[x * nd + j * d + axis] * J[d + axis]
            }
            A[x * count + row] = sum
          }
          stage.kernel.tangentGradient(row: at, α, into: kernelGradients.base + row * kernelCount)
          addNodeSlopes(row, count, i, j, stage.kernel.outputTangent(α) + at * C)
          row += 1
        }
      }
    }
    var product = Product<Double>(
      m: nd, n: kernelCount, k: count, left: .plain(columns: count), right: .plain(columns: kernelCount),
      rowLength: parameterCount)
    product.write(A, kernelGradients.base, to: jacobian + node.parameterCount)
    product = Product<Double>(
      m: nd, n: node.parameterCount, k: bodies * C, left: .plain(columns: bodies * C),
      right: .plain(columns: node.parameterCount), rowLength: parameterCount)
    product.write(nodeSlopes.base, nodeGradients.base, to: jacobian)
  }

  /// What a row of A owes to u_i and u_j: e ġ_c u_jc and e ġ_c u_ic.
  private func addNodeSlopes(
    _ row: Int, _ count: Int, _ i: Int, _ j: Int, _ gdot: UnsafePointer<Double>
  ) {
    let (ui, uj) = (u(i), u(j))
    for x in 0..<nd {
      let entry = scale * carried.base[x * count + row]
      let slopes = nodeSlopes.base + x * bodies * C
      for c in 0..<C {
        slopes[i * C + c] += entry * gdot[c] * uj[c]
        slopes[j * C + c] += entry * gdot[c] * ui[c]
      }
    }
  }

  /// W ← W P, where P takes the mean over the bodies out.
  private func centreColumns(of W: UnsafeMutablePointer<Double>) {
    for x in 0..<nd {
      for axis in 0..<d {
        var mean = 0.0
        for i in 0..<bodies { mean += W[x * nd + i * d + axis] }
        mean /= Double(bodies)
        for i in 0..<bodies { W[x * nd + i * d + axis] -= mean }
      }
    }
  }
}
