// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import LieCore

/// Learning a property of molecules: the loss is the mean of |ŷ − y| in units of the training set's deviation, the error the
/// same in the property's own unit.
struct PropertyTask: PointTask {
  let data: PropertyData
  /// Those that lift molecules.
  let threads: Int
  private let train: [PropertyData.Molecule]
  /// Where every epoch sees the same.
  private let fixed: [PointSet]?

  /// Throws where a molecule has no lift.
  init(_ data: PropertyData, threads: Int) throws {
    self.data = data
    self.threads = threads
    train = data.molecules(.train)
    let seesTheSame = !data.config.augment && !data.drawsLifts
    var sets: [PointSet] = []
    // What has no lift is found before anything is written.
    for molecule in train + data.molecules(.validation) {
      let set = try data.pointSet(molecule)
      if seesTheSame, sets.count < train.count { sets.append(set) }
    }
    fixed = seesTheSame ? sets : nil
  }

  var errorName: String { "mae" }
  var count: Int { train.count }
  var seed: UInt64 { data.config.data.seed }

  func step(_ learner: PointLearner<[PointSet]>, _ batch: [Int], epoch: Int, rate: Double) throws -> (
    loss: Double, errors: Double
  ) {
    let sets = try parallelMap(count: batch.count, threads: threads) { at in
      let index = batch[at]
      return try fixed?[index] ?? data.pointSet(train[index], training: (epoch, index))
    }
    var errors = 0.0
    let loss = try learner.step(sets, rate: rate) { sample, outputs in
      let wanted = (train[batch[sample]].rest - data.target.mean) / data.target.deviation
      let distance = outputs[0] - wanted
      errors += abs(distance) * data.target.deviation
      outputs[0] = distance > 0 ? 1 : distance < 0 ? -1 : 0
      return abs(distance)
    }
    return (loss, errors)
  }

  func validate(_ learner: PointLearner<[PointSet]>, shouldStop: () -> Bool) throws -> (
    loss: Double, error: Double
  )? {
    let predictor = PropertyPredictor(
      learner: learner, data: data, batch: data.config.plan.batch, threads: threads)
    guard let errors = try predictor.errors(.validation, shouldStop: shouldStop) else { return nil }
    let error = errors.reduce(0) { $0 + abs($1) } / Double(max(1, errors.count))
    return (error / data.target.deviation, error)
  }
}

/// What a network says of molecules.
struct PropertyPredictor {
  let learner: PointLearner<[PointSet]>
  let data: PropertyData
  /// Molecules at a time.
  let batch: Int
  let threads: Int

  /// Predicted less true, in the property's unit; nil where it was asked to stop.
  func errors(
    _ split: DataConfig.Split, shouldStop: () -> Bool, onProgress: (Double) -> Void = { _ in }
  ) throws -> [Double]? {
    let molecules = data.molecules(split)
    var result: [Double] = []
    for first in stride(from: 0, to: molecules.count, by: batch) {
      if shouldStop() { return nil }
      let (data, own) = (data, molecules[first..<min(first + batch, molecules.count)])
      let sets = try parallelMap(count: own.count, threads: threads) { try data.pointSet(own[first + $0]) }
      let outputs = learner.outputs(of: sets)
      result += zip(outputs, own).map { data.target.mean + data.target.deviation * $0 - $1.rest }
      onProgress(Double(result.count) / Double(molecules.count))
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
      training: config.memory(), meaning: data.target.json())
    try self.init(
      model, for: PropertyTask(data, threads: threads), config.plan, folder: folder, resume: resume,
      saveEvery: saveEvery
    ) { model, moments in
      try data.learner(model, batch: config.plan.batch, threads: threads, moments: moments)
    }
  }
}

extension PropertyData {
  /// A learner with room for the largest batches.
  func learner(
    _ model: PointModel, batch: Int, threads: Int, moments: PointMoments? = nil
  ) throws -> PointLearner<[PointSet]> {
    let samples = Groups.named(model.config.group, dimension: 3).map { model.config.samples(of: $0) } ?? 1
    let nodes = largest * samples
    return try PointLearner.own(
      model, nodes: batch * nodes, pairs: batch * nodes * min(nodes, model.config.neighbours),
      threads: threads,
      moments: moments)
  }
}
