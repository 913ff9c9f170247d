// SPDX-License-Identifier: GPL-3.0-or-later

/// The rotations of the plane about the origin. Orbits are circles, known by their radius; an element is
/// (cos θ, sin θ).
///
/// The pair embedding is the polynomial invariants (x_i·x_j, x_i ∧ x_j, |x_i|², |x_j|²), which generate all
/// invariants of two vectors (Weyl 1939, The Classical Groups, II.A.9): they have neither the cut of an angle nor
/// the singular centre of polar coordinates.
public enum SO2: AbelianGroup, IsometryGroup {
  public static var name: String { "SO2" }
  public static var summary: String { "rotations of the plane about the origin" }
  public static var spaceDimension: Int { 2 }
  public static var algebraComponents: [String] { ["ω"] }
  public static var momentumNames: [String] { ["L_z"] }
  public static var orbitComponents: [String] { ["r"] }
  public static var embeddingWidth: Int { 4 }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { Coordinates(S(1), .zero) }
  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> { PlaneRotation.exp(a[0]) }
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    Coordinates(PlaneRotation.log(u))
  }
  @inlinable
  public static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    PlaneRotation.product(u, v)
  }
  @inlinable
  public static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { PlaneRotation.inverse(u) }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    PlaneRotation.product(u, x)
  }
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let r = x.norm
    return (Coordinates(x[0] / r, x[1] / r), Coordinates(r))
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(q[0], .zero)
  }

  public static func liftFault(at x: Coordinates<Double>) -> String? {
    x.squaredNorm > 0 ? nil : "the origin stays where it is under rotations and has no angle; move it away"
  }
  public static func embeddingFault(at x: Coordinates<Double>) -> String? { nil }

  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    Coordinates(xi.dot(xj), wedge(xi, xj), xi.squaredNorm, xj.squaredNorm)
  }

  /// α|θ| + (1 − α)|r_i − r_j|/(r_i + r_j + 10⁻³) (the authors' program).
  @inlinable
  public static func distance<S: LieScalar>(
    _ a: Coordinates<S>, _ qi: Coordinates<S>, _ qj: Coordinates<S>, alpha: S
  ) -> S {
    alpha * a.norm + (S(1) - alpha) * (qi - qj).norm / (qi[0] + qj[0] + S(1e-3))
  }
}
