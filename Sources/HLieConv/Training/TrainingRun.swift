// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// The training loop in one precision.
final class TrainingRun<T: NetworkScalar> {
  let config: TrainingConfig
  let plan: TrainingPlan
  let model: HamiltonianModel
  let train: ChunkDataset
  let update: TrainingStep<T>
  private let validation: ChunkTensors<T>
  private let folder: String
  let threads: Int
  var state: TrainingState
  /// The least-squares problem of a phase of Levenberg–Marquardt.
  var leastSquares: (phase: Int, problem: StepResiduals)?
  /// Whether it was asked to stop.
  var shouldStop: () -> Bool = { false }
  /// The best parameters by validation, where they are not in model.safetensors yet.
  private var unsavedBest: [T]?
  /// Wall time of training so far.
  private var seconds = 0.0
  /// A checkpoint is also written after this many seconds of an epoch without one; after an epoch where the last one is older
  /// than a second, or than that if it is less, so that short epochs are not spent on files. Who wants them rarer than once a
  /// minute has them so after epochs too.
  private let secondsBetweenSaves: Double
  private var secondsBetweenEpochSaves: Double {
    secondsBetweenSaves > 60 ? secondsBetweenSaves : min(1, secondsBetweenSaves)
  }
  private let checkpointFile: CheckpointFile

  var totalSteps: Int { config.steps }

  init(
    _ config: TrainingConfig, model: HamiltonianModel, train: ChunkDataset, validation: ChunkDataset,
    folder: String, threads: Int, saveEvery: Double, checkpoint: TrainingCheckpoint<T>?
  ) throws {
    guard train.count == config.data.train, validation.points == train.points,
      validation.featureNames == train.featureNames
    else { throw NoetherError("training data: training and validation sets do not fit each other") }
    if let complaint = Augmentation.complaint(about: config.augmentation, dimension: train.dimension) {
      throw NoetherError("training.augment: \(complaint)")
    }
    self.config = config
    plan = TrainingPlan(phases: config.phases)
    self.model = model
    self.train = train
    self.threads = threads
    try model.checkDomain(of: validation, name: "validation data")
    self.validation = ChunkTensors(validation)
    self.folder = folder
    secondsBetweenSaves = saveEvery
    checkpointFile = CheckpointFile(folder + "/last.safetensors")
    update = try TrainingStep(
      model, data: config.loss.pieces(of: train), objective: config.trainingObjective, threads: threads,
      parameters: checkpoint?.parameters ?? model.parameters.map { T($0) },
      adam: checkpoint?.adam ?? Adam(count: model.layout.count), testedOn: validation.sizes)
    state = checkpoint?.state ?? TrainingState()
    try checkState()
    for case .lbfgs(let memory, _) in config.phases.map(\.method) {
      var need = MemoryNeed()
      need.add(bytes: 16 * Double(memory) * Double(model.layout.count))
      try need.check("L-BFGS with memory: \(memory)", remedy: "lower optimizer.memory")
    }
    // What a later phase cannot do is said before the first one begins.
    if let index = config.phases.firstIndex(where: { $0.method == .levenbergMarquardt }) {
      leastSquares = (index, try leastSquaresProblem(index))
    }
    // Earlier runs' times are only for the reader of training.csv: without them the count starts at zero.
    if let times = try? CSVColumns(ifPresent: folder + "/training.csv")?["seconds"] {
      for (index, time) in zip(state.records.indices, times) { state.records[index].seconds = time }
      seconds = state.records.last?.seconds ?? 0
    }
  }

  private func checkState() throws {
    let isKnown: Bool
    if let place = plan.position(ofEpoch: state.epoch) {
      let steps = place.stepsBefore...place.stepsBefore + plan.phases[place.phase].stepsPerEpoch
      isKnown = state.epoch >= 0 && steps.contains(state.step)
    } else {
      isKnown = state.epoch == config.epochs && state.step == config.steps
    }
    if !isKnown {
      throw NoetherError("\(folder)/last.safetensors: its state is damaged; begin again with --overwrite")
    }
  }

