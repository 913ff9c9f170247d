// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The forces of a model whose potential is a sum over pairs, V = e Σ_pairs Σ_c u_ic g_c(a_ij, …) u_jc, and their exact
/// derivatives by places and parameters.
///
/// Every ∂F/∂θ is a sum over pairs, so that W ∂F/∂θ for any W is one product, of W times the embeddings' derivatives,
/// [nd × pairs · width], with the kernel's gradients, one row per pair and column of the embedding; several stages are
/// stacked. The nodes' values u depend on the features alone: their share goes through ∂u/∂θ, which is found once.
final class PairForces {
  let bodies: Int
  let d: Int
  let parameterCount: Int
  private let geometry: PairGeometry
  private let pairs: [(i: Int, j: Int)]
  private let normalisation: Normalisation
  private let seesEnds: Bool
  private let centres: Bool
  private let weighsMass: Bool
  /// e, what every pair's inner product is multiplied by.
  private let scale: Double
  private let node: PerceptronRows
  private let stages: [PairStage]

  // A = W D [nd × rows], ∂u/∂θ [n C × node parameters], the kernel's gradients [rows × kernel parameters], and A ∂(ż)/∂u
  // [nd × n C].
  private let carried: AlignedMemory<Double>
  private let nodeGradients: AlignedMemory<Double>
  private let kernelGradients: AlignedMemory<Double>
  private let nodeSlopes: AlignedMemory<Double>

  private var nd: Int { bodies * d }
  private var C: Int { node.outputs }
  private var width: Int { geometry.width }

  /// Memory for `stages` places of each of `steps` states. Nil where the model is no sum over pairs of functions of the two
  /// bodies alone.
  init?(_ model: HamiltonianModel, bodies: Int, stages count: Int, steps: Int) {
    let config = model.config
    guard config.readout == .pair, config.layers == 0, config.lift == .isotropic,
      config.neighbourhood == .all, config.kinetic == .given
    else { return nil }
    let geometry = PairGeometry(model.group)
    let views = model.layout.views.filter { $0.name != DampedSystem.parameter }
    let isKernel = { (view: ParameterView) in view.name.hasPrefix("readout.kernel.") }
    var pairs: [(i: Int, j: Int)] = []
    for i in 0..<bodies {
      for j in 0..<bodies where i < j || (i != j && !geometry.isSymmetric) { pairs.append((i, j)) }
    }
    let (width, d) = (geometry.width, geometry.dimension)
    guard
      let node = PerceptronRows(
        views.filter { !isKernel($0) }, directions: 0, capacity: bodies * config.channels)
    else { return nil }
    let normalisation =
      model.normalisation ?? .none(features: model.featureNames.count, pairWidth: width)
    var stages: [PairStage] = []
    for _ in 0..<count {
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
    self.bodies = bodies
    self.d = d
    self.geometry = geometry
    self.pairs = pairs
    self.normalisation = normalisation
    seesEnds = config.kernel == .ends
    centres = config.centre
    weighsMass = config.charges == .perMass
    let share = config.pool == .mean ? 1 / Double(bodies) : 1
    scale =
      normalisation.energy * share / Double(config.channels).squareRoot() * (geometry.isSymmetric ? 1 : 0.5)
    self.node = node
    self.stages = stages
    let (nd, rows) = (bodies * d, count * pairs.count * width)
    carried = AlignedMemory(count: nd * rows)
    nodeGradients = AlignedMemory(count: bodies * config.channels * node.parameterCount)
    kernelGradients = AlignedMemory(count: rows * first.kernel.parameterCount)
    nodeSlopes = AlignedMemory(count: nd * bodies * config.channels)
  }

  /// u of the bodies, z̄ = e u_i ⊙ u_j of the pairs, and what the kernels see beside the embedding, from the features
  /// [bodies × features].
  func prepare(
    features entry: [Double], steps: Int, _ storage: ParameterStorage<Double>, differentiates: Bool
  ) {
    let features = normalisation.featureMeans.count
    let f = entry.enumerated().map { k, value in
      (value - normalisation.featureMeans[k % features]) / normalisation.featureDeviations[k % features]
    }
    for row in 0..<bodies * C {
      for k in 0..<features { node.x[0].base[row * features + k] = f[row / C * features + k] }
    }
    let masses = weighsMass ? (0..<bodies).map { entry[$0 * features] } : []
    // One row per body and channel, so that every channel has a gradient of its own.
    node.forward(rows: bodies * C, storage)
    if differentiates {
      let bars = node.zbar[node.last]
      bars.clear()
      for row in 0..<bodies * C {
        bars.base[row * C + row % C] = weighsMass ? masses[row / C] * MassWeighting.slope : 1
      }
      node.reverse(rows: bodies * C, storage)
      for row in 0..<bodies * C {
        node.gradient(row: row, into: nodeGradients.base + row * node.parameterCount)
      }
    }
    if weighsMass {
      let u = node.z[node.last].base
      for k in 0..<bodies * C * C { u[k] = masses[k / (C * C)] * (1 + MassWeighting.slope * u[k]) }
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

  /// F [steps × nd] of a stage at `Q` [steps × nd], from which the mean is taken where the model does so. With
  /// `differentiates`, `gradient` may be asked afterwards, and with `moves` the stiffness is there.
  func forces(
    _ stage: Int, at Q: UnsafeMutablePointer<Double>, steps: Int, into F: UnsafeMutablePointer<Double>,
    _ storage: ParameterStorage<Double>, differentiates: Bool, moves: Bool
  ) {
    if centres {
      for step in 0..<steps { takeMeanOut(of: Q + step * nd, bodies: bodies, dimension: d) }
    }
    stages[stage].forces(
      at: Q, steps: steps, into: F, storage, differentiates: differentiates, moves: moves)
  }

  /// K = ∂F/∂q [nd × nd] of a stage of a step.
  func stiffness(_ stage: Int, step: Int) -> UnsafePointer<Double> {
    UnsafePointer(stages[stage].stiffness.base + step * nd * nd)
  }

  /// Σ W_s ∂F_s/∂θ [nd × parameters] over some stages of a step, for `weights` W_s [nd × nd], which may be changed; rows of
  /// the result are `rowLength` apart.
  func gradient(
    of chosen: Range<Int>, step: Int, weights: [AlignedMemory<Double>], rowLength: Int,
    into jacobian: UnsafeMutablePointer<Double>
  ) {
    let count = chosen.count * pairs.count * width
    let kernelCount = parameterCount - node.parameterCount
    let A = carried.base
    nodeSlopes.clear()
    var row = 0
    for (s, weight) in zip(chosen, weights) {
      let (W, stage) = (weight.base, stages[s])
      // F = P F(P q), where P takes the mean over the bodies out.
      if centres {
        for x in 0..<nd { takeMeanOut(of: W + x * nd, bodies: bodies, dimension: d) }
      }
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
      rowLength: rowLength)
    product.write(A, kernelGradients.base, to: jacobian + node.parameterCount)
    product = Product<Double>(
      m: nd, n: node.parameterCount, k: bodies * C, left: .plain(columns: bodies * C),
      right: .plain(columns: node.parameterCount), rowLength: rowLength)
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
}
