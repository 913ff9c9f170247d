// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Dynamics
import Synchronization

/// The least-squares problem of learning from single steps: residuals (p_true − p′)/rms Δp after one step of the loss's method from
/// every point of the training chunks but the last, and the normal equations of their linearisation.
///
/// Systems are divided into fixed lanes, which threads take as they become free; lanes are added in order, so that the bits do
/// not depend on the number of threads.
final class StepResiduals {
  /// The problem linearised at θ, all means over the residuals.
  struct NormalEquations {
    /// ½ ⟨r²⟩ · 2 = ⟨r²⟩.
    var cost: Double
    /// ⟨JᵀJ⟩ [parameters²], both triangles, and ⟨Jᵀr⟩.
    var matrix: [Double]
    var slope: [Double]
  }

  private static let lanes = 8
  /// Systems whose rows are multiplied together.
  private static let block = 4
  private static let panel = 64

  let data: ChunkDataset
  private let workers: [PairSteps]
  private let storage: ParameterStorage<Double>
  private let factor: Double
  private var parameterCount: Int { workers[0].parameterCount }
  private var residualCount: Double { Double(data.count * workers[0].rows) }

  /// Throws where the model or the method has no such Jacobian, the data do not fit, or memory is short.
  init(_ model: HamiltonianModel, data: ChunkDataset, method: ChunkMethod, threads: Int) throws {
    try model.checkFit(data)
    try model.checkDomain(of: data, name: "training data")
    let count = model.layout.count
    var need = MemoryNeed()
    need.add(bytes: 8 * Double(count) * Double(count) * Double(Self.lanes + 3))
    try need.check(
      "Levenberg–Marquardt with \(count) parameters",
      remedy: "use optimizer.method: lbfgs or a narrower model")
    workers = (0..<max(1, min(threads, Self.lanes))).compactMap { _ in
      PairSteps(model, method: method, bodies: data.bodies, points: data.points)
    }
    guard !workers.isEmpty else {
      throw NoetherError(
        "optimizer.method: lm needs a sum over pairs: model.readout: pair with layers: 0, lift: isotropic and no "
          + "neighbourhood, and loss.integrator rk4, rk4-38 or nystrom4 without stride; or use adam or lbfgs")
    }
    self.data = data
    storage = ParameterStorage(model.parameters, layout: model.layout)
    var (squares, numbers) = (0.0, 0.0)
    for entry in data.systems {
      for (state, next) in zip(entry.states, entry.states.dropFirst()) {
        for (before, after) in zip(state.p, next.p) { squares += (after - before) * (after - before) }
        numbers += Double(state.p.count)
      }
    }
    factor = squares > 0 ? (numbers / squares).squareRoot() : 1
  }

  /// What a mean squared residual has to be multiplied by to be one of momenta.
  var unit: Double { 1 / (factor * factor) }

  /// ⟨r²⟩ at θ.
  func cost(at parameters: [Double]) -> Double {
    load(parameters)
    let sums = forEachLane { worker, systems in
      let residuals = AlignedMemory<Double>(count: worker.rows)
      var sum = 0.0
      for system in systems {
        worker.evaluate(
          self.data.systems[system], h: self.data.step, factor: self.factor, self.storage,
          residuals: residuals.base, jacobian: nil)
        for k in 0..<worker.rows { sum += residuals.base[k] * residuals.base[k] }
      }
      return sum
    }
    return sums.reduce(0, +) / residualCount
  }

  func normalEquations(at parameters: [Double]) -> NormalEquations {
    load(parameters)
    let count = parameterCount
    nonisolated(unsafe) let results = forEachLane { worker, systems in
      self.accumulate(worker, systems, count)
    }
    var equations = NormalEquations(
      cost: 0, matrix: [Double](repeating: 0, count: count * count),
      slope: [Double](repeating: 0, count: count))
    for lane in results {
      equations.cost += lane.cost
      for k in 0..<count * count { equations.matrix[k] += lane.matrix.base[k] }
      for k in 0..<count { equations.slope[k] += lane.slope[k] }
    }
    equations.cost /= residualCount
    for k in equations.matrix.indices { equations.matrix[k] /= residualCount }
    for k in equations.slope.indices { equations.slope[k] /= residualCount }
    // The products left the lower triangle out.
    for i in 0..<count {
      for j in 0..<i { equations.matrix[i * count + j] = equations.matrix[j * count + i] }
    }
    return equations
  }

  private struct Lane {
    var cost = 0.0
    let matrix: AlignedMemory<Double>
    var slope: [Double]
  }

  private func accumulate(_ worker: PairSteps, _ systems: Range<Int>, _ count: Int) -> Lane {
    var lane = Lane(matrix: AlignedMemory(count: count * count), slope: [Double](repeating: 0, count: count))
    let residuals = AlignedMemory<Double>(count: Self.block * worker.rows)
    let jacobian = AlignedMemory<Double>(count: Self.block * worker.rows * count)
    for start in stride(from: systems.lowerBound, to: systems.upperBound, by: Self.block) {
      let some = start..<min(start + Self.block, systems.upperBound)
      for (k, system) in some.enumerated() {
        worker.evaluate(
          data.systems[system], h: data.step, factor: factor, storage,
          residuals: residuals.base + k * worker.rows, jacobian: jacobian.base + k * worker.rows * count)
      }
      let rows = some.count * worker.rows
      for row in 0..<rows {
        let (r, J) = (residuals.base[row], jacobian.base + row * count)
        lane.cost += r * r
        for k in 0..<count { lane.slope[k] += r * J[k] }
      }
      // JᵀJ by panels of columns, each down to its diagonal.
      for first in stride(from: 0, to: count, by: Self.panel) {
        let columns = min(Self.panel, count - first)
        let target = lane.matrix.base + first
        var product = Product<Double>(
          m: first + columns, n: columns, k: rows, left: .transposed(columns: count),
          right: .plain(columns: count),
          rowLength: count)
        product.adding = UnsafePointer(target)
        product.write(jacobian.base, jacobian.base + first, to: target)
      }
    }
    return lane
  }

  private func load(_ parameters: [Double]) {
    for (k, value) in parameters.enumerated() { storage.values[k] = value }
    storage.pack()
  }

  /// Runs `body` once per lane, on as many threads as there are workers; results in the order of the lanes.
  private func forEachLane<R>(_ body: @escaping (PairSteps, Range<Int>) -> R) -> [R] {
    let next = Atomic(0)
    nonisolated(unsafe) let run = body
    nonisolated(unsafe) let workers = workers
    nonisolated(unsafe) var results = [R?](repeating: nil, count: Self.lanes)
    let count = data.count
    let lock = Mutex(())
    DispatchQueue.concurrentPerform(iterations: workers.count) { w in
      while true {
        let lane = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if lane >= Self.lanes { return }
        nonisolated(unsafe) let result = run(
          workers[w], lane * count / Self.lanes..<(lane + 1) * count / Self.lanes)
        lock.withLock { _ in results[lane] = result }
      }
    }
    return results.compactMap { $0 }
  }
}
