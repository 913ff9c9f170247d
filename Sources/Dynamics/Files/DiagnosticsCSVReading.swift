// SPDX-License-Identifier: GPL-3.0-or-later

/// The rows of a diagnostics.csv, system by system.
public struct DiagnosticsTable: Sendable {
  /// The names of the components of P and L that it has.
  public let names: (P: [String], L: [String])
  /// In the order of the file.
  public let systems: [(index: Int, rows: [DiagnosticsRow])]

  /// Throws where the file is none, or a field no number.
  public init(_ path: String) throws {
    let table = try CSVColumns(path)
    func column(_ name: String) throws -> [Double] {
      if let values = table[name] { return values }
      throw NoetherError(
        "\(path): there is no column '\(name)'; a diagnostics.csv of simulate or rollout has one")
    }
    let axes = ["x", "y", "z"]
    names = (
      axes.map { "P_" + $0 }.filter { table[$0] != nil }, axes.map { "L_" + $0 }.filter { table[$0] != nil }
    )
    let (P, L) = (try names.P.map(column), try names.L.map(column))
    let (index, step, t) = (try column("system"), try column("step"), try column("t"))
    let energies = try ["T", "V", "H", "dH"].map(column)
    let dP = try names.P.isEmpty ? nil : column("dP")
    let dL = try names.L.isEmpty ? nil : column("dL")
    let learned = try table["H_learned"].map { ($0, try column("dH_learned")) }

    var systems: [(index: Int, rows: [DiagnosticsRow])] = []
    for row in 0..<table.rows {
      guard let system = Int(exactly: index[row]), let steps = Int(exactly: step[row]) else {
        throw NoetherError("\(path): row \(row + 1): system and step must be whole numbers")
      }
      if systems.last?.index != system { systems.append((system, [])) }
      // dH is H − H₀ where H₀ = 0.
      let start = systems[systems.count - 1].rows.first?.H ?? energies[2][row]
      systems[systems.count - 1].rows.append(
        DiagnosticsRow(
          step: steps, t: t[row], T: energies[0][row], V: energies[1][row], H: energies[2][row],
          dH: energies[3][row], dHIsAbsolute: start == 0, P: P.map { $0[row] }, L: L.map { $0[row] },
          dP: dP?[row] ?? 0, dL: dL?[row] ?? 0,
          learned: learned.map { LearnedEnergy(H: $0[row], dH: $1[row]) }))
    }
    if systems.isEmpty { throw NoetherError("\(path): there are no rows in it") }
    self.systems = systems
  }
}
