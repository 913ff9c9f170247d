// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Fits a model and the state of the bodies to a measured trajectory, in windows that grow from phase to phase: short ones
/// are nearly linear in all unknowns, long ones are sharp.
///
/// Into its folder go `fit.csv`, and at the end `model.safetensors` and the fitted `trajectory.csv`; `last.safetensors` is there
/// to go on from, to the same bits.
public final class TrajectoryFit {
  /// What one iteration did.
  public struct Record: Codable, Sendable, Equatable {
    public let iteration: Int
    /// Points of a window.
    public let points: Int
    /// ⟨r²⟩ before it, in units of σ².
    public let chiSquare: Double
    /// λ after it.
    public let damping: Double
  }

  /// Where the fit stands, but for the parameters and the starts.
  private struct State: Codable {
    var phase = 0
    /// Iterations done in the phase.
    var done = 0
    var damping = 1.0
    var records: [Record] = []
  }

  private let config: TrajectoryConfig
  private let measured: MeasuredTrajectory
  private let folder: String
  private let threads: Int
  private var model: HamiltonianModel
  private var state = State()
  /// Starts of the windows of the phase; empty before its first iteration.
  private var starts: [PhaseState] = []
  public var iterationsDone: Int { state.records.count }
  public var parameterCount: Int { model.layout.count }
  /// What a damaged checkpoint meant for where the fit goes on, if one was.
  public private(set) var warning: String?
  private let secondsBetweenSaves: Double
  private let checkpointFile: CheckpointFile

  /// Prepares a fit in `folder`; with `resume`, from the `last.safetensors` there, if there is one, or where that is damaged
  /// from the one saved before it.
  public init(
    _ config: TrajectoryConfig, measured: MeasuredTrajectory, folder: String, threads: Int, resume: Bool,
    saveEvery: Double = 30
  ) throws {
    self.config = config
    self.measured = measured
    self.folder = folder
    self.threads = threads
    secondsBetweenSaves = saveEvery
    checkpointFile = CheckpointFile(folder + "/last.safetensors")
    let whole = try measured.windows(points: measured.fitted)
    model = try HamiltonianModel(
      config.model, dimension: whole.dimension, featureNames: whole.featureNames, precision: "float64",
      trainingDistance: whole.largestDistance
    ).normalised(by: whole)
    _ = try residuals(phase: 0)
    if resume,
      let file = try checkpointFile.loadSafetensors(
        remedy: "begin again with --overwrite", tell: { warning = $0 })
    {
      try load(file)
    }
  }

  /// Fits to the end, or until `shouldStop` says so after an iteration, and saves what there is.
  public func run(onIteration: (Record) -> Void, shouldStop: () -> Bool) throws -> TrainingOutcome {
    var lastSave = ContinuousClock.now
    while state.phase < config.phases.count {
      var problem = try residuals(phase: state.phase)
      while state.done < config.phases[state.phase].iterations {
        if shouldStop() {
          try save()
          return .interrupted
        }
        var optimiser = LevenbergMarquardt(damping: state.damping)
        var unknowns = problem.unknowns(model.parameters)
        let step = optimiser.iterate(problem, &unknowns)
        guard step.cost.isFinite else {
          throw TrainingFailure(
            message: "fit: a trajectory is not finite; begin with windows of fewer points")
        }
        state.damping = optimiser.damping
        state.done += 1
        model.parameters = Array(unknowns[..<model.layout.count])
        starts = problem.starts(at: unknowns)
        let record = Record(
          iteration: state.records.count + 1, points: problem.windows.points, chiSquare: step.cost,
          damping: state.damping)
        state.records.append(record)
        onIteration(record)
        if !step.moved { break }
        // The starts are counted from where they are, so that going on from a file has the same bits.
        problem = try residuals(phase: state.phase)
        if (ContinuousClock.now - lastSave) / .seconds(1) > secondsBetweenSaves {
          try save()
          lastSave = .now
        }
      }
      try nextPhase(problem)
    }
    try save()
    try model.safetensors.write(to: folder + "/model.safetensors")
    checkpointFile.forgetPrevious()
    return .finished
  }

