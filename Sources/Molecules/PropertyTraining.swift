// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import LieCore

/// Learning a property of molecules: the loss is the mean of |ŷ − y| in units of the training set's deviation, the error the
/// same in the property's own unit.
struct PropertyTask: PointTask {
  let data: PropertyData
  /// Molecules at a time where nothing is learned.
  private let batch: Int
  private let train: [PropertyData.Molecule]
  /// Where every epoch sees the same.
  private let fixed: [PointSet]?
  private let validation: [PointSet]

  /// Throws where a molecule has no lift.
  init(_ data: PropertyData) throws {
    self.data = data
    batch = data.config.plan.batch
    train = data.molecules(.train)
    validation = try data.molecules(.validation).map { try data.pointSet($0) }
    // Also where epochs differ, so that what has no lift is found before anything is written.
    let sets = try train.map { try data.pointSet($0) }
    let model = data.config.model
    let drawsLifts = model.lift == .haar && Groups.named(model.group, dimension: 3)?.framed != nil
    fixed = data.config.augment || drawsLifts ? nil : sets
  }

  var errorName: String { "mae" }
  var count: Int { train.count }
  var seed: UInt64 { data.config.data.seed }

  func step(_ learner: PointLearner, _ batch: [Int], epoch: Int, rate: Double) throws -> (
    loss: Double, errors: Double
  ) {
    let sets = try batch.map { index in
      try fixed?[index] ?? data.pointSet(train[index], training: (epoch, index))
    }
    var errors = 0.0
    let loss = try learner.step(.own(sets), rate: rate) { sample, outputs in
      let wanted = (train[batch[sample]].target - data.mean) / data.deviation
      let distance = outputs[0] - wanted
      errors += abs(distance) * data.deviation
      outputs[0] = distance > 0 ? 1 : distance < 0 ? -1 : 0
      return abs(distance)
    }
    return (loss, errors)
  }

  func validate(_ learner: PointLearner, shouldStop: () -> Bool) -> (loss: Double, error: Double)? {
    let predictor = PropertyPredictor(learner: learner, data: data, batch: batch)
    guard let predicted = predictor.predict(validation, shouldStop: shouldStop) else { return nil }
    let sum = zip(predicted, data.molecules(.validation)).reduce(0) { $0 + abs($1.0 - $1.1.target) }
    let error = sum / Double(validation.count)
    return (error / data.deviation, error)
  }
}

/// What a network says of molecules, in the property's unit and without what the composition tells.
struct PropertyPredictor {
  let learner: PointLearner
  let data: PropertyData
  let batch: Int

  /// nil where it was asked to stop.
  func predict(
    _ sets: [PointSet], shouldStop: () -> Bool, onProgress: (Double) -> Void = { _ in }
  ) -> [Double]? {
    var result: [Double] = []
    for first in stride(from: 0, to: sets.count, by: batch) {
      if shouldStop() { return nil }
      let own = Array(sets[first..<min(first + batch, sets.count)])
      result += learner.outputs(of: .own(own)).map { data.mean + data.deviation * $0 }
      onProgress(Double(result.count) / Double(sets.count))
    }
    return result
  }
}

extension PointTrainer {
  /// Prepares training on molecules; see there.
  public convenience init(
    _ config: PropertyConfig, data: PropertyData, folder: String, threads: Int, resume: Bool = false,
    saveEvery: Double = 60
  ) throws {
    let model = try PointModel(
      config.model, dimension: 3, inputs: data.inputs, outputs: 1, precision: config.plan.precision,
      training: config.memory())
    try self.init(
      model, for: PropertyTask(data), config.plan, folder: folder, resume: resume, saveEvery: saveEvery
    ) { model, moments in
      try PointLearner(
        model, nodes: data.nodes(ofBatch: config.plan.batch), threads: threads, moments: moments)
    }
  }
}

extension PropertyData {
  /// The most nodes of a batch.
  func nodes(ofBatch batch: Int) -> Int {
    guard let group = Groups.named(config.model.group, dimension: 3) else { return batch * largest }
    return batch * largest * config.model.samples(of: group)
  }
}
