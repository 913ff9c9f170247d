// SPDX-License-Identifier: GPL-3.0-or-later

/// What the rows of a tensor stand for. A tile holds S systems of n bodies each; a program may lift every body s
/// times, to N = n s nodes.
public enum Rows: Sendable {
  /// One row per system: S.
  case system
  /// One row per body: S n, in the order system, body.
  case body
  /// One row per lifted body: S N, in the order system, body, sample.
  case node
  /// One row per ordered pair (a, b) of nodes: S N², in the order system, a, b.
  case pair

  func count(systems: Int, bodies: Int, samples: Int) -> Int {
    switch self {
    case .system: systems
    case .body: systems * bodies
    case .node: systems * bodies * samples
    case .pair: systems * (bodies * samples) * (bodies * samples)
    }
  }
}

/// Systems of a tile, and the bodies that each of them has.
struct TileShape: Sendable, Hashable {
  let systems: Int
  let bodies: Int
}

extension [TileShape] {
  /// Rows enough for a tile of any of these shapes.
  func rows(_ rows: Rows, samples: Int) -> Int {
    reduce(0) { Swift.max($0, rows.count(systems: $1.systems, bodies: $1.bodies, samples: samples)) }
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
  /// Its derivative is zero or not wanted: no cotangent of it is ever asked for.
  let isLeaf: Bool
  /// Values, and cotangents, are kept for every evaluation until its second pass, which needs them; false where that
  /// pass computes them again, from less memory than it takes to keep them.
  var keepsValue = true
  var keepsCotangent = true
}
