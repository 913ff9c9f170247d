// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The forces of one stage of all steps of a system, for V = e Σ_pairs Σ_c u_ic g_c(a_ij, …) u_jc, and what the Jacobian
/// by the parameters needs later: the embeddings' derivatives, and K = ∂F/∂q.
final class PairStage {
  let kernel: PerceptronRows
  private let geometry: PairGeometry
  private let pairs: [(i: Int, j: Int)]
  private let bodies: Int
  /// 1/size of each column of the embedding.
  private let factors: [Double]
  private let centres: Bool
  private let scales: [Double]
  /// Second derivatives of what the kernel sees of a column by that column [row × width × (1 + scales)].
  private let bends: AlignedMemory<Double>
  /// ∂a/∂(x_i, x_j) [row × width × 2d], divided by the columns' sizes.
  let jacobians: AlignedMemory<Double>
  /// K [step × nd × nd].
  let stiffness: AlignedMemory<Double>

  private var d: Int { geometry.dimension }
  private var width: Int { geometry.width }

  init(
    _ kernel: PerceptronRows, geometry: PairGeometry, pairs: [(i: Int, j: Int)], bodies: Int, steps: Int,
    factors: [Double], scales: [Double], centres: Bool
  ) {
    self.kernel = kernel
    self.geometry = geometry
    self.pairs = pairs
    self.bodies = bodies
    self.factors = factors
    self.centres = centres
    self.scales = scales
    bends = AlignedMemory(count: steps * pairs.count * geometry.width * (1 + scales.count))
    // The features' derivatives stay zero.
    for direction in kernel.xdot { direction[0].clear() }
    let coordinates = bodies * geometry.dimension
    jacobians = AlignedMemory(count: steps * pairs.count * geometry.width * 2 * geometry.dimension)
    stiffness = AlignedMemory(count: steps * coordinates * coordinates)
  }

  /// F [steps × nd] at Q [steps × nd], where the kernel's last z̄ and its inputs beside the embedding are in place. With
  /// `differentiates`, all of the kernel's derivatives are there afterwards, and with `moves` K too.
  func forces(
    at Q: UnsafePointer<Double>, steps: Int, into F: UnsafeMutablePointer<Double>,
    _ storage: ParameterStorage<Double>, differentiates: Bool, moves: Bool
  ) {
    let (rows, nd, inputs) = (steps * pairs.count, bodies * d, kernel.layers[0].matrix.rows)
    for step in 0..<steps {
      for (pair, (i, j)) in pairs.enumerated() {
        let row = step * pairs.count + pair
        let (x, J) = (kernel.x[0].base + row * inputs, jacobians.base + row * width * 2 * d)
        geometry.embed(Q + step * nd + i * d, Q + step * nd + j * d, into: x, J)
        for α in 0..<width {
          x[α] *= factors[α]
          for k in 0..<2 * d { J[α * 2 * d + k] *= factors[α] }
          let xdot = kernel.xdot[α][0].base + row * inputs
          xdot[α] = 1
          for (index, scale) in scales.enumerated() {
            let jet = Magnification.magnify(x[α], scale)
            let column = (index + 1) * width + α
            (x[column], xdot[column]) = (jet.value, jet.slope)
            bends.base[row * width * (1 + scales.count) + column] = jet.curvature
          }
        }
      }
    }
    kernel.forward(rows: rows, storage)
    kernel.tangents(rows: rows, storage)
    if differentiates || moves {
      kernel.reverse(rows: rows, storage)
      kernel.reverseTangents(rows: rows, storage)
    }
    F.update(repeating: 0, count: steps * nd)
    if moves { stiffness.base.update(repeating: 0, count: steps * nd * nd) }
    for step in 0..<steps {
      for (pair, (i, j)) in pairs.enumerated() {
        let row = step * pairs.count + pair
        let J = jacobians.base + row * width * 2 * d
        for α in 0..<width {
          // F = −∂V/∂q.
          let slope = slope(row, α)
          for axis in 0..<d {
            F[step * nd + i * d + axis] -= slope * J[α * 2 * d + axis]
            F[step * nd + j * d + axis] -= slope * J[α * 2 * d + d + axis]
          }
        }
        if moves {
          addStiffness(
            row, Q + step * nd, i, j, to: stiffness.base + step * nd * nd, storage)
        }
      }
      if centres {
        takeMeanOut(of: F + step * nd, bodies: bodies, dimension: d)
        if moves {
          let K = stiffness.base + step * nd * nd
          for row in 0..<nd { takeMeanOut(of: K + row * nd, bodies: bodies, dimension: d) }
          for column in 0..<nd { takeMeanOut(of: K + column, bodies: bodies, dimension: d, stride: nd) }
        }
      }
    }
  }

