// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// Telling digits apart: the loss is the cross-entropy, an error a wrong digit.
struct ImageTask: PointTask {
  let data: ImageData
  /// Images at a time where nothing is learned.
  let batch: Int

  var errorName: String { "error" }
  var count: Int { data.config.train }
  var seed: UInt64 { data.config.seed }

  func step(_ learner: PointLearner<SharedSamples>, _ batch: [Int], epoch: Int, rate: Double) throws -> (
    loss: Double, errors: Double
  ) {
    let labels = data.images(.train).labels
    var errors = 0
    let samples = SharedSamples(data.trainingValues(batch, epoch: epoch), count: batch.count)
    let loss = try learner.step(samples, rate: rate) { sample, outputs in
      let label = Int(labels[batch[sample]])
      if outputs.indices.max(by: { outputs[$0] < outputs[$1] }) != label { errors += 1 }
      return crossEntropy(&outputs, label: label)
    }
    return (loss, Double(errors))
  }

  func validate(_ learner: PointLearner<SharedSamples>, shouldStop: () -> Bool) -> (
    loss: Double, error: Double
  )? {
    let images = data.images(.validation)
    let (digits, loss) = Classifier(learner: learner, grid: data.grid, batch: batch).predict(
      images, shouldStop: shouldStop)
    guard digits.count == images.count else { return nil }
    let count = Double(images.count)
    return (loss / count, Double(images.errors(digits)) / count)
  }
}

extension PointTrainer {
  /// Prepares training on images; see there.
  public convenience init(
    _ config: ImageConfig, data: ImageData, folder: String, threads: Int, resume: Bool = false,
    saveEvery: Double = 60
  ) throws {
    let model = try PointModel(
      config.model, dimension: 2, inputs: 1, outputs: ImageSet.classes, precision: config.plan.precision,
      training: config.memory())
    let points = try SampledPoints(data.grid.points, dimension: 2, config.model)
    try self.init(
      model, for: ImageTask(data: data, batch: config.plan.batch), config.plan, folder: folder,
      resume: resume, saveEvery: saveEvery
    ) { model, moments in
      try PointLearner.sharing(
        model, points: points, capacity: config.plan.batch, threads: threads, moments: moments)
    }
  }
}
