// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Images

/// What `evaluate` says of a model that has learned digits.
struct ImageReport {
  private let model: PointModel
  private let data: ImageData
  private let threads: Int
  private let quiet: Bool

  /// Of the model at `path`, on the data that it remembers, with changes. The folder of the images is that of the run.
  init(model: PointModel, at path: String, settings: [String], threads: Int, quiet: Bool) throws {
    self.model = model
    self.threads = threads
    self.quiet = quiet
    guard let stored = model.training else {
      throw NoetherError("\(path): does not say what it was trained on, so there is no test set")
    }
    if let other = settings.first(where: { !$0.hasPrefix("data.") }) {
      throw NoetherError("--set \(other): only keys of data change the evaluation of a model of digits")
    }
    var node = try ConfigNode.parse(stored, name: "\(path): training")
    if Resources.isFolder(path),
      let folder = try RunRecord.load(path).config.map({ try ImageConfig($0).data.folder })
    {
      node = try node.replacing("data.folder", with: folder.map { .string($0) })
    }
    data = try ImageData(
      ImageConfig(settings.reduce(node) { try $0.setting($1) }).data, splits: [.test])
  }

  /// Writes the metrics to a file or the standard output, and the tables that are wanted.
  func write(to out: String?, confusion: String?, angles: String?, angleImages: Int) throws {
    let metrics = try CSVWriter(metrics: out)
    let confusionTable = try confusion.map { try CSVWriter($0, header: ["digit", "predicted", "count"]) }
    let angleTable = try angles.map {
      try CSVWriter($0, header: ["angle", "error", "error_low", "error_high", "images"])
    }
    let progress = Progress("evaluate", quiet: quiet)
    let stop = { Interruption.isRequested }
    let result = try ImageEvaluation(model, on: data, threads: threads, shouldStop: stop) {
      progress.update($0)
    }
    var turned: [(angle: Double, errors: Int, count: Int)] = []
    if angleTable != nil {
      turned = try ImageEvaluation.errors(
        of: model, on: data, at: stride(from: 0, to: 360, by: 15).map { $0 }, count: angleImages,
        threads: threads, shouldStop: stop
      ) { progress.update($0) }
    }
    progress.finish()
    if stop() { throw Interruption.stoppedBeforeWriting }
    let interval = wilsonInterval(result.errors, of: result.count)
    if let confusionTable {
      for (index, count) in result.confusion.enumerated() {
        confusionTable.add(index / ImageSet.classes)
        confusionTable.add(index % ImageSet.classes)
        confusionTable.add(count)
        try confusionTable.endRow()
      }
      try confusionTable.finish()
    }
    if let angleTable {
      for row in turned {
        let interval = wilsonInterval(row.errors, of: row.count)
        for value in [row.angle, Double(row.errors) / Double(row.count), interval.low, interval.high] {
          angleTable.add(value)
        }
        angleTable.add(row.count)
        try angleTable.endRow()
      }
      try angleTable.finish()
    }
    try metrics.finish(metrics: [
      ("test_error", Double(result.errors) / Double(result.count)), ("test_error_low", interval.low),
      ("test_error_high", interval.high), ("test_loss", result.loss), ("test_images", Double(result.count)),
    ])
  }
}
