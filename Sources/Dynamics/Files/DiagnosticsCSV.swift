// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes diagnostics.csv: `system,step,t,T,V,H,dH,P_x[,P_y[,P_z]][,L_z | ,L_x,L_y,L_z],dP[,dL][,H_learned,dH_learned]`;
/// without P, L and their drifts where they mean nothing.
public final class DiagnosticsCSV {
  private let csv: CSVWriter
  private let learned: Bool
  private let hasP: Bool
  private let hasL: Bool

  /// A file at `path` (nil: the standard output) for systems of bodies like `bodies`; `learned` adds the columns of
  /// the learned energy.
  public init(_ path: String?, for bodies: Bodies, learned: Bool = false) throws {
    self.learned = learned
    let (P, L) = bodies.momentumNames
    hasP = !P.isEmpty
    hasL = !L.isEmpty
    csv = try CSVWriter(
      path,
      header: ["system", "step", "t", "T", "V", "H", "dH"] + P + L + (hasP ? ["dP"] : [])
        + (hasL ? ["dL"] : [])
        + (learned ? ["H_learned", "dH_learned"] : []))
  }

  public func write(_ row: DiagnosticsRow, system: Int) throws {
    csv.add(system)
    csv.add(row.step)
    for value in [row.t, row.T, row.V, row.H, row.dH] { csv.add(value) }
    for value in row.P { csv.add(value) }
    for value in row.L { csv.add(value) }
    if hasP { csv.add(row.dP) }
    if hasL { csv.add(row.dL) }
    if learned {
      csv.add(row.learned?.H ?? .nan)
      csv.add(row.learned?.dH ?? .nan)
    }
    try csv.endRow()
  }

  public func finish() throws { try csv.finish() }
}
