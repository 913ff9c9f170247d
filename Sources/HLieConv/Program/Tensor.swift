// SPDX-License-Identifier: GPL-3.0-or-later

/// What the rows of a tensor stand for. A tile holds s systems of n bodies each.
public enum Rows: Sendable {
  /// One row per system: s.
  case system
  /// One row per body: s n, in the order system, body.
  case node
  /// One row per ordered pair (i, j): s n², in the order system, i, j.
  case pair

  func count(systems: Int, bodies: Int) -> Int {
    switch self {
    case .system: systems
    case .node: systems * bodies
    case .pair: systems * bodies * bodies
    }
  }
}

/// The name of one tensor of a program.
public struct TensorID: Sendable, Hashable {
  let index: Int
}

struct TensorSpec: Sendable {
  let rows: Rows
  let width: Int
  /// It does not depend on the positions: computed once for all evaluations of a trajectory.
  let isStatic: Bool
  /// Nothing is learned from what lies before it: no cotangent is ever wanted.
  let isLeaf: Bool
}
