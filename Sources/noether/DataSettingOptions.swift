// SPDX-License-Identifier: GPL-3.0-or-later

import ArgumentParser
import Dynamics
import Foundation
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
    var node = try ConfigNode.parse(stored, name: "\(path): training")
    // The model does not remember where files of data were, its run directory does.
    if node["data"]?["scenario"] == nil, let config = try Self.configuration(ofRun: path) { node = config }
    return try TrainingConfig(changes.settings.reduce(node) { try $0.setting($1) })
  }

  /// The configuration in the run.json of a run directory; nil where `path` is none.
  private static func configuration(ofRun path: String) throws -> ConfigNode? {
    guard FileManager.default.fileExists(atPath: path + "/" + RunRecord.fileName) else { return nil }
    return try RunRecord.load(path).config
  }
}