  /// ∂V/∂a_α of a row: z̄ · ż.
  private func slope(_ row: Int, _ α: Int) -> Double {
    let C = kernel.outputs
    let (bar, dot) = (kernel.zbar[kernel.last].base + row * C, kernel.outputTangent(α) + row * C)
    var sum = 0.0
    for c in 0..<C { sum += bar[c] * dot[c] }
    return sum
  }

  /// K −= Jᵀ V″ J + Σ_α ∂V/∂a_α ∇²a_α.
  private func addStiffness(
    _ row: Int, _ q: UnsafePointer<Double>, _ i: Int, _ j: Int, to K: UnsafeMutablePointer<Double>,
    _ storage: ParameterStorage<Double>
  ) {
    let (nd, J) = (bodies * d, jacobians.base + row * width * 2 * d)
    geometry.place(q + i * d, q + j * d)
    let inputs = kernel.layers[0].matrix.rows
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width * width + inputs) { memory in
      guard let curvature = memory.baseAddress else { return }
      for α in 0..<width { bend(row, α, storage, curvature + width * width, into: curvature + α * width) }
      for k in 0..<2 * d {
        let change = geometry.jacobianChange(along: k)
        let column = k < d ? i * d + k : j * d + k - d
        for l in 0..<2 * d {
          var sum = 0.0
          for α in 0..<width {
            sum += slope(row, α) * factors[α] * change[α * 2 * d + l]
            for β in 0..<width {
              sum += J[α * 2 * d + l] * curvature[α * width + β] * J[β * 2 * d + k]
            }
          }
          K[(l < d ? i * d + l : j * d + l - d) * nd + column] -= sum
        }
      }
    }
  }

  /// ∂²V/∂a_α∂a_β [width] of a row: x̄̇_0 along α times ∂x_0/∂a_β, and x̄_0 times ∂²x_0/∂a_α².
  private func bend(
    _ row: Int, _ α: Int, _ storage: ParameterStorage<Double>, _ scratch: UnsafeMutablePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    let (inputs, seen) = (kernel.layers[0].matrix.rows, width * (1 + scales.count))
    kernel.inputCurvature(row: row, α, storage, into: scratch)
    for β in 0..<width {
      let xdot = kernel.xdot[β][0].base + row * inputs
      var sum = 0.0
      for column in stride(from: β, to: seen, by: width) { sum += scratch[column] * xdot[column] }
      if α == β {
        let xbar = kernel.xbar[0].base + row * inputs
        for column in stride(from: β + width, to: seen, by: width) {
          sum += xbar[column] * bends.base[row * seen + column]
        }
      }
      result[β] = sum
    }
  }
}

/// x ← x − mean over the bodies, axis by axis, for numbers that are `stride` apart: what taking the mean position out does to places
/// and to forces.
func takeMeanOut(of x: UnsafeMutablePointer<Double>, bodies: Int, dimension d: Int, stride: Int = 1) {
  for axis in 0..<d {
    var mean = 0.0
    for i in 0..<bodies { mean += x[(i * d + axis) * stride] }
    mean /= Double(bodies)
    for i in 0..<bodies { x[(i * d + axis) * stride] -= mean }
  }
}
