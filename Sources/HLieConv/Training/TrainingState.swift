// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Where training stands, apart from the parameters: with them it is all that going on to the same bits needs.
///
/// The order of the systems in an epoch is drawn from the seed and the number of the epoch, so no generator's
/// state is kept.
struct TrainingState: Codable, Equatable {
  /// Epochs completed.
  var epoch = 0
  /// Steps done since the start of training.
  var step = 0
  /// The sum of batch errors of the epoch underway.
  var epochSum = 0.0
  var bestValidation: Double?
  var records: [EpochRecord] = []
  /// λ of Levenberg–Marquardt, in and after its phases.
  var damping: Double?
  /// The cost where no step of the present phase of Levenberg–Marquardt made it smaller any more: what is left of the phase does
  /// nothing.
  var finalCost: Double?
}

/// last.safetensors: the model as it is, Adam's moments, and the state in the metadata.
struct TrainingCheckpoint<T: NetworkScalar> {
  var parameters: [T]
  var adam: Adam<T>
  var state: TrainingState

  static var stateKey: String { "training_state" }

  func safetensors(model: HamiltonianModel) throws -> Safetensors {
    var current = model
    current.parameters = parameters.map { Double($0) }
    var file = current.safetensors
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    file.metadata[Self.stateKey] = String(decoding: try encoder.encode(state), as: UTF8.self)
    file.metadata["adam_steps"] = String(adam.steps)
    file.tensors["adam.first"] = Self.tensor(adam.first)
    file.tensors["adam.second"] = Self.tensor(adam.second)
    return file
  }

  /// Throws where the file is not a checkpoint of this model.
  init(_ file: Safetensors, name: String, model: HamiltonianModel) throws {
    let stored = try HamiltonianModel(file, name: name)
    guard stored.config == model.config, stored.precision == model.precision,
      stored.featureNames == model.featureNames
    else {
      throw NoetherError("\(name): belongs to another model; resume with the configuration it was made with")
    }
    guard stored.training == model.training, stored.trainingDistance == model.trainingDistance else {
      throw NoetherError(
        "\(name): was made with another configuration or other data; resume with those, or begin again with "
          + "--overwrite")
    }
    guard let json = file.metadata[Self.stateKey],
      let state = try? JSONDecoder().decode(TrainingState.self, from: Data(json.utf8)),
      let steps = file.metadata["adam_steps"].flatMap(Int.init), steps <= state.step,
      let first = file.tensors["adam.first"].map(Self.values), first.count == model.layout.count,
      let second = file.tensors["adam.second"].map(Self.values), second.count == model.layout.count
    else { throw NoetherError("\(name): holds no state to go on from; start again with --overwrite") }
    parameters = stored.parameters.map { T($0) }
    adam = Adam(first: first, second: second, steps: steps)
    self.state = state
  }

  init(parameters: [T], adam: Adam<T>, state: TrainingState) {
    self.parameters = parameters
    self.adam = adam
    self.state = state
  }

  private static func tensor(_ values: [T]) -> Safetensors.Tensor {
    Safetensors.Tensor(
      shape: [values.count],
      values: T.precisionName == Float.precisionName
        ? .float32(values.map { Float($0) }) : .float64(values.map { Double($0) }))
  }

  private static func values(_ tensor: Safetensors.Tensor) -> [T] {
    switch tensor.values {
    case .float32(let values): values.map { T($0) }
    case .float64(let values): values.map { T($0) }
    case .int64: []
    }
  }
}
