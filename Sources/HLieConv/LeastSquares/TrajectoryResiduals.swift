// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Which parameters a fit may change.
public enum FittedLayers: String, Sendable, CaseIterable {
  /// The kernel's last layer and the friction, in both of which forces are linear.
  case kernel
  case all
}

/// The least-squares problem of learning from measured positions: residuals (q_data − q)/σ at all points of windows of a
/// trajectory, each integrated from a start of its own, which is fitted together with the parameters (multiple shooting; Bock
/// 1981). σ is the measurement's standard error, so that a perfect model has ⟨r²⟩ = 1.
///
/// The unknowns are θ, then of every window (q₀, τv₀) minus those it begins with, τ the mean duration of a window. Momenta of the data
/// play no part. Pinned bodies and layers that are not to be fitted stay as they are. Windows are divided into lanes.
final class TrajectoryResiduals: LeastSquaresProblem {
  let windows: ChunkDataset
  /// Of the points of every window.
  private let times: [[Double]]
  private let starts: [PhaseState]
  /// The longest step of the method.
  private let longest: Double
  private let noise: Double
  private let workers: [PairTrajectory]
  private let storage: ParameterStorage<Double>
  /// Unknowns that stay as they are: parameters, and starts of pinned bodies.
  private let frozen: [Int]
  /// Coordinates of pinned bodies.
  private let pinned: [Int]
  private let hasFriction: Bool
  private static let mostSteps = 1e6
  /// Points whose rows are multiplied together.
  private static let block = 32

  private var parameterCount: Int { workers[0].parameterCount }
  private var coordinates: Int { workers[0].coordinates }
  /// τ.
  private var duration: Double { windows.step * Double(windows.points - 1) }
  private var residualCount: Double { Double(windows.count * windows.points * (coordinates - pinned.count)) }
  /// γ has a size of its own, that of the masses over time.
  var kinds: [Int] {
    let network = hasFriction ? [parameterCount - 1, 1] : [parameterCount]
    return network + [2 * coordinates * windows.count]
  }

  /// - Parameter longest: the longest step of the method.
  ///
  /// Throws where the model or the method has no such Jacobian, the windows do not fit it, or memory is short.
  init(
    _ model: HamiltonianModel, windows: ChunkDataset, times: [[Double]], starts: [PhaseState],
    method: ChunkMethod, longest: Double,
    noise: Double, threads: Int, layers: FittedLayers = .all
  ) throws {
    try model.checkFit(windows)
    guard windows.sizes.last ?? 0 > 1 else {
      throw NoetherError(
        "loss.kind: trajectory learns what bodies do to each other, and here is one; write what it hangs from as another "
          + "body and pin that, data.pinned: [pivot]")
    }
    let steps = times.reduce(0) { $0 + ($1[$1.count - 1] - $1[0]) } / longest
    guard steps <= Self.mostSteps else {
      throw NoetherError(
        "data.trajectories: with steps of \(longest), as the shortest time between two frames and loss.substeps want them, "
          + "there are \(steps) to the last frame; leave out frames that are too close, or lower loss.substeps"
      )
    }
    try model.checkDomain(of: windows, name: "training data")
    let unknowns = Double(model.layout.count + 2 * windows.systems.reduce(0) { $0 + $1.bodies.coordinates })
    var need = MemoryNeed()
    need.add(bytes: 8 * 4 * unknowns * unknowns)
    try need.check(
      "Levenberg–Marquardt with \(windows.count) windows", remedy: "use longer windows or a narrower model")
    workers = (0..<max(1, min(threads, Lanes.count))).compactMap { _ in
      PairTrajectory(model, method: method, bodies: windows.sizes.last ?? 0)
    }
    guard !workers.isEmpty else {
      throw NoetherError(
        "loss.kind: trajectory needs a sum over pairs: model.readout: pair with layers: 0, lift: isotropic, kinetic: "
          + "given and no neighbourhood, and loss.integrator rk4, rk4-38 or, without friction, nystrom4")
    }
    self.windows = windows
    self.times = times
    self.starts = starts
    self.longest = longest
    hasFriction = model.config.friction
    self.noise = noise
    let last = "readout.kernel.\(model.config.hidden.count)."
    let others =
      layers == .all
      ? [] : model.layout.views.filter { !$0.name.hasPrefix(last) && $0.name != DampedSystem.parameter }
    let (count, nd) = (model.layout.count, windows.systems.first?.bodies.coordinates ?? 0)
    let isPinned = windows.systems.first?.bodies.pinned ?? []
    let pinned = (0..<nd).filter { isPinned[$0 / windows.dimension] }
    self.pinned = pinned
    var frozen = others.flatMap { Array($0.range) }
    for window in windows.systems.indices {
      // Of q₀ and of v₀.
      let own = count + 2 * nd * window
      for k in pinned { frozen += [own + k, own + nd + k] }
    }
    self.frozen = frozen
    storage = ParameterStorage(model.parameters, layout: model.layout)
  }

