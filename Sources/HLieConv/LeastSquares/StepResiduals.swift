// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The least-squares problem of learning from single steps: residuals (p_true − p′)/rms Δp after one step of the loss's method from
/// every point of the training chunks but the last, and the normal equations of their linearisation.
///
/// Systems are divided into lanes, which are added in order; those of a lane are taken by their number of bodies.
final class StepResiduals: LeastSquaresProblem {
  /// Systems whose rows are multiplied together.
  private static let block = 4

  let data: ChunkDataset
  private let workers: [Worker]
  private let storage: ParameterStorage<Double>
  private let factor: Double
  private let parameterCount: Int
  var kinds: [Int] { [parameterCount] }
  private let residualCount: Double

  /// One thread's steps, by the number of bodies.
  private typealias Worker = [Int: PairSteps]

  /// Throws where the model or the method has no such Jacobian, the data do not fit, or memory is short.
  init(_ model: HamiltonianModel, data: ChunkDataset, method: ChunkMethod, threads: Int) throws {
    try model.checkFit(data)
    try model.checkDomain(of: data, name: "training data")
    let count = model.layout.count
    var need = MemoryNeed()
    need.add(bytes: 8 * Double(count) * Double(count) * Double(Lanes.count + 3))
    let workerCount = max(1, min(threads, Lanes.count))
    let (sizes, stages) = (data.sizes, StepScheme(method)?.stages ?? 0)
    for size in sizes {
      need.add(bytes: Double(workerCount) * Self.bytes(model, data, bodies: size, stages: stages))
    }
    try need.check(
      "Levenberg–Marquardt with \(count) parameters and \(sizes.last ?? 0) bodies",
      remedy: "use optimizer.method: lbfgs, a narrower model or fewer bodies")
    workers = (0..<workerCount).map { _ in
      sizes.reduce(into: [:]) { worker, size in
        worker[size] = PairSteps(model, method: method, bodies: size, points: data.points)
      }
    }
    guard workers.allSatisfy({ $0.count == sizes.count }) else {
      throw NoetherError(
        "optimizer.method: lm needs a sum over pairs: model.readout: pair with layers: 0, lift: isotropic, kinetic: "
          + "given and no neighbourhood, and loss.integrator rk4, rk4-38 or nystrom4 without stride; or use adam or lbfgs"
      )
    }
    self.data = data
    parameterCount = count
    residualCount = data.systems.reduce(0) { $0 + Double((data.points - 1) * $1.bodies.coordinates) }
    storage = ParameterStorage(model.parameters, layout: model.layout)
    let (squares, numbers) = data.momentumChanges()
    factor = squares > 0 ? (numbers / squares).squareRoot() : 1
  }

  /// About what one thread needs: the kernels' gradients and what carries them, the Jacobian of a block, and the stages' own.
  private static func bytes(
    _ model: HamiltonianModel, _ data: ChunkDataset, bodies: Int, stages: Int
  ) -> Double {
    let (n, d, count) = (Double(bodies), Double(data.dimension), Double(model.layout.count))
    let (steps, width) = (Double(data.points - 1), Double(model.group.embeddingWidth))
    let (pairs, nd) = (n * n, n * d)
    let rows = Double(stages) * pairs * width
    let activations = Double(
      model.config.hidden.reduce(0, +) + model.config.channels + model.featureNames.count)
    let own = steps * (nd * nd + pairs * (activations + width) * 4 * (1 + width))
    let gradients = rows * (nd + count) + n * Double(model.config.channels) * count
    return 8 * (gradients + Double(block) * steps * nd * count + Double(stages) * own)
  }

  /// What a mean squared residual has to be multiplied by to be one of momenta.
  var unit: Double { 1 / (factor * factor) }

  /// ⟨r²⟩ at θ.
  func cost(at parameters: [Double]) -> Double {
    load(parameters)
    let sums = Lanes.forEach(of: data.count, workers: workers) { worker, systems in
      var sum = 0.0
      for (steps, members) in self.groups(of: systems, worker) {
        let residuals = AlignedMemory<Double>(count: steps.rows)
        for system in members {
          steps.evaluate(
            self.data.systems[system], h: self.data.step, factor: self.factor, self.storage,
            residuals: residuals.base, jacobian: nil)
          for k in 0..<steps.rows { sum += residuals.base[k] * residuals.base[k] }
        }
      }
      return sum
    }
    return sums.reduce(0, +) / residualCount
  }

  func normalEquations(at parameters: [Double]) -> NormalEquations {
    load(parameters)
    let lanes = Lanes.forEach(of: data.count, workers: workers) { self.accumulate($0, $1) }
    var equations = NormalEquations(unknowns: parameterCount)
    for sums in lanes { equations.add(sums, at: Array(0..<parameterCount)) }
    equations.finish(residuals: residualCount)
    return equations
  }

  private func accumulate(_ worker: Worker, _ systems: Range<Int>) -> NormalSums {
    let count = parameterCount
    var sums = NormalSums(unknowns: count)
    for (steps, members) in groups(of: systems, worker) {
      let residuals = AlignedMemory<Double>(count: Self.block * steps.rows)
      let jacobian = AlignedMemory<Double>(count: Self.block * steps.rows * count)
      for start in stride(from: 0, to: members.count, by: Self.block) {
        let some = members[start..<min(start + Self.block, members.count)]
        for (k, system) in some.enumerated() {
          steps.evaluate(
            data.systems[system], h: data.step, factor: factor, storage,
            residuals: residuals.base + k * steps.rows, jacobian: jacobian.base + k * steps.rows * count)
        }
        sums.add(residuals: residuals.base, jacobian: jacobian.base, rows: some.count * steps.rows)
      }
    }
    return sums
  }

  /// Some systems by their number of bodies, smallest first, in their order.
  private func groups(of systems: Range<Int>, _ worker: Worker) -> [(steps: PairSteps, members: [Int])] {
    let bySize = Dictionary(grouping: systems) { data.systems[$0].bodies.count }
    return bySize.sorted { $0.key < $1.key }.compactMap { size, members in
      worker[size].map { ($0, members) }
    }
  }

  private func load(_ parameters: [Double]) {
    for (k, value) in parameters.enumerated() { storage.values[k] = value }
    storage.pack()
  }
}
