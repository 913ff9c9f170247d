// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The loss, or a derivative of it, left the range of numbers.
public struct NonFiniteLoss: Error {}

/// One step of training at a time: the loss of a batch, its exact gradient, and Adam's update.
///
/// `T` is Float or Double. `Trainer` is what most programs want; this is its inner loop.
public final class TrainingStep<T: NetworkScalar> {
  let loss: ChunkLoss<T>
  let data: ChunkTensors<T>
  private(set) var adam: Adam<T>

  /// Starts from the model's parameters.
  ///
  /// Throws where the data have another dimension or other features than the model or lie outside its domain, or
  /// memory is short.
  public convenience init(_ model: HamiltonianModel, data: ChunkDataset, method: ChunkMethod, threads: Int)
    throws
  {
    try self.init(
      model, data: data, objective: .chunks(method), threads: threads,
      parameters: model.parameters.map { T($0) },
      adam: Adam(count: model.layout.count))
  }

  /// The same for energies and forces that the data give.
  public convenience init(
    _ model: HamiltonianModel, data: ChunkDataset, labels: LabelWeights, threads: Int
  ) throws {
    try self.init(
      model, data: data, objective: .labels(labels), threads: threads,
      parameters: model.parameters.map { T($0) }, adam: Adam(count: model.layout.count))
  }

  /// `sizes` are the numbers of bodies of other data that errors will be asked of.
  init(
    _ model: HamiltonianModel, data: ChunkDataset, objective: Objective, threads: Int, parameters: [T],
    adam: Adam<T>, testedOn sizes: [Int] = []
  ) throws {
    try model.checkFit(data)
    try model.checkDomain(of: data, name: "training data")
    self.data = ChunkTensors(data)
    self.adam = adam
    loss = try ChunkLoss(
      model.program, initial: parameters, objective: objective, sizes: Set(data.sizes + sizes).sorted(),
      points: data.points,
      threads: threads)
  }

  /// Updates the parameters by the systems `batch` and returns their mean squared error before that.
  ///
  /// Throws, with the parameters as they were, where the loss or its gradient is not finite.
  public func callAsFunction(_ batch: [Int], rate: Double) throws(NonFiniteLoss) -> Double {
    try update(by: data, batch, rate: rate)
  }

  /// The same for the systems as `augmentation` changes them in an epoch.
  func callAsFunction(
    _ batch: [Int], as augmentation: Set<Augmentation>, seed: UInt64, epoch: Int, rate: Double
  ) throws(NonFiniteLoss) -> Double {
    if augmentation.isEmpty { return try self(batch, rate: rate) }
    let changed = data.augmented(batch, by: augmentation, seed: seed, epoch: epoch)
    return try update(by: changed, Array(batch.indices), rate: rate)
  }

  private func update(by data: ChunkTensors<T>, _ batch: [Int], rate: Double) throws(NonFiniteLoss) -> Double
  {
    let value = loss.gradient(of: data, batch)
    // One entry that is not finite makes the sum so.
    guard value.isFinite, loss.gradientSquare.isFinite else { throw NonFiniteLoss() }
    adam.update(loss.parameters, along: loss.gradient, rate: rate, threads: loss.threads)
    return value
  }
}
