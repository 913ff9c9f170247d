// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// The training loop.
final class ImageTraining {
  private let config: ImageConfig
  private let data: ImageData
  private let folder: String
  private let learner: PointLearner
  private var state: ImageState
  private var unsavedBest: PointModel?
  private var seconds = 0.0
  /// A checkpoint is also written after this many seconds of an epoch without one.
  private let secondsBetweenSaves: Double
  private let checkpointFile: CheckpointFile

  init(
    _ config: ImageConfig, _ model: PointModel, _ points: SampledPoints, _ data: ImageData, folder: String,
    threads: Int, saveEvery: Double, checkpoint: ImageCheckpoint?
  ) throws {
    self.config = config
    self.data = data
    self.folder = folder
    secondsBetweenSaves = saveEvery
    checkpointFile = CheckpointFile(folder + "/last.safetensors")
    learner = try PointLearner(
      model, points: points, capacity: config.batch, threads: threads, moments: checkpoint?.moments)
    state = checkpoint?.state ?? ImageState()
    // Earlier runs' times are only for the reader of training.csv.
    if let times = try? CSVColumns(ifPresent: folder + "/training.csv")?["seconds"] {
      for (index, time) in zip(state.records.indices, times) { state.records[index].seconds = time }
      seconds = state.records.last?.seconds ?? 0
    }
  }

  func run(_ callbacks: ImageTrainer.Callbacks) throws -> TrainingOutcome {
    var epochStart = ContinuousClock.now
    var lastSave = epochStart
    while state.epoch < config.epochs {
      var generator = SeededGenerator(seed: config.data.seed, path: 0x6570_6F63_68, UInt64(state.epoch))
      let order = generator.permutation(of: config.data.train)
      while state.step < (state.epoch + 1) * config.stepsPerEpoch {
        if callbacks.shouldStop() {
          try save()
          return .interrupted
        }
        let start = (state.step - state.epoch * config.stepsPerEpoch) * config.batch
        let loss = try step(Array(order[start..<min(start + config.batch, order.count)]))
        callbacks.onStep(
          StepRecord(step: state.step, totalSteps: config.steps, epoch: state.epoch + 1, loss: loss))
        if (ContinuousClock.now - lastSave) / .seconds(1) > secondsBetweenSaves {
          try save()
          lastSave = .now
        }
      }
      seconds += (ContinuousClock.now - epochStart) / .seconds(1)
      epochStart = .now
      // Where it is interrupted, the epoch ends when the training goes on.
      guard let record = finishEpoch(callbacks.shouldStop) else {
        try save()
        return .interrupted
      }
      callbacks.onEpoch(record)
      try save()
      lastSave = .now
    }
    checkpointFile.forgetPrevious()
    return .finished
  }

  private func rate(_ step: Int) -> Double { config.schedule.rate(step: step, total: config.steps) }

  private func step(_ batch: [Int]) throws -> Double {
    let labels = data.images(.train).labels
    let result: (loss: Double, errors: Int)
    do {
      result = try learner.step(
        data.trainingValues(batch, epoch: state.epoch), labels: batch.map { Int(labels[$0]) },
        rate: rate(state.step))
    } catch {
      let kept =
        FileManager.default.fileExists(atPath: checkpointFile.path)
        ? "the last good state is in \(checkpointFile.path)" : "there was no good state to save"
      throw TrainingFailure(
        message: "training: the loss or its gradient is not finite at step \(state.step + 1) (learning rate "
          + "\(rate(state.step))); \(kept); lower optimizer.learning_rate")
    }
    state.step += 1
    state.lossSum += result.loss * Double(batch.count)
    state.errors += result.errors
    return result.loss
  }

  private func finishEpoch(_ shouldStop: () -> Bool) -> ImageEpoch? {
    let images = data.images(.validation)
    let (digits, loss) = Classifier(learner: learner, grid: data.grid).predict(images, shouldStop: shouldStop)
    guard digits.count == images.count else { return nil }
    let (trained, validated) = (Double(config.data.train), Double(images.count))
    let record = ImageEpoch(
      epoch: state.epoch + 1, step: state.step, trainLoss: state.lossSum / trained,
      trainError: Double(state.errors) / trained, validationLoss: loss / validated,
      validationError: Double(images.errors(digits)) / validated, learningRate: rate(state.step - 1),
      seconds: seconds)
    state.epoch += 1
    (state.lossSum, state.errors) = (0, 0)
    state.records.append(record)
    if record.validationError <= state.best ?? .infinity {
      state.best = record.validationError
      unsavedBest = learner.current
    }
    return record
  }

  private func save() throws {
    // Before the state that knows of it.
    if let best = unsavedBest {
      try best.safetensors.write(to: folder + "/model.safetensors")
      unsavedBest = nil
    }
    let csv = try CSVWriter(folder + "/training.csv", header: ImageEpoch.columns)
    for record in state.records {
      csv.add(record.epoch)
      csv.add(record.step)
      for value in [
        record.trainLoss, record.trainError, record.validationLoss, record.validationError,
        record.learningRate,
        record.seconds,
      ] { csv.add(value) }
      try csv.endRow()
    }
    try csv.finish()
    let checkpoint = ImageCheckpoint(model: learner.current, moments: learner.moments, state: state)
    try checkpointFile.save(checkpoint.safetensors())
  }
}
