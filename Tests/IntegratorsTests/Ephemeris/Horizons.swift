// SPDX-License-Identifier: GPL-3.0-or-later

import CZlib
import Dynamics
import Foundation
import TestSupport

/// Positions of the Sun and the outer planets from JPL Horizons, and a Newtonian model fitted to them.
///
/// Distances are in AU, times in days (TDB). The model has six bodies, the Sun's mass including the inner
/// planets'; its initial state at JD 2451370.5 is the least-squares fit that comes with the data.
struct Horizons {
  static let constants = "jpl_horizons/constants_and_initial_states.json"
  static let table = "jpl_horizons/outer_barycentric_50d.csv.gz"
  static let names = ["Sun", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto"]

  struct Damaged: Error {
    var what: String
  }

  private struct Constants: Decodable {
    var model_GM: [Double]
    var model_GM_order: [String]
    var fit_epoch_jd: Double
    var fit_initial_state_barycentric: [String: [Double]]
    var horizons_state_at_fit_epoch_barycentric: [String: [Double]]
  }

  let epoch: Double
  /// The fitted start.
  let fitted: Problem
  /// The planets' own centres, whose moons make them wobble: a start that is not fit for the model.
  let unfitted: Problem
  /// Julian date and positions [bodies × 3].
  let rows: [(date: Double, q: [Double])]

  init() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path(Self.constants)))
    let constants = try JSONDecoder().decode(Constants.self, from: data)
    guard constants.model_GM_order == Self.names else { throw Damaged(what: "the order of the bodies") }
    epoch = constants.fit_epoch_jd
    // Only GM is known well. In units of the Sun's mass G is the Sun's GM.
    let G = constants.model_GM[0]
    let masses = constants.model_GM.map { $0 / G }
    let system = GravitySystem(
      bodies: Bodies(
        dimension: 3, names: Self.names, masses: masses, pinned: masses.map { _ in false }),
      G: G, softening: 0)
    func problem(_ name: String, _ states: [String: [Double]]) throws -> Problem {
      let rows = Self.names.compactMap { states[$0] }
      guard rows.count == masses.count, rows.allSatisfy({ $0.count == 6 }) else {
        throw Damaged(what: "the initial states")
      }
      let q = rows.flatMap { $0[0..<3] }
      let p = zip(rows, masses).flatMap { row, m in row[3..<6].map { m * $0 } }
      return Problem(name, system, PhaseState(q: q, p: p))
    }
    fitted = try problem("fitted", constants.fit_initial_state_barycentric)
    unfitted = try problem("unfitted", constants.horizons_state_at_fit_epoch_barycentric)
    rows = try Self.rows(of: Self.inflated(SharedData.path(Self.table)))
  }

  private static func rows(of text: String) throws -> [(date: Double, q: [Double])] {
    try text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: ",").compactMap { Double($0) }
      guard fields.count == 37 else { throw Damaged(what: "the line \(line.prefix(60))") }
      return (fields[0], (0..<6).flatMap { body in fields[1 + 6 * body..<4 + 6 * body] })
    }
  }

  private static func inflated(_ path: String) throws -> String {
    guard let file = gzopen(path, "rb") else { throw Damaged(what: path) }
    defer { gzclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = gzread(file, &block, UInt32(block.count))
      guard count >= 0 else { throw Damaged(what: path) }
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += block[..<Int(count)]
    }
  }
}
