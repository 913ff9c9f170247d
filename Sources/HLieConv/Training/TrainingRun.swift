// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The training loop in one precision.
final class TrainingRun<T: NetworkScalar> {
  private let config: TrainingConfig
  private let model: HamiltonianModel
  private let update: TrainingStep<T>
  private let validation: ChunkTensors<T>
  private let folder: String
  private(set) var state: TrainingState
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
    self.validation = ChunkTensors(validation)
    self.folder = folder
    update = TrainingStep(
      model, data: train, method: config.method, threads: threads,
      parameters: checkpoint?.parameters ?? model.parameters.map { T($0) },
      adam: checkpoint?.adam ?? Adam(count: model.layout.count))
    state = checkpoint?.state ?? TrainingState()
  }

  func run(_ callbacks: Trainer.Callbacks) throws -> TrainingOutcome {
    var clock = ContinuousClock.now
    var lastSave = clock
    // Training time so far goes into the state whenever that is written or reported.
    func tick() {
      let now = ContinuousClock.now
      state.seconds += (now - clock) / .seconds(1)
      clock = now
    }
    while state.epoch < config.epochs {
      let order = epochOrder(state.epoch)
      while state.step < (state.epoch + 1) * config.stepsPerEpoch {
        if callbacks.shouldStop() {
          tick()
          try save()
          return .interrupted
        }
        let start = (state.step - state.epoch * config.stepsPerEpoch) * config.batch
        let value = try step(Array(order[start..<min(start + config.batch, order.count)]))
        callbacks.onStep(
          StepRecord(step: state.step, totalSteps: totalSteps, epoch: state.epoch + 1, loss: value))
        if (ContinuousClock.now - lastSave) / .seconds(1) > Self.secondsBetweenSaves {
          tick()
          try save()
          lastSave = .now
        }
      }
      tick()
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
      try save()
      throw NoetherError(
        "training: the loss or its gradient is not finite at step \(state.step + 1) (epoch \(state.epoch + 1), "
          + "learning rate \(rate)); the state before it is in \(folder)/last.safetensors; "
          + "lower optimizer.learning_rate or use training.precision: float64")
    }
  }

  private func finishEpoch() throws -> EpochRecord {
    let errors = update.loss.errors(of: validation)
    let record = EpochRecord(
      epoch: state.epoch + 1, step: state.step, trainMSE: state.epochSum / Double(config.stepsPerEpoch),
      validationMSE: errors.reduce(0, +) / Double(errors.count),
      learningRate: config.schedule.rate(step: state.step - 1, total: totalSteps), seconds: state.seconds)
    guard record.validationMSE.isFinite else {
      throw NoetherError(
        "training: the validation error is not finite after epoch \(record.epoch); the last good state is in "
          + "\(folder)/last.safetensors; lower optimizer.learning_rate")
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
    try checkpoint.safetensors(model: model).write(to: folder + "/last.safetensors")
  }
}
