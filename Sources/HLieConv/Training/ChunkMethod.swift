// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A method that the training loss can integrate with and differentiate.
public struct ChunkMethod: Sendable {
  enum Table: Sendable {
    case rungeKutta(RungeKuttaTable)
    case nystrom(NystromTable)
    case splitting(SplittingTable)
  }
  public let name: String
  let table: Table
  /// Intervals of the data that one step covers.
  public private(set) var stride = 1

  /// The method of the published data and loss.
  public static let threeEighths = ChunkMethod(name: "rk4-38", table: .rungeKutta(.threeEighths))

  /// What `loss.integrator` may be.
  public static let all = [
    threeEighths,
    ChunkMethod(name: "rk4", table: .rungeKutta(.classic4)),
    ChunkMethod(name: "nystrom4", table: .nystrom(.nystrom4)),
    ChunkMethod(name: "verlet", table: .splitting(.verlet)),
    ChunkMethod(name: "yoshida4", table: .splitting(.yoshida4)),
  ]

  /// The method of that name in `all`, stepping over `stride` points at a time; nil where there is none, or where it
  /// has no states between its steps.
  public static func named(_ name: String, stride: Int = 1) -> ChunkMethod? {
    guard stride >= 1, var method = all.first(where: { $0.name == name }) else { return nil }
    if case .nystrom = method.table {} else if stride > 1 { return nil }
    method.stride = stride
    return method
  }

  /// Forces that a chunk of `points` takes.
  public func evaluations(points: Int) -> Int {
    switch table {
    case .rungeKutta(let table): (points - 1) * table.stages
    case .nystrom(let table): NystromRollout<Double>.evaluations(table, points: points, stride: stride)
    case .splitting(let table): SplittingPlan(table, steps: points - 1).evaluations
    }
  }
}
