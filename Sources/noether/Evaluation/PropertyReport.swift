// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Molecules

/// What `evaluate` says of a model that has learned a property of molecules.
struct PropertyReport {
  private let model: PointModel
  private let data: PropertyData
  private let threads: Int
  private let quiet: Bool

  /// Whether a model has learned that.
  static func isFor(_ model: PointModel) -> Bool {
    guard let stored = model.training, let node = try? ConfigNode.parse(stored, name: "training") else {
      return false
    }
    return PropertyConfig.isMeant(by: node)
  }

  /// Of the model at `path`, on the data that it remembers, with changes. The files of the data are those of the run.
  init(model: PointModel, at path: String, settings: [String], threads: Int, quiet: Bool) throws {
    self.model = model
    self.threads = threads
    self.quiet = quiet
    if let other = settings.first(where: { !$0.hasPrefix("data.") }) {
      throw NoetherError("--set \(other): only keys of data change the evaluation of a property")
    }
    for key in ["energy", "unit", "intensive", "reference", "features"] {
      if let other = settings.first(where: { $0.hasPrefix("data.\(key)=") || $0.hasPrefix("data.\(key).") }) {
        throw NoetherError("--set \(other): what the model has learned stays as it is; leave it out")
      }
    }
    var node = try ConfigNode.parse(model.training ?? "", name: "\(path): training")
    if Resources.isFolder(path), let config = try RunRecord.load(path).config {
      for key in StructureConfig.paths {
        node = try node.replacing("data.\(key)", with: config["data"]?[key])
      }
    }
    node = try settings.reduce(node) { try $0.setting($1) }
    if node["data"]?["structures"] == nil {
      guard let test = node["data"]?["test_structures"] else {
        throw NoetherError(
          "\(path): does not say where its structures are; give the run directory, or --set data.structures=FILE, or others to test "
            + "on by --set data.test_structures=FILE")
      }
      // Where those are named, no others are read.
      node = try node.replacing("data.structures", with: test)
    }
    let config = try PropertyConfig(node)
    guard config.model == model.config, let target = PropertyTarget(model),
      target.inputs(config) == model.network.inputs, model.network.outputs == 1
    else {
      throw NoetherError("\(path): does not say what it was trained for, or is damaged; train again")
    }
    data = try PropertyData(config, splits: [.test], target: target)
  }

  /// Writes the metrics to a file or the standard output.
  func write(to out: String?) throws {
    let csv = try CSVWriter(metrics: out)
    let progress = Progress("evaluate", quiet: quiet)
    let result = try PropertyEvaluation(
      of: model, on: data, threads: threads, shouldStop: { Interruption.isRequested },
      onProgress: { progress.update($0) })
    progress.finish()
    guard let result else { throw Interruption.stoppedBeforeWriting }
    try csv.finish(metrics: [
      ("test_structures", Double(result.molecules)), ("property_mae", result.mae),
      ("property_rmse", result.rmse), ("composition_mae", result.compositionMAE),
    ])
  }
}
