// SPDX-License-Identifier: GPL-3.0-or-later

/// SO(3), the rotations of space about the origin. Elements are unit quaternions; orbits are spheres, known by their
/// radius, with the origin (r, 0, 0).
///
/// Rotations about the line through a point keep it where it is, so that each point has a circle of lifts.
/// Integrated over them, two points are known by (x_i·x_j, |x_i|², |x_j|²), which are smooth in the centre too.
public enum SO3: IsometryGroup {
  public static var name: String { "SO3" }
  public static var summary: String { "rotations of space about the origin" }
  public static var spaceDimension: Int { 3 }
  public static var algebraComponents: [String] { ["ω_x", "ω_y", "ω_z"] }
  public static var momentumNames: [String] { ["L_x", "L_y", "L_z"] }
  public static var orbitComponents: [String] { ["r"] }
  public static var embeddingWidth: Int { 3 }
  public static var framed: (any LieGroup.Type)? { Trivial3.self }
  public static var fibreWidth: Int { 6 }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { Quaternion.identity() }
  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> { Quaternion.exp(a) }
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { Quaternion.log(u) }
  @inlinable
  public static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    Quaternion.product(u, v)
  }
  @inlinable
  public static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { Quaternion.inverse(u) }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    Quaternion.rotate(u, x)
  }
  @inlinable
  public static func adjoint<S: LieScalar>(_ u: Coordinates<S>, _ a: Coordinates<S>) -> Coordinates<S> {
    Quaternion.rotate(u, a)
  }
  @inlinable
  public static func leftJacobian<S: LieScalar>(_ a: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    rotationJacobian(a, v)
  }

  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let r = x.norm
    return (turn(toward: x, length: r), Coordinates(r))
  }

  /// The rotation that carries the x axis to x and the y axis into the plane of x and f, the image of the z axis
  /// under the frame. As f runs over the sphere, its direction about x runs uniformly over the circle of lifts.
  @inlinable
  public static func lift<S: LieScalar>(
    _ x: Coordinates<S>, frame: Coordinates<S>
  ) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let (base, q) = lift(x)
    let f = Quaternion.rotate(frame, Coordinates(.zero, .zero, S(1)))
    let seen = Quaternion.rotate(Quaternion.inverse(base), f)
    // Half the angle φ of (seen_y, seen_z): tan(φ/2) = sin φ/(1 + cos φ) = (1 − cos φ)/sin φ.
    let across = S.sqrt(seen[1] * seen[1] + seen[2] * seen[2])
    let half =
      seen[1].real >= 0
      ? Coordinates(across + seen[1], seen[2]) : Coordinates(seen[2], across - seen[1])
    let unit = S(1) / half.norm * half
    return (Quaternion.product(base, Coordinates(unit[0], unit[1], .zero, .zero)), q)
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(q[0], .zero, .zero)
  }

  public static func liftFault(at x: Coordinates<Double>) -> String? {
    x.squaredNorm > 0
      ? nil : "the origin stays where it is under rotations and has no direction; move it away"
  }
  public static func embeddingFault(at x: Coordinates<Double>) -> String? { nil }

  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    Coordinates(xi.dot(xj), xi.squaredNorm, xj.squaredNorm)
  }

  /// (w², w v) of the quaternion (w, v) of u_j⁻¹ u_i, then |x_i|² and |x_j|²: products of two of its numbers do not
  /// see its sign, and have no cut; all half turns look alike to them.
  @inlinable
  public static func fibreEmbedding<S: LieScalar>(
    _ xi: Coordinates<S>, frame fi: Coordinates<S>, _ xj: Coordinates<S>, frame fj: Coordinates<S>
  ) -> Coordinates<S> {
    let relative = product(inverse(lift(xj, frame: fj).u), lift(xi, frame: fi).u)
    return (relative[0] * relative).appending(Coordinates(xi.squaredNorm, xj.squaredNorm))
  }

  /// α|θ| + (1 − α)|r_i − r_j| with the angle θ between the points: the smallest distance of any two of their lifts.
  @inlinable
  public static func distance<S: LieScalar>(
    between xi: Coordinates<S>, and xj: Coordinates<S>, alpha: S
  ) -> S {
    let angle = S.atan2(y: cross(xi, xj).norm, x: xi.dot(xj))
    return distance(Coordinates(angle), Coordinates(xi.norm), Coordinates(xj.norm), alpha: alpha)
  }

  /// The rotation by the smaller angle from the x axis to p, |p| = r, by way of the −x axis where that is nearer:
  /// (r + p_x, x̂ × p), normalised.
  @inlinable
  static func turn<S: LieScalar>(toward p: Coordinates<S>, length r: S) -> Coordinates<S> {
    if p[0].real >= 0 {
      let q = Coordinates(r + p[0], .zero, -p[2], p[1])
      return S(1) / q.norm * q
    }
    let q = Coordinates(r - p[0], .zero, p[2], -p[1])
    return Quaternion.product(S(1) / q.norm * q, Coordinates(.zero, .zero, .zero, S(1)))
  }
}
