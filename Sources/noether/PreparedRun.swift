// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A training or a fit in its run directory, begun or taken up again: its work is prepared before anything is written.
protocol PreparedRun {
  associatedtype Work
  var options: RunOptions { get }
  func record(threads: Int) -> RunRecord
  /// Reads the data and builds what `go` needs; with `resume`, from where the files in `folder` stand.
  func prepare(_ folder: String, threads: Int, resume: Bool) throws -> Work
  func go(_ work: Work, in directory: RunDirectory, _ record: RunRecord) throws
}

extension PreparedRun {
  /// Begins. The run directory appears once the data are there and fit the model.
  func start(_ output: OutputOptions) throws {
    let threads = try options.threadCount()
    let work = try prepare(output.directory, threads: threads, resume: false)
    let record = record(threads: threads)
    let directory = try RunDirectory.create(output.directory, record: record, overwrite: output.overwrite)
    try go(work, in: directory, record)
  }

  func go(in directory: RunDirectory, _ record: RunRecord) throws {
    var record = record
    record.threads = try options.threadCount()
    record.status = .running
    let work = try prepare(directory.path, threads: record.threads, resume: true)
    try directory.update(record)
    try go(work, in: directory, record)
  }
}

extension RunRecord {
  /// The configuration that every run of a configuration has; throws where it is missing.
  func requiredConfig() throws -> ConfigNode {
    if let config { return config }
    throw NoetherError("run.json: config: missing; begin the run again")
  }
}
