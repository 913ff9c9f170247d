// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import HLieConv

/// Changes to what a trained model remembers of its data.
struct DataSettingOptions: ParsableArguments {
  @OptionGroup var changes: SettingOptions

  func validate() throws {
    // The other keys made the model what it is.
    if let other = changes.settings.first(where: { !$0.hasPrefix("data.") && !$0.hasPrefix("loss.") }) {
      throw ValidationError("--set \(other): only keys of data and loss change an evaluation.")
    }
  }

  /// The training configuration of the model at `path`, with the changes; throws where it does not say what it was
  /// trained on.
  func configuration(of model: HamiltonianModel, at path: String) throws -> TrainingConfig {
    guard let stored = model.training else {
      throw NoetherError("\(path): does not say what it was trained on, so there is no test set")
    }
    return try TrainingConfig(
      changes.settings.reduce(ConfigNode.parse(stored, name: "\(path): training")) { try $0.setting($1) })
  }
}
