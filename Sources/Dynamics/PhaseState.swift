// SPDX-License-Identifier: GPL-3.0-or-later

/// A point z = (q, p) of phase space: flat positions and momenta in the order body, axis.
public struct PhaseState: Sendable, Equatable {
  public var q: [Double]
  public var p: [Double]

  public init(q: [Double], p: [Double]) {
    precondition(q.count == p.count)
    self.q = q
    self.p = p
  }

  public var isFinite: Bool { q.allSatisfy(\.isFinite) && p.allSatisfy(\.isFinite) }
}