  /// θ and starts that have not moved.
  func unknowns(_ parameters: [Double]) -> [Double] {
    parameters + [Double](repeating: 0, count: 2 * coordinates * windows.count)
  }

  /// Where the windows start at some unknowns.
  func starts(at unknowns: [Double]) -> [PhaseState] {
    let nd = coordinates
    return starts.enumerated().map { window, start in
      let own = parameterCount + 2 * nd * window
      var moved = start
      for k in 0..<nd {
        let mass = windows.systems[window].bodies.masses[k / windows.dimension]
        moved.q[k] += unknowns[own + k]
        moved.p[k] += mass * unknowns[own + nd + k] / duration
      }
      return moved
    }
  }

  func cost(at unknowns: [Double]) -> Double {
    load(unknowns)
    let starts = starts(at: unknowns)
    let sums = Lanes.forEach(of: windows.count, workers: workers) { worker, some in
      var sum = 0.0
      for window in some {
        self.follow(worker, window, starts[window], differentiates: false) { r, _ in sum += r * r }
      }
      return sum
    }
    return sums.reduce(0, +) / residualCount
  }

  func normalEquations(at unknowns: [Double]) -> NormalEquations {
    load(unknowns)
    let (nd, count, starts) = (coordinates, parameterCount, starts(at: unknowns))
    let lanes = Lanes.forEach(of: windows.count, workers: workers) { worker, some in
      some.map { self.sums(worker, $0, starts[$0]) }
    }
    var equations = NormalEquations(unknowns: unknowns.count)
    for (window, sums) in lanes.joined().enumerated() {
      let own = count + 2 * nd * window
      equations.add(sums, at: Array(0..<count) + Array(own..<own + 2 * nd))
    }
    equations.finish(residuals: residualCount)
    equations.freeze(frozen)
    return equations
  }

  /// The state at every point of every window at some unknowns.
  func trajectory(at unknowns: [Double]) -> [[PhaseState]] {
    load(unknowns)
    return starts(at: unknowns).enumerated().map { window, start in
      let entry = windows.systems[window]
      var states = [start]
      for point in 1..<windows.points {
        states.append(
          workers[0].follow(
            states[states.count - 1], entry.bodies, features: entry.features,
            times: Array(times[window][point - 1...point]), longest: longest, storage, differentiates: false,
            visit: { _, _, _ in }))
      }
      return states
    }
  }

  private func sums(_ worker: PairTrajectory, _ window: Int, _ start: PhaseState) -> NormalSums {
    let (nd, columns) = (coordinates, worker.unknowns)
    var sums = NormalSums(unknowns: columns)
    let residuals = AlignedMemory<Double>(count: Self.block * nd)
    let jacobian = AlignedMemory<Double>(count: Self.block * nd * columns)
    var rows = 0
    follow(worker, window, start, differentiates: true) { r, slopes in
      residuals.base[rows] = r
      let row = jacobian.base + rows * columns
      for k in 0..<columns { row[k] = slopes[k] / noise }
      for k in columns - nd..<columns { row[k] /= duration }
      rows += 1
      if rows == Self.block * nd {
        sums.add(residuals: residuals.base, jacobian: jacobian.base, rows: rows)
        rows = 0
      }
    }
    sums.add(residuals: residuals.base, jacobian: jacobian.base, rows: rows)
    return sums
  }

  /// Calls `visit` with every residual of a window and the row of derivatives that belongs to it.
  private func follow(
    _ worker: PairTrajectory, _ window: Int, _ start: PhaseState, differentiates: Bool,
    visit: (Double, UnsafePointer<Double>) -> Void
  ) {
    let entry = windows.systems[window]
    _ = worker.follow(
      start, entry.bodies, features: entry.features, times: times[window], longest: longest, storage,
      differentiates: differentiates
    ) { point, q, slopes in
      let truth = entry.states[point].q
      for k in q.indices { visit((truth[k] - q[k]) / noise, slopes + k * worker.unknowns) }
    }
  }

  private func load(_ unknowns: [Double]) {
    for k in 0..<parameterCount { storage.values[k] = unknowns[k] }
    storage.pack()
  }
}
