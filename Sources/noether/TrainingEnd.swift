// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

extension RunDirectory {
  /// Carries out a training or a fit, and writes into run.json how it ended and how long it took.
  ///
  /// Returns where it is finished. Throws where it failed, was interrupted or could not write a file: in the last two cases it can
  /// be resumed.
  func carryOut(
    _ record: RunRecord, since start: ContinuousClock.Instant, _ progress: Progress,
    _ train: () throws -> TrainingOutcome
  ) throws {
    var record = record
    func close(_ status: RunRecord.Status, notes: [String] = []) throws {
      record.status = status
      record.notes = notes
      record.wallTime += (ContinuousClock.now - start) / .seconds(1)
      try update(record)
    }
    let outcome: TrainingOutcome
    do {
      outcome = try train()
    } catch let failure as TrainingFailure {
      progress.finish()
      try close(.failed, notes: [failure.message])
      throw NoetherError(failure.message)
    } catch {
      // A file could not be written: nothing is wrong with the training, and it can be resumed.
      progress.finish()
      try? close(.interrupted)
      throw (error as? NoetherError).map { canGoOn(after: $0) } ?? error
    }
    progress.finish()
    switch outcome {
    case .interrupted:
      try close(.interrupted)
      throw Interruption.stopped(path)
    case .finished: try close(.finished)
    }
  }
}

extension RunDirectory {
  /// Where a file could not be written, as on a full disk, nothing is wrong with the run: the error with the way to go on.
  func canGoOn(after error: NoetherError) -> NoetherError {
    guard error.message.contains("cannot be written") else { return error }
    return NoetherError(
      "\(error.message); what was saved before is kept: when that is mended, go on with: noether resume \(path)",
      exitCode: error.exitCode)
  }
}
