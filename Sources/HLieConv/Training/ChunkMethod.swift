// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A method that the training loss can integrate with and differentiate.
public struct ChunkMethod: Sendable {
  enum Table: Sendable {
    case rungeKutta(RungeKuttaTable)
    case splitting(SplittingTable)
  }
  public let name: String
  let table: Table

  /// The method of the published data and loss.
  public static let threeEighths = ChunkMethod(name: "rk4-38", table: .rungeKutta(.threeEighths))

  /// What `loss.integrator` may be.
  public static let all = [
    threeEighths,
    ChunkMethod(name: "rk4", table: .rungeKutta(.classic4)),
    ChunkMethod(name: "verlet", table: .splitting(.verlet)),
    ChunkMethod(name: "yoshida4", table: .splitting(.yoshida4)),
  ]

  /// Forces to be held for a chunk of `points`.
  func evaluations(points: Int) -> Int {
    switch table {
    case .rungeKutta(let table): (points - 1) * table.stages
    case .splitting(let table): SplittingPlan(table, steps: points - 1).evaluations
    }
  }
}