  private func points(phase: Int) -> Int {
    min(config.phases[phase].points ?? measured.fitted, measured.fitted)
  }

  private func residuals(phase: Int) throws -> TrajectoryResiduals {
    let points = points(phase: phase)
    if starts.isEmpty {
      starts = measured.windowStarts(points: points).map { measured.frames[$0].state }
    }
    return try TrajectoryResiduals(
      model, windows: measured.windows(points: points), times: measured.windowTimes(points: points),
      starts: starts, method: config.method, longest: measured.shortest / Double(config.substeps),
      noise: config.noise, threads: threads,
      layers: config.phases[phase].layers)
  }

  /// The fitted states are where the next windows start.
  private func nextPhase(_ finished: TrajectoryResiduals) throws {
    let problem = try residuals(phase: state.phase)
    var fitted = [PhaseState?](repeating: nil, count: measured.fitted)
    let windows = problem.trajectory(at: problem.unknowns(model.parameters))
    for (start, states) in zip(measured.windowStarts(points: problem.windows.points), windows) {
      for (k, state) in states.enumerated() where fitted[start + k] == nil || k == 0 {
        fitted[start + k] = state
      }
    }
    state.phase += 1
    state.done = 0
    // Longer windows are another problem, where larger steps are not to be trusted yet.
    state.damping = min(max(1e-6, 10 * state.damping), 1)
    let frames = measured.frames
    if state.phase < config.phases.count {
      starts = measured.windowStarts(points: points(phase: state.phase)).map {
        fitted[$0] ?? frames[$0].state
      }
    } else {
      let trajectory = fitted.enumerated().map {
        Frame(step: frames[$0].step, t: frames[$0].t, state: $1 ?? frames[$0].state)
      }
      try TrajectorySet(members: [
        TrajectorySet.Member(index: 0, bodies: measured.bodies, parameters: .unknown, frames: trajectory)
      ]).writeCSV(to: folder + "/trajectory.csv")
    }
  }

  private func save() throws {
    let csv = try CSVWriter(folder + "/fit.csv", header: ["iteration", "points", "chi_square", "damping"])
    for record in state.records {
      csv.add(record.iteration)
      csv.add(record.points)
      csv.add(record.chiSquare)
      csv.add(record.damping)
      try csv.endRow()
    }
    try csv.finish()
    var file = model.safetensors
    let coordinates = measured.bodies.coordinates
    file.tensors["starts"] = Safetensors.Tensor(
      shape: [starts.count, 2, coordinates], values: .float64(starts.flatMap { $0.q + $0.p }))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    file.metadata["fit_state"] = String(decoding: try encoder.encode(state), as: UTF8.self)
    try checkpointFile.save(file)
  }

  private func load(_ file: Safetensors) throws {
    let path = checkpointFile.path
    let stored = try HamiltonianModel(file, name: path)
    let nd = measured.bodies.coordinates
    guard stored.config == model.config, stored.normalisation == model.normalisation,
      let json = file.metadata["fit_state"],
      let known = try? JSONDecoder().decode(State.self, from: Data(json.utf8)),
      (0...config.phases.count).contains(known.phase),
      case .float64(let numbers) = file.tensors["starts"]?.values, numbers.count % (2 * nd) == 0
    else {
      throw NoetherError(
        "\(path): belongs to another configuration or other data, or is damaged; begin again with "
          + "--overwrite")
    }
    starts = stride(from: 0, to: numbers.count, by: 2 * nd).map {
      PhaseState(q: Array(numbers[$0..<$0 + nd]), p: Array(numbers[$0 + nd..<$0 + 2 * nd]))
    }
    if known.phase < config.phases.count {
      guard starts.count == measured.windowStarts(points: points(phase: known.phase)).count else {
        throw NoetherError(
          "\(path): has other windows than the configuration; begin again with --overwrite")
      }
    }
    model.parameters = stored.parameters
    state = known
  }
}
