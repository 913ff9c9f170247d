// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes a table of drifts: `system,quantity,drift,max,rms,last,slope,slope_ci95,halves,exponent,verdict`, a row per system and
/// quantity.
public final class DriftCSV {
  private let csv: CSVWriter

  /// A file at `path` (nil: the standard output).
  public init(_ path: String?) throws {
    csv = try CSVWriter(
      path,
      header: [
        "system", "quantity", "drift", "max", "rms", "last", "slope", "slope_ci95", "halves", "exponent",
        "verdict",
      ])
  }

  public func write(_ series: DriftSeries, system: Int) throws {
    let behaviour = DriftBehaviour(of: series.values, at: series.t)
    csv.add(system)
    csv.add(series.quantity)
    csv.add(series.isRelative ? "relative" : "absolute")
    for value in [
      behaviour.largest, behaviour.rms, behaviour.last, behaviour.slope, behaviour.slopeBound,
      behaviour.halves, behaviour.exponent,
    ] { csv.add(value) }
    csv.add(behaviour.verdict.rawValue)
    try csv.endRow()
  }

  public func finish() throws { try csv.finish() }
}
