// SPDX-License-Identifier: GPL-3.0-or-later

/// The rotations and translations of space: an element (R, t) moves x to R x + t.
///
/// Space is one orbit. Rotations about a point keep it where it is, so that each point has a whole fibre of lifts;
/// integrated over them, two points are known by |x_i − x_j|². Elements are a rotation followed by the translation,
/// algebra vectors the angular velocity followed by the velocity.
public protocol EuclideanGroup: IsometryGroup {
  /// Components of the angular velocity: 1 or 3.
  static var angularComponents: Int { get }
  static func identityRotation<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S>
  static func rotationProduct<S: LieScalar>(_ a: Coordinates<S>, _ b: Coordinates<S>) -> Coordinates<S>
  static func rotationInverse<S: LieScalar>(_ r: Coordinates<S>) -> Coordinates<S>
  static func rotate<S: LieScalar>(_ r: Coordinates<S>, _ x: Coordinates<S>) -> Coordinates<S>
}

extension EuclideanGroup {
  public static var orbitComponents: [String] { [] }
  public static var embeddingWidth: Int { 1 }
  public static var fibreWidth: Int { angularComponents + spaceDimension }

  /// R of (R, t).
  @inlinable
  static func rotation<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    u.slice(0, u.count - spaceDimension)
  }
  /// t of (R, t).
  @inlinable
  static func translation<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    u.slice(u.count - spaceDimension, spaceDimension)
  }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> {
    identityRotation(scalar).appending(Coordinates(count: spaceDimension))
  }
  @inlinable
  public static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    rotationProduct(rotation(u), rotation(v)).appending(act(u, on: translation(v)))
  }
  @inlinable
  public static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    let back = rotationInverse(rotation(u))
    return back.appending(-rotate(back, translation(u)))
  }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    rotate(rotation(u), x) + translation(u)
  }

  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    lift(x, frame: identityRotation(S.self))
  }
  @inlinable
  public static func lift<S: LieScalar>(
    _ x: Coordinates<S>, frame: Coordinates<S>
  ) -> (u: Coordinates<S>, q: Coordinates<S>) { (frame.appending(x), Coordinates(count: 0)) }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(count: spaceDimension)
  }

  /// |x_i − x_j|²: the group modulo the rotations about either point.
  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    Coordinates((xi - xj).squaredNorm)
  }

  /// log(u_j⁻¹ u_i): linear in x_i − x_j, since the rotation belongs to the frames alone.
  @inlinable
  public static func fibreEmbedding<S: LieScalar>(
    _ xi: Coordinates<S>, frame fi: Coordinates<S>, _ xj: Coordinates<S>, frame fj: Coordinates<S>
  ) -> Coordinates<S> {
    log(product(inverse(lift(xj, frame: fj).u), lift(xi, frame: fi).u))
  }

  /// α|ω| + (1 − α)|v|.
  @inlinable
  public static func distance<S: LieScalar>(
    _ a: Coordinates<S>, _ qi: Coordinates<S>, _ qj: Coordinates<S>, alpha: S
  ) -> S {
    alpha * a.slice(0, angularComponents).norm
      + (S(1) - alpha) * a.slice(angularComponents, spaceDimension).norm
  }
}
