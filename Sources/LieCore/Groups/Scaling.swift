// SPDX-License-Identifier: GPL-3.0-or-later

/// R*₊, the scalings x ↦ eˢ x of the plane. Orbits are the rays from the origin, known by their unit vector.
///
/// The pair embedding is (x_i, x_j)/√(|x_i|² + |x_j|²): without logarithms, and smooth where one of the two points
/// is the origin.
public enum R: OneParameterGroup {
  public static var name: String { "R" }
  public static var summary: String { "scalings of the plane about the origin" }
  public static var spaceDimension: Int { 2 }
  public static var algebraComponents: [String] { ["s"] }
  public static var momentumNames: [String] { ["D"] }
  public static var orbitComponents: [String] { ["cos θ", "sin θ"] }
  public static var embeddingWidth: Int { 4 }

  @inlinable
  public static func flow<S: LieScalar>(_ s: S, _ x: Coordinates<S>) -> Coordinates<S> { S.exp(s) * x }
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let r = x.norm
    return (Coordinates(S.log(r)), S(1) / r * x)
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { q }

  public static func liftFault(at x: Coordinates<Double>) -> String? {
    x.squaredNorm > 0 ? nil : "the origin stays where it is under scalings and has no logarithm; move it away"
  }

  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    let both = xi.appending(xj)
    return S(1) / both.norm * both
  }

  /// |x_i − x_j|²/(|x_i|² + |x_j|²), at most 2.
  @inlinable
  public static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S {
    (xi - xj).squaredNorm / (xi.squaredNorm + xj.squaredNorm)
  }
}

/// R*₊ × SO(2), scalings and rotations of the plane: log-polar coordinates. The plane without the origin is its one
/// orbit.
///
/// With x_i and x_j as complex numbers, the pair embedding is the point (2 x_i x̄_j, |x_i|² − |x_j|²)/(|x_i|² + |x_j|²)
/// of the sphere (Hopf 1931), which is log(r_i/r_j) and θ_i − θ_j without their logarithm and their cut.
public enum RxSO2: DirectProduct, AbelianGroup {
  public typealias First = R
  public typealias Second = SO2
  public static var name: String { "RxSO2" }
  public static var summary: String { "scalings and rotations of the plane about the origin (log-polar)" }
  public static var orbitComponents: [String] { [] }
  public static var embeddingWidth: Int { 3 }

  /// The group moves every point to every other: SO(2)'s radius is 1 once the scaling has been taken out.
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let (u, direction) = R.lift(x)
    return (u.appending(direction), Coordinates(count: 0))
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(S(1), .zero)
  }
  public static func liftFault(at x: Coordinates<Double>) -> String? { R.liftFault(at: x) }

  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    // 2 x_i·x_j = |x_i|² + |x_j|² − |x_i − x_j|²: by differences, the pair of a body and itself exerts no force at all.
    let (difference, share) = (xi - xj, S(1) / (xi.squaredNorm + xj.squaredNorm))
    return Coordinates(
      S(1) - share * difference.squaredNorm, share * (S(2) * wedge(xj, xi)), share * difference.dot(xi + xj))
  }
  @inlinable
  public static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S {
    R.squaredSeparation(xi, xj)
  }

  /// α|θ| + (1 − α)|log(r_i/r_j)|.
  @inlinable
  public static func distance<S: LieScalar>(
    _ a: Coordinates<S>, _ qi: Coordinates<S>, _ qj: Coordinates<S>, alpha: S
  ) -> S {
    alpha * a.slice(1, 1).norm + (S(1) - alpha) * a.slice(0, 1).norm
  }
}
