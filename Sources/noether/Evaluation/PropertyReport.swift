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
    var node = try ConfigNode.parse(model.training ?? "", name: "\(path): training")
    if Resources.isFolder(path), let config = try RunRecord.load(path).config {
      for key in StructureConfig.paths {
        node = try node.replacing("data.\(key)", with: config["data"]?[key])
      }
    }
    node = try settings.reduce(node) { try $0.setting($1) }
    if node["data"]?["structures"] == nil {
      throw NoetherError(
        "\(path): does not say where its structures are; give the run directory, or --set data.structures=FILE"
      )
    }
    let config = try PropertyConfig(node)
    guard config.model == model.config, let target = PropertyTarget(model) else {
      throw NoetherError("\(path): its metadata are damaged; train again or use another copy")
    }
    data = try PropertyData(config, splits: [.test], target: target)
    guard data.inputs == model.network.inputs else {
      throw NoetherError(
        "\(path): is told \(model.network.inputs) numbers of an atom, with data.features: "
          + "\(config.data.structures?.features.rawValue ?? "") there are \(data.inputs); leave data.features as they were"
      )
    }
  }

  /// Writes the metrics to a file or the standard output.
  func write(to out: String?) throws {
    let csv = try CSVWriter(out, header: ["metric", "value"])
    let progress = Progress("evaluate", quiet: quiet)
    let result = try PropertyEvaluation(
      of: model, on: data, threads: threads, shouldStop: { Interruption.isRequested },
      onProgress: { progress.update($0) })
    progress.finish()
    guard let result else { throw Interruption.stoppedBeforeWriting }
    for (name, value) in [
      ("test_structures", Double(result.molecules)), ("property_mae", result.mae),
      ("property_rmse", result.rmse), ("composition_mae", result.compositionMAE),
    ] {
      csv.add(name)
      csv.add(value)
      try csv.endRow()
    }
    try csv.finish()
  }
}
