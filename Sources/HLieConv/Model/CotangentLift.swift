// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// A group element on the phase space of some bodies: positions x ↦ g·x, and momenta and forces, which are
/// covectors, p ↦ Dg(x)⁻ᵀ p, so that p·ẋ is unchanged (Marsden & Ratiu, Introduction to Mechanics and Symmetry, 6.3).
struct CotangentLift<S: LieScalar> {
  /// g·xᵢ [bodies × dimension].
  let q: [S]
  /// The columns of Dg(xᵢ) and of Dg(xᵢ)⁻ᵀ [bodies][dimension].
  private let jacobians: [[Coordinates<S>]]
  private let columns: [[Coordinates<S>]]

  /// Of g = exp(a) at the positions `q` [bodies × dimension].
  init(_ group: any LieGroup.Type, _ a: [Double], at q: [S]) {
    self.init(of: group, a, q)
  }

  private init<G: LieGroup>(of group: G.Type, _ a: [Double], _ q: [S]) {
    let d = G.spaceDimension
    let g = G.exp(Coordinates(count: a.count) { S(a[$0]) })
    var (moved, jacobians, columns) = ([S](), [[Coordinates<S>]](), [[Coordinates<S>]]())
    for first in stride(from: 0, to: q.count, by: d) {
      let x = Coordinates(count: d) { q[first + $0] }
      let gx = G.act(g, on: x)
      for axis in 0..<d { moved.append(gx[axis]) }
      let jacobian = (0..<d).map { axis in
        var e = Coordinates<S>(count: d)
        e[axis] = S(1)
        return G.act(g.constant, on: x.moving(along: e)).tangents()
      }
      jacobians.append(jacobian)
      columns.append(inverseTranspose(ofColumns: jacobian))
    }
    self.q = moved
    self.jacobians = jacobians
    self.columns = columns
  }

  /// Dg(xᵢ)⁻ᵀ pᵢ for covectors [bodies × dimension].
  func carry(_ p: [S]) -> [S] { Self.times(columns, p) }

  /// Dg(xᵢ) vᵢ for vectors [bodies × dimension].
  func push(_ v: [S]) -> [S] { Self.times(jacobians, v) }

  private static func times(_ matrices: [[Coordinates<S>]], _ p: [S]) -> [S] {
    matrices.enumerated().flatMap { body, columns in
      let d = columns.count
      return (0..<d).map { row in
        (0..<d).reduce(S.zero) { $0 + columns[$1][row] * p[body * d + $1] }
      }
    }
  }
}

/// The columns of A⁻ᵀ for A = (a), (a, b) or (a, b, c): the cofactors over the determinant, which for three axes are
/// (b×c, c×a, a×b)/(a·(b×c)).
private func inverseTranspose<S: LieScalar>(ofColumns A: [Coordinates<S>]) -> [Coordinates<S>] {
  let cofactors: [Coordinates<S>]
  switch A.count {
  case 1: cofactors = [Coordinates(S(1))]
  case 2: cofactors = [Coordinates(A[1][1], -A[1][0]), Coordinates(-A[0][1], A[0][0])]
  default: cofactors = (0..<3).map { k in cross(A[(k + 1) % 3], A[(k + 2) % 3]) }
  }
  let inverseDeterminant = S(1) / A[0].dot(cofactors[0])
  return cofactors.map { inverseDeterminant * $0 }
}
