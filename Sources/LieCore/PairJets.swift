// SPDX-License-Identifier: GPL-3.0-or-later

/// The embeddings of all ordered pairs of one system's points, with the derivatives that a network needs.
///
/// For n points in d axes and embeddings of width w, pair (i, j) is row i·n + j. J is the derivative of a_ij by
/// the 2d numbers (x_i, x_j). With a direction q̇ it also holds ȧ = J q̇ and J̇, the change of J along q̇.
public struct PairJets<Scalar: LieScalar> {
  public let points: Int
  public let dimension: Int
  public let width: Int

  /// Points [n × d], in.
  public var q: UnsafePointer<Scalar>
  /// Their velocities [n × d], in; nil where no second derivatives are wanted.
  public var direction: UnsafePointer<Scalar>?
  /// a [n² × w], out; written only without a direction, since the second pass finds it there already.
  public var embedding: UnsafeMutablePointer<Scalar>
  /// J [n² × w × 2d], out, likewise.
  public var jacobian: UnsafeMutablePointer<Scalar>
  /// ȧ [n² × w] and J̇ [n² × w × 2d], out; written only with a direction.
  public var tangent: UnsafeMutablePointer<Scalar>?
  public var jacobianTangent: UnsafeMutablePointer<Scalar>?

  public init(
    points: Int, dimension: Int, width: Int, q: UnsafePointer<Scalar>,
    direction: UnsafePointer<Scalar>? = nil,
    embedding: UnsafeMutablePointer<Scalar>, jacobian: UnsafeMutablePointer<Scalar>,
    tangent: UnsafeMutablePointer<Scalar>? = nil, jacobianTangent: UnsafeMutablePointer<Scalar>? = nil
  ) {
    self.points = points
    self.dimension = dimension
    self.width = width
    self.q = q
    self.direction = direction
    self.embedding = embedding
    self.jacobian = jacobian
    self.tangent = tangent
    self.jacobianTangent = jacobianTangent
  }

  @inlinable @inline(__always)
  mutating func fill<G: LieGroup>(from group: G.Type) {
    if let direction, let tangent, let jacobianTangent {
      fillSecond(from: group, direction, tangent, jacobianTangent)
    } else {
      fillFirst(from: group)
    }
  }

  /// One dual evaluation per column of J: x + ε e_c gives a and the column J e_c.
  @inlinable @inline(__always)
  func fillFirst<G: LieGroup>(from group: G.Type) {
    for i in 0..<points {
      for j in 0..<points {
        let row = (i * points + j) * width
        for column in 0..<2 * dimension {
          let a = G.pairEmbedding(seeded(i, column), seeded(j, column - dimension))
          for k in 0..<width {
            embedding[row + k] = a[k].value
            jacobian[(row + k) * 2 * dimension + column] = a[k].tangent
          }
        }
      }
    }
  }

  /// The same over duals of duals: the inner derivative runs along q̇, the outer along e_c.
  @inlinable @inline(__always)
  func fillSecond<G: LieGroup>(
    from group: G.Type, _ direction: UnsafePointer<Scalar>, _ tangent: UnsafeMutablePointer<Scalar>,
    _ jacobianTangent: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<points {
      for j in 0..<points {
        let row = (i * points + j) * width
        for column in 0..<2 * dimension {
          let a = G.pairEmbedding(
            seeded(i, column, along: direction), seeded(j, column - dimension, along: direction))
          for k in 0..<width {
            tangent[row + k] = a[k].value.tangent
            jacobianTangent[(row + k) * 2 * dimension + column] = a[k].tangent.tangent
          }
        }
      }
    }
  }

  @inlinable @inline(__always)
  func seeded(_ point: Int, _ column: Int) -> Coordinates<Dual<Scalar>> {
    var x = Coordinates<Dual<Scalar>>(count: dimension)
    for axis in 0..<dimension {
      x[axis] = Dual(q[point * dimension + axis], tangent: axis == column ? Scalar(1) : .zero)
    }
    return x
  }

  @inlinable @inline(__always)
  func seeded(
    _ point: Int, _ column: Int, along direction: UnsafePointer<Scalar>
  ) -> Coordinates<Dual<Dual<Scalar>>> {
    var x = Coordinates<Dual<Dual<Scalar>>>(count: dimension)
    for axis in 0..<dimension {
      let entry = point * dimension + axis
      x[axis] = Dual(
        Dual(q[entry], tangent: direction[entry]),
        tangent: Dual(axis == column ? Scalar(1) : .zero, tangent: .zero))
    }
    return x
  }
}
