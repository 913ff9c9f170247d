// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// Trains and evaluates one cell of a study in a folder of its own, or goes on with that.
struct StudyCellRun {
  let cell: StudyConfig.Cell
  let config: TrainingConfig
  let rollouts: Int
  let folder: String
  let threads: Int

  private var rowFile: String { folder + "/row.json" }

  /// The row of a cell that is done.
  func finishedRow() throws -> StudyRow? {
    guard FileManager.default.fileExists(atPath: rowFile) else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = FileManager.default.contents(atPath: rowFile),
      let row = try? decoder.decode(StudyRow.self, from: data), row.law == cell.law,
      row.model == cell.model, row.train == cell.train, row.seed == cell.seed
    else { throw NoetherError("\(rowFile): is damaged; remove the folder, and the cell is trained again") }
    return row
  }

  /// nil where it was interrupted; all is saved then.
  func run(onProgress: @escaping (Double) -> Void) throws -> StudyRow? {
    if let row = try finishedRow() { return row }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    removeUnfinishedFiles(in: folder)
    let quiet = Progress("data", quiet: true)
    let data = try TrainingData(config: config.data, threads: threads, progress: quiet)
    var row = StudyRow(
      law: cell.law, model: cell.model, train: cell.train, seed: cell.seed, status: .finished, parameters: 0,
      validation: .nan, metrics: [], seconds: 0)
    let trainer: Trainer
    do {
      trainer = try Trainer(
        config, train: data.dataset(.train), validation: data.dataset(.validation), folder: folder,
        threads: threads, resume: true)
      if let warning = trainer.warning { Terminal.say(warning) }
    } catch let error as NoetherError where !Interruption.isRequested {
      // The other cells may well be possible.
      Terminal.say("\(cell.folder): \(error.message)")
      row.status = .failed
      try save(row)
      return row
    }
    row.parameters = trainer.parameterCount
    do {
      let outcome = try trainer.run(
        onStep: { onProgress(Double($0.step) / Double(max(1, $0.totalSteps))) },
        shouldStop: { Interruption.isRequested })
      if outcome == .interrupted { return nil }
    } catch let failure as TrainingFailure {
      Terminal.say("\(cell.folder): \(failure.message)")
      row.status = .failed
    }
    let curve = try CSVColumns(ifPresent: folder + "/training.csv")
    row.seconds = curve?["seconds"]?.last ?? 0
    if row.status == .finished {
      row.validation = curve?["val_mse"]?.min() ?? .nan
      let model = try HamiltonianModel.load(folder)
      row.metrics = try ModelEvaluation(
        of: model, on: data, loss: config.method, rollouts: rollouts, threads: threads, quiet: true
      ).metrics
      if Interruption.isRequested { return nil }
    }
    try save(row)
    return row
  }

  private func save(_ row: StudyRow) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    try writeAtomically(encoder.encode(row), to: rowFile)
  }
}
