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

  /// Euler's method, which tells of the rates themselves where they are taken for a time of 1.
  static let rates = ChunkMethod(name: "rates", table: .rungeKutta(RungeKuttaTable(a: [[]], b: [1])))

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

  /// Why the method cannot integrate such dynamics; nil where it can. Those of a potential take any method.
  public func complaint(about dynamics: LearnedDynamics) -> String? {
    if case .rungeKutta = table { return nil }
    if dynamics == .potential { return nil }
    let others = Self.all.filter { if case .rungeKutta = $0.table { true } else { false } }
    return
      "\(name) needs an energy H = T(p) + V(q) with a given T, which the model does not have; use one of: "
      + others.map(\.name).joined(separator: ", ")
  }

  /// Forces, or rates of states, that a chunk of `points` takes.
  public func evaluations(points: Int) -> Int {
    switch table {
    case .rungeKutta(let table): (points - 1) * table.stages
    case .nystrom(let table): NystromRollout<Double>.evaluations(table, points: points, stride: stride)
    case .splitting(let table): SplittingPlan(table, steps: points - 1).evaluations
    }
  }
}
