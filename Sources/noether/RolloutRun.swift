// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators

/// A rollout of a learned law in its run directory: begun, or taken up again.
struct RolloutRun {
  static let command = "rollout"

  private let simulation: Simulation
  private let model: HamiltonianModel
  private let modelPath: String
  private let steps: Int?
  private let precision: Precision
  private let options: RunOptions

  init(_ simulation: Simulation, modelAt path: String, steps: Int?, precision: Precision, options: RunOptions)
    throws
  {
    self.simulation = simulation
    modelPath = URL(fileURLWithPath: HamiltonianModel.file(at: path)).standardizedFileURL.path
    model = try HamiltonianModel.load(modelPath)
    self.steps = steps
    self.precision = precision
    self.options = options
    // Tells now, before anything is written, whether the model fits the bodies, and the method the model.
    try simulation.method.check(model.law(like: simulation.systems[0].system, precision: precision))
  }

  /// The run that `record` tells of; refused where the model is another by now.
  init(_ record: RunRecord, options: RunOptions) throws {
    guard let path = try record.details["model"]?.string() else {
      throw NoetherError("run.json: details.model: missing; begin the run again")
    }
    let steps = try record.details["steps"]?.integer(in: 1...FramePlan.mostSteps)
    let simulation = try Simulation(record)
    try record.check(simulation.scenario)
    let precision = try record.details["precision"]?.string() ?? "missing"
    guard let precision = Precision(rawValue: precision) else {
      throw NoetherError("run.json: details.precision: '\(precision)'; there are float32 and float64")
    }
    try self.init(simulation, modelAt: path, steps: steps, precision: precision, options: options)
    let digest = try record.details["model_sha256"]?.string()
    guard try digest == sha256(ofFile: modelPath) else {
      throw NoetherError("\(modelPath): has changed since the rollout began; begin it again with --overwrite")
    }
  }

  func record(threads: Int) throws -> RunRecord {
    var record = simulation.record(command: Self.command, threads: threads)
    record.details["model"] = .string(modelPath)
    record.details["model_sha256"] = .string(try sha256(ofFile: modelPath))
    record.details["precision"] = .string(precision.rawValue)
    record.details["steps"] = steps.map { .integer($0) }
    return record
  }

  func start(_ output: OutputOptions) throws {
    try simulation.checkSize()
    let record = try record(threads: options.threadCount())
    let directory = try RunDirectory.create(output.directory, record: record, overwrite: output.overwrite)
    try go(in: directory, record)
  }

  func go(in directory: RunDirectory, _ record: RunRecord) throws {
    let threads = try options.threadCount()
    try EnsembleRun(ensemble: ensemble, systems: simulation.systems, options: options)
      .go(in: directory, record) { runs in
        try writeErrors(of: runs, to: directory.file("rollout_error.csv"), threads: threads)
        try writeLedger(of: runs, to: directory.file("ledger.csv"), threads: threads)
      }
  }

  private var ensemble: Ensemble {
    let alarm = RangeWatch.Alarm { Terminal.say($0) }
    return Ensemble(
      members: simulation.systems.map { truth in
        Ensemble.Member(
          index: truth.index,
          law: { [model, precision] in
            try RangeWatch(index: truth.index, range: model.trainingDistance, alarm: alarm)
              .watched(model.law(like: truth.system, precision: precision))
          }, truth: truth.system, initial: truth.initial)
      },
      method: simulation.method, stepping: simulation.stepping,
      compensated: simulation.method.isCompensable, plan: simulation.plan,
      events: simulation.scenario.events,
      hasLearnedEnergy: model.dynamics.hasEnergy)
  }

  /// rollout_error.csv: every kept state beside the true one.
  private func writeErrors(of runs: [SystemRun], to path: String, threads: Int) throws {
    let systems = simulation.systems
    let errors = try parallelMap(count: runs.count, threads: threads) { index -> [RolloutErrorRow] in
      do {
        let truth = try ReferenceTrajectory.states(
          of: systems[index].system, from: systems[index].initial, at: runs[index].frames.map(\.t))
        return RolloutErrorRow.rows(runs[index].frames, truth: truth)
      } catch let failure as IntegrationFailure {
        Terminal.say("warning: system \(systems[index].index) has no true trajectory: \(failure.message)")
        return []
      }
    }
    let csv = try CSVWriter(path, header: ["system"] + RolloutErrorRow.columns)
    for (run, rows) in zip(runs, errors) {
      for row in rows {
        csv.add(run.index)
        csv.add(row.step)
        for number in row.numbers { csv.add(number) }
        try csv.endRow()
      }
    }
    try csv.finish()
  }

  /// ledger.csv: the momenta of space's own motions and of the model's group, at every kept state.
  private func writeLedger(of runs: [SystemRun], to path: String, threads: Int) throws {
    let space = VelocityField.isometries(dimension: model.dimension)
    let ledger = try LedgerFile(
      path, fields: space.united(with: VelocityField.all(of: model.group)), model: model,
      precision: precision)
    try ledger.write(
      zip(runs, simulation.systems).map {
        LedgerFile.Member(index: $0.index, frames: $0.frames, law: $1.system)
      }, threads: threads)
    try ledger.finish()
  }
}
