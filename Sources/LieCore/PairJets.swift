// SPDX-License-Identifier: GPL-3.0-or-later

/// The embeddings of all ordered pairs of one system's lifted points, with the derivatives that a network needs.
///
/// For n points in d axes, lifted s times each, lifted point (i, k) is number i·s + k, and the pair of a and b is
/// row a·ns + b. J is the derivative of a row by the 2d numbers (x_i, x_j). With a direction q̇ it also holds
/// ȧ = J q̇ and J̇, the change of J along q̇. A cutoff adds one last column: the pair's envelope.
public struct PairJets<Scalar: LieScalar> {
  public let points: Int
  public let dimension: Int
  public let width: Int

  /// Points [n × d], in.
  public var q: UnsafePointer<Scalar>
  /// Their velocities [n × d], in; nil where no second derivatives are wanted.
  public var direction: UnsafePointer<Scalar>?
  /// Rotations that choose each point's lifts [s × 2 or 4], in; nil for the embedding without fibres, s = 1.
  public var frames: UnsafePointer<Scalar>?
  /// s, the lifts of each point.
  public var samples = 1
  /// Which lifted points a of the pairs (a, b) are meant; nil for all.
  public var firstPoints: Range<Int>?
  /// 1/r² of a smooth cutoff at r; nil where there is none, and no column for it.
  public var inverseSquaredCutoff: Scalar?
  /// a [(ns)² × w], out; written only without a direction, since the second pass finds it there already.
  public var embedding: UnsafeMutablePointer<Scalar>
  /// J [(ns)² × w × 2d], out, likewise.
  public var jacobian: UnsafeMutablePointer<Scalar>
  /// ȧ [(ns)² × w] and J̇ [(ns)² × w × 2d], out; written only with a direction.
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
    let lifted = points * samples
    for i in firstPoints ?? 0..<lifted {
      for j in 0..<lifted {
        let row = (i * lifted + j) * width
        for column in 0..<2 * dimension {
          let xi = seeded(i / samples, column)
          let xj = seeded(j / samples, column - dimension)
          let a = embedded(group, i, xi, j, xj)
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
    let lifted = points * samples
    for i in firstPoints ?? 0..<lifted {
      for j in 0..<lifted {
        let row = (i * lifted + j) * width
        for column in 0..<2 * dimension {
          let xi = seeded(i / samples, column, along: direction)
          let xj = seeded(j / samples, column - dimension, along: direction)
          let a = embedded(group, i, xi, j, xj)
          for k in 0..<width {
            tangent[row + k] = a[k].value.tangent
            jacobianTangent[(row + k) * 2 * dimension + column] = a[k].tangent.tangent
          }
        }
      }
    }
  }

  /// What `fill` would make of a = x_i − x_j, without its duals: J is (1, −1) on every axis, and J̇ = 0.
  @inlinable @inline(__always)
  func fillDifferences() {
    let d = dimension
    for i in firstPoints ?? 0..<points {
      for j in 0..<points {
        for k in 0..<d {
          let row = (i * points + j) * d + k
          if let direction, let tangent, let jacobianTangent {
            tangent[row] = direction[i * d + k] - direction[j * d + k]
            for column in 0..<2 * d { jacobianTangent[row * 2 * d + column] = .zero }
          } else {
            embedding[row] = q[i * d + k] - q[j * d + k]
            for column in 0..<2 * d { jacobian[row * 2 * d + column] = .zero }
            jacobian[row * 2 * d + k] = Scalar(1)
            jacobian[row * 2 * d + d + k] = -Scalar(1)
          }
        }
      }
    }
  }

  /// The row of the pair of lifted points i and j, which lie at x_i and x_j.
  @inlinable @inline(__always)
  func embedded<G: LieGroup, S: LieScalar>(
    _ group: G.Type, _ i: Int, _ xi: Coordinates<S>, _ j: Int, _ xj: Coordinates<S>
  ) -> Coordinates<S> {
    let a =
      frames == nil
      ? G.pairEmbedding(xi, xj)
      : G.fibreEmbedding(xi, frame: frame(i % samples), xj, frame: frame(j % samples))
    guard let inverseSquaredCutoff else { return a }
    let separation = G.squaredSeparation(xi, xj) * S(inverseSquaredCutoff.real)
    return a.appending(Coordinates(cutoffEnvelope(separation)))
  }

  @inlinable @inline(__always)
  func frame<S: LieScalar>(_ sample: Int) -> Coordinates<S> {
    let width = dimension == 2 ? 2 : 4
    var rotation = Coordinates<S>(count: width)
    guard let frames else { return rotation }
    for k in 0..<width { rotation[k] = S(frames[sample * width + k].real) }
    return rotation
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

/// exp(−s/(1 − s)) for s = d²/r² < 1, and 0 beyond: 1 where two points meet, with derivatives of every order that
/// vanish at the cutoff.
@inlinable
public func cutoffEnvelope<S: LieScalar>(_ s: S) -> S {
  // Below e⁻⁵⁰⁰ the value is 0 in every precision, while the derivatives would be 0 · ∞.
  guard s.real < 0.998 else { return .zero }
  return S.exp(-(s / (S(1) - s)))
}
