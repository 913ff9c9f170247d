// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The training loop in one precision.
final class TrainingRun<T: NetworkScalar> {
  private let config: TrainingConfig
  private let model: HamiltonianModel
  private let update: TrainingStep<T>
  private let validation: ChunkTensors<T>
  private let folder: String
  private(set) var state: TrainingState
  /// Wall time of training so far.
  private var seconds = 0.0
  /// A checkpoint is also written after this many seconds without one.
  private static var secondsBetweenSaves: Double { 60 }

  var totalSteps: Int { config.epochs * config.stepsPerEpoch }

  init(
    _ config: TrainingConfig, model: HamiltonianModel, train: ChunkDataset, validation: ChunkDataset,
    folder: String, threads: Int, checkpoint: TrainingCheckpoint<T>?
  ) throws {
    guard train.count == config.data.train, validation.points == train.points,
      validation.bodies == train.bodies, validation.featureNames == train.featureNames
    else { throw NoetherError("training data: training and validation sets do not fit each other") }
    self.config = config
    self.model = model
    try model.checkDomain(of: validation, name: "validation data")
    self.validation = ChunkTensors(validation)
    self.folder = folder
    update = try TrainingStep(
      model, data: train, method: config.method, threads: threads,
      parameters: checkpoint?.parameters ?? model.parameters.map { T($0) },
      adam: checkpoint?.adam ?? Adam(count: model.layout.count))
    state = checkpoint?.state ?? TrainingState()
    guard (0...config.epochs).contains(state.epoch),
      (state.epoch * config.stepsPerEpoch...(state.epoch + 1) * config.stepsPerEpoch).contains(state.step)
    else {
      throw NoetherError("\(folder)/last.safetensors: its state is damaged; begin again with --overwrite")
    }
    // Earlier runs' times are only for the reader of training.csv: without them the count starts at zero.
    if let times = try? CSVColumns(ifPresent: folder + "/training.csv")?["seconds"] {
      for (index, time) in zip(state.records.indices, times) { state.records[index].seconds = time }
      seconds = state.records.last?.seconds ?? 0
    }
  }

  func run(_ callbacks: Trainer.Callbacks) throws -> TrainingOutcome {
    var epochStart = ContinuousClock.now
    var lastSave = epochStart
    while state.epoch < config.epochs {
      let order = epochOrder(state.epoch)
      while state.step < (state.epoch + 1) * config.stepsPerEpoch {
        if callbacks.shouldStop() {
          try save()
          return .interrupted
        }
        let start = (state.step - state.epoch * config.stepsPerEpoch) * config.batch
        let value = try step(Array(order[start..<min(start + config.batch, order.count)]))
        callbacks.onStep(
          StepRecord(step: state.step, totalSteps: totalSteps, epoch: state.epoch + 1, loss: value))
        if (ContinuousClock.now - lastSave) / .seconds(1) > Self.secondsBetweenSaves {
          try save()
          lastSave = .now
        }
      }
      seconds += (ContinuousClock.now - epochStart) / .seconds(1)
      epochStart = .now
      callbacks.onEpoch(try finishEpoch())
      lastSave = .now
    }
    return .finished
  }

  /// The order of the systems in an epoch, from the data's seed.
  private func epochOrder(_ epoch: Int) -> [Int] {
    var generator = SeededGenerator(seed: config.data.seed, path: 0x6570_6F63_68, UInt64(epoch))
    return generator.permutation(of: config.data.train)
  }

  private func step(_ batch: [Int]) throws -> Double {
    let rate = config.schedule.rate(step: state.step, total: totalSteps)
    do {
      let value = try update(batch, rate: rate)
      state.step += 1
      state.epochSum += value
      return value
    } catch {
      throw try failure("the loss or its gradient is not finite at step \(state.step + 1)", rate: rate)
    }
  }

  /// Why training cannot go on, after saving what is still good.
  private func failure(_ what: String, rate: Double) throws -> TrainingFailure {
    // An update may have spoiled the parameters before the loss shows it: then the file keeps an older state.
    let isGood = update.loss.parameters.allSatisfy(\.isFinite)
    if isGood { try save() }
    let kept =
      isGood || FileManager.default.fileExists(atPath: checkpointPath)
      ? "the last good state is in \(checkpointPath)" : "there was no good state to save"
    return TrainingFailure(
      message: "training: \(what) (epoch \(state.epoch + 1), learning rate \(rate)); \(kept); "
        + "lower optimizer.learning_rate or use training.precision: float64")
  }

  private var checkpointPath: String { folder + "/last.safetensors" }

  private func finishEpoch() throws -> EpochRecord {
    let errors = update.loss.errors(of: validation)
    let record = EpochRecord(
      epoch: state.epoch + 1, step: state.step, trainMSE: state.epochSum / Double(config.stepsPerEpoch),
      validationMSE: errors.reduce(0, +) / Double(errors.count),
      learningRate: config.schedule.rate(step: state.step - 1, total: totalSteps), seconds: seconds)
    guard record.validationMSE.isFinite else {
      throw try failure("the validation error is not finite", rate: record.learningRate)
    }
    state.epoch += 1
    state.epochSum = 0
    state.records.append(record)
    if record.validationMSE < state.bestValidation ?? .infinity {
      state.bestValidation = record.validationMSE
      var best = model
      best.parameters = update.loss.parameters.map { Double($0) }
      try best.safetensors.write(to: folder + "/model.safetensors")
    }
    try save()
    return record
  }

  private func save() throws {
    let csv = try CSVWriter(folder + "/training.csv", header: EpochRecord.columns)
    for record in state.records {
      csv.add(record.epoch)
      csv.add(record.step)
      csv.add(record.trainMSE)
      csv.add(record.validationMSE)
      csv.add(record.learningRate)
      csv.add(record.seconds)
      try csv.endRow()
    }
    try csv.finish()
    let checkpoint = TrainingCheckpoint(
      parameters: Array(update.loss.parameters), adam: update.adam, state: state)
    try checkpoint.safetensors(model: model).write(to: checkpointPath)
  }
}
