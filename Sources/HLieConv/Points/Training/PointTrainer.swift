// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Trains a network on points into a folder: `training.csv`, `model.safetensors` (the best by validation error, of equals the last) and
/// `last.safetensors` (to go on from), each written atomically.
public final class PointTrainer {
  private let plan: PointPlan
  private let folder: String
  private let work: any PointWork
  private var state: PointTrainingState
  private var unsavedBest: PointModel?
  private var seconds = 0.0
  /// A checkpoint is also written after this many seconds of an epoch without one.
  private let secondsBetweenSaves: Double
  private let checkpointFile: CheckpointFile
  public let parameterCount: Int
  /// What a damaged checkpoint meant for where training goes on, if one was.
  public let warning: String?

  public var totalSteps: Int { plan.steps }
  public var stepsDone: Int { state.step }

  /// Prepares training of `model` in `folder`; with `resume`, from the `last.safetensors` there, if there is one, or where that is damaged
  /// from the one saved before it. `makeLearner` makes the learner for the model as it stands. `saveEvery`: seconds between two
  /// savings, at most.
  public init<Task: PointTask>(
    _ model: PointModel, for task: Task, _ plan: PointPlan, folder: String, resume: Bool,
    saveEvery: Double, makeLearner: (PointModel, PointMoments?) throws -> PointLearner<Task.Samples>
  ) throws {
    self.plan = plan
    self.folder = folder
    secondsBetweenSaves = saveEvery
    checkpointFile = CheckpointFile(folder + "/last.safetensors")
    let path = checkpointFile.path
    var warning: String?
    let stored =
      resume
      ? try checkpointFile.loadSafetensors(remedy: "begin again with --overwrite") { warning = $0 } : nil
    let checkpoint = try stored.map { try PointCheckpoint($0, name: path, model: model, plan) }
    self.warning = warning
    work = LearnedTask(
      task: task, learner: try makeLearner(checkpoint?.model ?? model, checkpoint?.moments))
    parameterCount = model.network.layout.count
    state = checkpoint?.state ?? PointTrainingState()
    // Earlier runs' times are only for the reader of training.csv.
    if let times = try? CSVColumns(ifPresent: folder + "/training.csv")?["seconds"] {
      for (index, time) in zip(state.records.indices, times) { state.records[index].seconds = time }
      seconds = state.records.last?.seconds ?? 0
    }
  }

  /// Trains to the end, or until `shouldStop` says so after a step, and saves what there is.
  ///
  /// A loss or gradient that is not finite throws a `TrainingFailure` that says where the last good state is.
  public func run(
    onStep: (StepRecord) -> Void = { _ in }, onEpoch: (PointEpoch) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> TrainingOutcome {
    var epochStart = ContinuousClock.now
    var lastSave = epochStart
    while state.epoch < plan.epochs {
      var generator = SeededGenerator(seed: work.task.seed, path: 0x6570_6F63_68, UInt64(state.epoch))
      let order = generator.permutation(of: work.task.count)
      while state.step < (state.epoch + 1) * plan.stepsPerEpoch {
        if shouldStop() {
          try save()
          return .interrupted
        }
        let start = (state.step - state.epoch * plan.stepsPerEpoch) * plan.batch
        let loss = try step(Array(order[start..<min(start + plan.batch, order.count)]))
        onStep(StepRecord(step: state.step, totalSteps: plan.steps, epoch: state.epoch + 1, loss: loss))
        if (ContinuousClock.now - lastSave) / .seconds(1) > secondsBetweenSaves {
          try save()
          lastSave = .now
        }
      }
      seconds += (ContinuousClock.now - epochStart) / .seconds(1)
      epochStart = .now
      // Where it is interrupted, the epoch ends when the training goes on.
      guard let record = try finishEpoch(shouldStop) else {
        try save()
        return .interrupted
      }
      onEpoch(record)
      try save()
      lastSave = .now
    }
    checkpointFile.forgetPrevious()
    return .finished
  }

  private func rate(_ step: Int) -> Double { plan.schedule.rate(step: step, total: plan.steps) }

  private func step(_ batch: [Int]) throws -> Double {
    let result: (loss: Double, errors: Double)
    do {
      result = try work.step(batch, epoch: state.epoch, rate: rate(state.step))
    } catch is NonFiniteLoss {
      throw failure("the loss or its gradient is not finite at step \(state.step + 1)", rate(state.step))
    }
    state.step += 1
    state.lossSum += result.loss * Double(batch.count)
    state.errors += result.errors
    return result.loss
  }

  private func failure(_ what: String, _ rate: Double) -> TrainingFailure {
    let kept =
      FileManager.default.fileExists(atPath: checkpointFile.path)
      ? "the last good state is in \(checkpointFile.path)" : "there was no good state to save"
    return TrainingFailure(
      message: "training: \(what) (learning rate \(rate)); \(kept); lower optimizer.learning_rate")
  }

  private func finishEpoch(_ shouldStop: () -> Bool) throws -> PointEpoch? {
    guard let validation = try work.validate(shouldStop: shouldStop) else { return nil }
    guard validation.loss.isFinite, validation.error.isFinite else {
      throw failure("the validation error is not finite after epoch \(state.epoch + 1)", rate(state.step - 1))
    }
    let count = Double(work.task.count)
    let record = PointEpoch(
      epoch: state.epoch + 1, step: state.step, trainLoss: state.lossSum / count,
      trainError: state.errors / count, validationLoss: validation.loss, validationError: validation.error,
      learningRate: rate(state.step - 1), seconds: seconds)
    state.epoch += 1
    (state.lossSum, state.errors) = (0, 0)
    state.records.append(record)
    if record.validationError <= state.best ?? .infinity {
      state.best = record.validationError
      unsavedBest = work.model
    }
    return record
  }

  private func save() throws {
    // Before the state that knows of it.
    if let best = unsavedBest {
      try best.safetensors.write(to: folder + "/model.safetensors")
      unsavedBest = nil
    }
    let csv = try CSVWriter(folder + "/training.csv", header: PointEpoch.columns(work.task.errorName))
    for record in state.records {
      csv.add(record.epoch)
      csv.add(record.step)
      for value in [
        record.trainLoss, record.trainError, record.validationLoss, record.validationError,
        record.learningRate, record.seconds,
      ] { csv.add(value) }
      try csv.endRow()
    }
    try csv.finish()
    let checkpoint = PointCheckpoint(model: work.model, moments: work.moments, state: state)
    try checkpointFile.save(checkpoint.safetensors())
  }
}
