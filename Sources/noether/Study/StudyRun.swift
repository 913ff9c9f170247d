// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Synchronization

/// A study in its run directory: begun, or taken up again.
struct StudyRun {
  static let command = "study"

  private let config: StudyConfig
  private let options: RunOptions

  init(_ config: StudyConfig, options: RunOptions) {
    self.config = config
    self.options = options
  }

  /// The run that `record` tells of.
  init(_ record: RunRecord, options: RunOptions) throws {
    self.init(try StudyConfig(record.requiredConfig()), options: options)
  }

  func record(threads: Int) -> RunRecord {
    RunRecord(noether: Noether.version, command: Self.command, config: config.resolved, threads: threads)
  }

  func start(_ output: OutputOptions) throws {
    let record = record(threads: try options.threadCount())
    let directory = try RunDirectory.create(output.directory, record: record, overwrite: output.overwrite)
    try go(in: directory, record)
  }

  func go(in directory: RunDirectory, _ record: RunRecord) throws {
    var record = record
    record.threads = try options.threadCount()
    record.status = .running
    let (clock, start, before) = (ContinuousClock(), ContinuousClock.now, record.wallTime)
    func close(_ status: RunRecord.Status) throws {
      record.status = status
      record.wallTime = before + (clock.now - start) / .seconds(1)
      try directory.update(record)
    }
    try directory.update(record)
    let cells = config.cells
    // A cell has one thread where there are enough of them: that wastes none on waiting.
    let threads = max(1, record.threads / cells.count)
    let runs = try cells.map {
      StudyCellRun(
        cell: $0, config: try config.training(of: $0), rollouts: config.rollouts,
        folder: directory.file("cells/\($0.folder)"), threads: threads)
    }
    let progress = Progress(Self.command, quiet: options.quiet)
    let state = Mutex(
      (
        rows: [StudyRow?](repeating: nil, count: cells.count),
        done: [Double](repeating: 0, count: cells.count)
      ))
    let rows: [StudyRow?]
    do {
      rows = try parallelMap(count: cells.count, threads: record.threads) { index in
        if Interruption.isRequested { return try runs[index].finishedRow() }
        let row = try runs[index].run { fraction in
          let all = state.withLock { state in
            state.done[index] = fraction
            return state.done.reduce(0, +) / Double(cells.count)
          }
          progress.update(all, note: cells[index].folder)
        }
        try state.withLock { state in
          state.rows[index] = row
          state.done[index] = row == nil ? state.done[index] : 1
          try StudyRow.write(state.rows.compactMap { $0 }, to: directory.file("study.csv"))
        }
        return row
      }
    } catch {
      progress.finish()
      try? writeTables(state.withLock { $0.rows.compactMap { $0 } }, in: directory)
      try? close(.interrupted)
      // A cell that was still making its data has nothing to save.
      throw Interruption.isRequested ? Interruption.stopped(directory.path) : error
    }
    progress.finish()
    let known = rows.compactMap { $0 }
    try writeTables(known, in: directory)
    guard known.count == cells.count else {
      try close(.interrupted)
      throw Interruption.stopped(directory.path)
    }
    try close(.finished)
  }

  private func writeTables(_ rows: [StudyRow], in directory: RunDirectory) throws {
    try StudyRow.write(rows, to: directory.file("study.csv"))
    try StudyRow.writeSummary(rows, to: directory.file("study_summary.csv"))
  }
}
