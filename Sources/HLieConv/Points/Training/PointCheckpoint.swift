// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Where a training stands, apart from the parameters. What is drawn in an epoch is drawn from the seed and the epoch's number,
/// so no generator's state is kept.
struct PointTrainingState: Codable, Equatable {
  var epoch = 0
  var step = 0
  /// Of the epoch underway.
  var lossSum = 0.0
  var errors = 0.0
  /// The smallest validation error.
  var best: Double?
  var records: [PointEpoch] = []
}

/// last.safetensors: the model as it is, Adam's moments, and the state in the metadata.
struct PointCheckpoint {
  var model: PointModel
  var moments: PointMoments
  var state: PointTrainingState

  init(model: PointModel, moments: PointMoments, state: PointTrainingState) {
    (self.model, self.moments, self.state) = (model, moments, state)
  }

  func safetensors() throws -> Safetensors {
    var file = model.safetensors
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    file.metadata["training_state"] = String(decoding: try encoder.encode(state), as: UTF8.self)
    file.metadata["adam_steps"] = String(moments.steps)
    file.tensors["adam.first"] = model.tensor(moments.first, shape: [moments.first.count])
    file.tensors["adam.second"] = model.tensor(moments.second, shape: [moments.second.count])
    return file
  }

  /// Throws where the file is not a checkpoint of this training.
  init(_ file: Safetensors, name: String, model: PointModel, _ plan: PointPlan) throws {
    let stored = try PointModel(file, name: name)
    guard stored.config == model.config, stored.training == model.training,
      stored.precision == model.precision, stored.meaning == model.meaning
    else {
      throw NoetherError(
        "\(name): was made with another configuration or other data; resume with that, or begin again with --overwrite"
      )
    }
    let count = model.network.layout.count
    guard let json = file.metadata["training_state"],
      let state = try? JSONDecoder().decode(PointTrainingState.self, from: Data(json.utf8)),
      (0...plan.epochs).contains(state.epoch),
      (state.epoch * plan.stepsPerEpoch...min(state.epoch + 1, plan.epochs) * plan.stepsPerEpoch)
        .contains(state.step), state.records.count == state.epoch,
      let steps = file.metadata["adam_steps"].flatMap(Int.init), steps == state.step,
      let first = file.tensors["adam.first"].flatMap(PointModel.values), first.count == count,
      let second = file.tensors["adam.second"].flatMap(PointModel.values), second.count == count
    else { throw NoetherError("\(name): holds no state to go on from; start again with --overwrite") }
    self.init(
      model: stored, moments: PointMoments(first: first, second: second, steps: steps), state: state)
  }
}
