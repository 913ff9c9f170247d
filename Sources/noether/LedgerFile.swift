// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import LieCore

/// The Noether ledger of stored trajectories as CSV, with what a model makes of each momentum where there is one.
struct LedgerFile {
  private let csv: MomentumCSV
  private let fields: [VelocityField]
  private let model: HamiltonianModel?
  private let precision: Precision

  init(
    _ path: String?, fields: [VelocityField], model: HamiltonianModel?, precision: Precision = .float64
  ) throws {
    csv = try MomentumCSV(path, learned: model != nil)
    self.fields = fields
    self.model = model
    self.precision = precision
  }

  /// One system of those whose ledger is written.
  struct Member: Sendable {
    var index: Int
    var frames: [Frame]
    var law: any MechanicalSystem
  }

  /// Writes the rows of all `members`: for each frame, one per field. As many systems at a time as there are
  /// threads, so that no more of their rows are in memory.
  func write(_ members: [Member], threads: Int) throws {
    for start in stride(from: 0, to: members.count, by: threads) {
      let batch = Array(members[start..<min(start + threads, members.count)])
      let rows = try parallelMap(count: batch.count, threads: threads) { [fields, model, precision] index in
        momentumLedger(
          of: batch[index].frames, fields: fields, system: batch[index].law,
          learned: try model?.law(like: batch[index].law, precision: precision))
      }
      for (member, rows) in zip(batch, rows) { try write(rows, of: member) }
    }
  }

  private func write(_ rows: [MomentumRow], of member: Member) throws {
    guard let first = member.frames.first else { return }
    let pins = Self.pins(of: member.law.bodies, at: first.state.q)
    let conserved = fields.map { field in
      model.map { ModelSymmetry($0).conservation(of: field, pins: pins).rawValue }
    }
    for (place, row) in rows.enumerated() {
      try csv.write(row, system: member.index, conserved: conserved[place % fields.count])
    }
  }

  func finish() throws { try csv.finish() }

  /// Where the pinned bodies are.
  private static func pins(of bodies: Bodies, at q: [Double]) -> [Coordinates<Double>] {
    bodies.pinned.indices.filter { bodies.pinned[$0] }.map { body in
      Coordinates(count: bodies.dimension) { q[body * bodies.dimension + $0] }
    }
  }
}
