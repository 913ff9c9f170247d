// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes a table of motion: `system,step,t`, then of X_x, X_y, X_z, X_drift, virial_ratio, min_distance, E_1, …, e_x, e_y, e_z and apsis those
/// that the system has, then `body_i,body_j` where there are distances.
public final class MotionCSV {
  private let csv: CSVWriter
  private let bodies: Bodies
  private let hasPairs: Bool

  /// A file at `path` (nil: the standard output) with the columns of `account`.
  public init(_ path: String?, of account: MotionAccount, bodies: Bodies) throws {
    self.bodies = bodies
    hasPairs = account.hasPairs
    csv = try CSVWriter(
      path, header: ["system", "step", "t"] + account.names + (hasPairs ? ["body_i", "body_j"] : []))
  }

  public func write(_ row: MotionAccount.Row, system: Int) throws {
    csv.add(system)
    csv.add(row.step)
    csv.add(row.t)
    for value in row.values { csv.add(value) }
    if hasPairs {
      csv.add(row.closest.map { bodies.names[$0.i] } ?? "")
      csv.add(row.closest.map { bodies.names[$0.j] } ?? "")
    }
    try csv.endRow()
  }

  public func finish() throws { try csv.finish() }
}