  func run(_ callbacks: Trainer.Callbacks) throws -> TrainingOutcome {
    shouldStop = callbacks.shouldStop
    var epochStart = ContinuousClock.now
    var lastSave = epochStart
    while let place = plan.position(ofEpoch: state.epoch) {
      let phase = plan.phases[place.phase]
      let order = epochOrder(state.epoch, of: phase)
      while state.step < place.stepsBefore + phase.stepsPerEpoch {
        if callbacks.shouldStop() {
          try save()
          return .interrupted
        }
        let start = (state.step - place.stepsBefore) * phase.batch
        guard
          let value = try step(place.phase, Array(order[start..<min(start + phase.batch, order.count)]))
        else { continue }
        callbacks.onStep(
          StepRecord(step: state.step, totalSteps: totalSteps, epoch: state.epoch + 1, loss: value))
        if (ContinuousClock.now - lastSave) / .seconds(1) > secondsBetweenSaves {
          try save()
          lastSave = .now
        }
      }
      seconds += (ContinuousClock.now - epochStart) / .seconds(1)
      epochStart = .now
      callbacks.onEpoch(try finishEpoch(of: phase))
      if (ContinuousClock.now - lastSave) / .seconds(1) > secondsBetweenEpochSaves
        || state.epoch == config.epochs
      {
        try save()
        lastSave = .now
      }
    }
    checkpointFile.forgetPrevious()
    return .finished
  }

  /// Why training cannot go on, after saving what is still good.
  func failure(_ what: String, rate: Double) throws -> TrainingFailure {
    try saveBest()
    // An update may have spoiled the parameters before the loss shows it: then the file keeps an older state.
    let isGood = update.loss.parameters.allSatisfy(\.isFinite)
    if isGood { try save() }
    let kept =
      isGood || FileManager.default.fileExists(atPath: checkpointFile.path)
      ? "the last good state is in \(checkpointFile.path)" : "there was no good state to save"
    let method = plan.position(ofEpoch: state.epoch).map { plan.phases[$0.phase].method }
    let (what, remedy) =
      if case .adam = method {
        (
          what + " (epoch \(state.epoch + 1), learning rate \(rate))",
          "lower optimizer.learning_rate or use training.precision: float64"
        )
      } else {
        (
          what + " (epoch \(state.epoch + 1))",
          "look at the data and at model.scales, or begin with method: adam"
        )
      }
    return TrainingFailure(message: "training: \(what); \(kept); \(remedy)")
  }

  private func finishEpoch(of phase: TrainingPhase) throws -> EpochRecord {
    let errors = update.loss.errors(of: validation, by: config.testObjective)
    let index = plan.position(ofEpoch: state.epoch)?.phase ?? 0
    let record = EpochRecord(
      epoch: state.epoch + 1, step: state.step, trainMSE: state.epochSum / Double(phase.stepsPerEpoch),
      validationMSE: errors.reduce(0, +) / Double(errors.count),
      learningRate: rate(of: phase, index, step: state.step - 1), seconds: seconds)
    guard record.validationMSE.isFinite else {
      throw try failure("the validation error is not finite", rate: record.learningRate)
    }
    state.epoch += 1
    state.epochSum = 0
    state.records.append(record)
    if record.validationMSE < state.bestValidation ?? .infinity {
      state.bestValidation = record.validationMSE
      unsavedBest = Array(update.loss.parameters)
    }
    return record
  }

  private func saveBest() throws {
    guard let unsavedBest else { return }
    var best = model
    best.parameters = unsavedBest.map { Double($0) }
    try best.safetensors.write(to: folder + "/model.safetensors")
    self.unsavedBest = nil
  }

  private func save() throws {
    // Before the state that knows of it.
    try saveBest()
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
    try checkpointFile.save(checkpoint.safetensors(model: model))
  }
}
