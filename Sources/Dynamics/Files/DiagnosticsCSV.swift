// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes diagnostics.csv: `system,step,t,T,V,H,dH,P_x,P_y[,P_z],L_z | L_x,L_y,L_z,dP,dL[,H_learned,dH_learned]`.
public final class DiagnosticsCSV {
  private let csv: CSVWriter
  private let learned: Bool

  /// A file at `path` (nil: the standard output) for systems of `dimension` axes; `learned` adds the columns of
  /// the learned energy.
  public init(_ path: String?, dimension: Int, learned: Bool = false) throws {
    self.learned = learned
    let momenta = dimension == 2 ? ["P_x", "P_y", "L_z"] : ["P_x", "P_y", "P_z", "L_x", "L_y", "L_z"]
    csv = try CSVWriter(
      path,
      header: ["system", "step", "t", "T", "V", "H", "dH"] + momenta + ["dP", "dL"]
        + (learned ? ["H_learned", "dH_learned"] : []))
  }

  public func write(_ row: DiagnosticsRow, system: Int) throws {
    csv.add(system)
    csv.add(row.step)
    for value in [row.t, row.T, row.V, row.H, row.dH] { csv.add(value) }
    for value in row.P { csv.add(value) }
    for value in row.L { csv.add(value) }
    csv.add(row.dP)
    csv.add(row.dL)
    if learned {
      csv.add(row.learned?.H ?? .nan)
      csv.add(row.learned?.dH ?? .nan)
    }
    try csv.endRow()
  }

  public func finish() throws { try csv.finish() }
}
