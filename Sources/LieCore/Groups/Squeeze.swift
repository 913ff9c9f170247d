// SPDX-License-Identifier: GPL-3.0-or-later

/// SQ, the squeezes (x, y) ↦ (eˢ x, e⁻ˢ y) of the plane. Orbits are the branches of hyperbolas; in the positive
/// quadrant they are known by √(xy), and points are lifted there.
///
/// The pair embedding is the invariant polynomials (x_i y_j, y_i x_j, x_i y_i, x_j y_j), which need no quadrant;
/// beyond one, they do not see the half turn x ↦ −x either.
public enum SQ: OneParameterGroup {
  public static var name: String { "SQ" }
  public static var summary: String { "squeezes of the plane: x grows as y shrinks" }
  public static var spaceDimension: Int { 2 }
  public static var algebraComponents: [String] { ["s"] }
  public static var momentumNames: [String] { ["K"] }
  public static var orbitComponents: [String] { ["√(xy)"] }
  public static var embeddingWidth: Int { 4 }

  @inlinable
  public static func flow<S: LieScalar>(_ s: S, _ x: Coordinates<S>) -> Coordinates<S> {
    Coordinates(S.exp(s) * x[0], S.exp(-s) * x[1])
  }
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    (Coordinates(S(0.5) * S.log(x[0] / x[1])), Coordinates(S.sqrt(x[0] * x[1])))
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(q[0], q[0])
  }

  public static func liftFault(at x: Coordinates<Double>) -> String? {
    x[0] > 0 && x[1] > 0
      ? nil
      : "squeezes are lifted in the quadrant where both coordinates are positive; move it there, without centring"
  }
  public static func embeddingFault(at x: Coordinates<Double>) -> String? { nil }

  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    Coordinates(xi[0] * xj[1], xi[1] * xj[0], xi[0] * xi[1], xj[0] * xj[1])
  }

  /// (x_i ∧ x_j)² + (x_i y_i − x_j y_j)²: a length to the fourth power.
  @inlinable
  public static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S {
    let (turn, other) = (wedge(xi, xj), xi[0] * xi[1] - xj[0] * xj[1])
    return turn * turn + other * other
  }
}

/// R*₊ × SQ, the scalings of each axis by itself. The positive quadrant is one orbit.
///
/// The pair embedding is, axis by axis, (2 x_i x_j, x_i² − x_j²)/(x_i² + x_j²): twice the angle of (x_i, x_j), since
/// with the angle itself the pair of a body and itself would jump where the body crosses an axis. In return it does
/// not see the mirror image of both points in an axis.
public enum RxSQ: DirectProduct, AbelianGroup {
  public typealias First = R
  public typealias Second = SQ
  public static var name: String { "RxSQ" }
  public static var summary: String { "scalings and squeezes of the plane: each axis scaled by itself" }
  public static var orbitComponents: [String] { [] }
  public static var embeddingWidth: Int { 4 }

  /// (r, s) = ((log x + log y)/2, (log x − log y)/2); the factors' own lifts do not fit, as squeezes change |x|.
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let (a, b) = (S.log(x[0]), S.log(x[1]))
    return (Coordinates(S(0.5) * (a + b), S(0.5) * (a - b)), Coordinates(count: 0))
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { Coordinates(S(1), S(1)) }

  public static func liftFault(at x: Coordinates<Double>) -> String? { SQ.liftFault(at: x) }
  public static func embeddingFault(at x: Coordinates<Double>) -> String? {
    x[0] != 0 && x[1] != 0 ? nil : "on an axis, scalings of that axis have nothing to scale; move it away"
  }

  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    ratio(xi[0], xj[0]).appending(ratio(xi[1], xj[1]))
  }
  /// 2ab = a² + b² − (a − b)²: written by differences, the pair of a body and itself is (1, 0) with derivatives that
  /// cancel to the last bit, so that it exerts no force at all.
  @inlinable
  static func ratio<S: LieScalar>(_ a: S, _ b: S) -> Coordinates<S> {
    let (difference, share) = (a - b, S(1) / (a * a + b * b))
    return Coordinates(S(1) - share * (difference * difference), share * (difference * (a + b)))
  }

  /// Σ over axes of (x_i − x_j)²/(x_i² + x_j²).
  @inlinable
  public static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S {
    var sum = S.zero
    for axis in 0..<2 {
      let difference = xi[axis] - xj[axis]
      sum = sum + difference * difference / (xi[axis] * xi[axis] + xj[axis] * xj[axis])
    }
    return sum
  }

  /// α|s| + (1 − α)|r|.
  @inlinable
  public static func distance<S: LieScalar>(
    _ a: Coordinates<S>, _ qi: Coordinates<S>, _ qj: Coordinates<S>, alpha: S
  ) -> S {
    alpha * a.slice(1, 1).norm + (S(1) - alpha) * a.slice(0, 1).norm
  }
}
