// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes ledger.csv: `system,step,t,momentum,value,drift,residual[,residual_learned,conserved]`, one row per
/// system, frame and momentum; the last two where a model is there.
public final class MomentumCSV {
  private let csv: CSVWriter
  private let learned: Bool

  /// A file at `path` (nil: the standard output); `learned` adds the columns about a model.
  public init(_ path: String?, learned: Bool) throws {
    self.learned = learned
    csv = try CSVWriter(
      path,
      header: ["system", "step", "t", "momentum", "value", "drift", "residual"]
        + (learned ? ["residual_learned", "conserved"] : []))
  }

  /// - Parameter conserved: whether the model conserves the row's momentum by construction.
  public func write(_ row: MomentumRow, system: Int, conserved: String? = nil) throws {
    csv.add(system)
    csv.add(row.step)
    csv.add(row.t)
    csv.add(row.momentum)
    for value in [row.value, row.drift, row.residual] { csv.add(value) }
    if learned {
      csv.add(row.learnedResidual ?? .nan)
      csv.add(conserved ?? "")
    }
    try csv.endRow()
  }

  public func finish() throws { try csv.finish() }
}
