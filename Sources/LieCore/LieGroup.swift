// SPDX-License-Identifier: GPL-3.0-or-later

/// A Lie group acting on space, given by its exp and log.
///
/// The group lifts a point x to an element u that carries the origin of x's orbit q to x: u · origin(q) = x.
/// Networks see of two lifted points only the pair embedding a_ij = (log(u_j⁻¹ u_i), q_i, q_j), which does not
/// change when the group moves both (Finzi, Stanton, Izmailov & Wilson 2020, section 4.2).
///
/// All functions are generic over the scalar. Elements, algebra vectors, points and orbits are `Coordinates`.
public protocol LieGroup: Sendable {
  /// The name in configurations and tables: "T2".
  static var name: String { get }
  /// One sentence for `noether list groups`.
  static var summary: String { get }
  /// Axes of the space that the group acts on.
  static var spaceDimension: Int { get }
  /// Names of the algebra's components, in order: ["v_x", "v_y"].
  static var algebraComponents: [String] { get }
  /// Names of the orbit's coordinates q ∈ X/G; empty where the group moves every point to every other.
  static var orbitComponents: [String] { get }

  static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S>
  /// exp: 𝔤 → G.
  static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S>
  /// log: G → 𝔤, the inverse of exp.
  static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S>
  /// u v, so that (u v)·x = u·(v·x).
  static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S>
  static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S>
  /// u·x.
  static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S>
  /// The element u and the orbit q with u · origin(q) = x.
  static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>)
  static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S>

  // The embeddings of all pairs with their derivatives. A group never writes these: they are requirements so
  // that the one implementation below is compiled for each group, where it runs as fast as code by hand.
  static func embedPairs(_ jets: inout PairJets<Float>)
  static func embedPairs(_ jets: inout PairJets<Double>)
}

extension LieGroup {
  /// Width of a pair embedding: algebra and both orbits.
  public static var embeddingWidth: Int { algebraComponents.count + 2 * orbitComponents.count }

  /// a_ij = (log(u_j⁻¹ u_i), q_i, q_j).
  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    let (ui, qi) = lift(xi)
    let (uj, qj) = lift(xj)
    return log(product(inverse(uj), ui)).appending(qi).appending(qj)
  }

  /// The velocity field of the algebra's k-th basis vector: ξ_k(x) = d/ds exp(s e_k)·x at s = 0.
  @inlinable
  public static func generator(_ k: Int, at x: Coordinates<Double>) -> Coordinates<Double> {
    var a = Coordinates<Dual<Double>>(count: algebraComponents.count)
    a[k] = Dual(0, tangent: 1)
    var point = Coordinates<Dual<Double>>(count: x.count)
    for axis in 0..<x.count { point[axis] = Dual(x[axis], tangent: 0) }
    let moved = act(exp(a), on: point)
    var velocity = Coordinates<Double>(count: x.count)
    for axis in 0..<x.count { velocity[axis] = moved[axis].tangent }
    return velocity
  }

  @inlinable
  public static func embedPairs(_ jets: inout PairJets<Float>) { jets.fill(from: Self.self) }
  @inlinable
  public static func embedPairs(_ jets: inout PairJets<Double>) { jets.fill(from: Self.self) }
}
