// SPDX-License-Identifier: GPL-3.0-or-later

/// A Lie group acting on space, given by its exp and log.
///
/// The group lifts a point x to an element u that carries the origin of x's orbit q to x: u · origin(q) = x.
/// Networks see of two points only a pair embedding, which does not change when the group moves both
/// (Finzi, Stanton, Izmailov & Wilson 2020, section 4.2).
///
/// All functions are generic over the scalar. Elements, algebra vectors, points and orbits are `Coordinates`.
/// Whoever adds a group writes the first block; everything after it is derived, and is a requirement only so that
/// a group can put a closed form or a smoother choice in its place.
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
  /// log: G → 𝔤, the inverse of exp, on its principal branch.
  static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S>
  /// u v, so that (u v)·x = u·(v·x).
  static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S>
  static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S>
  /// u·x.
  static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S>
  /// One element u and the orbit q with u · origin(q) = x.
  static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>)
  static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S>

  // ── derived ──

  /// Names of the momentum maps of the algebra's basis, in order: ["P_x", "P_y"]; "J_" and the component's name
  /// where a group does not say otherwise.
  static var momentumNames: [String] { get }
  /// Why x has no lift, with the remedy; nil inside the group's domain.
  static func liftFault(at x: Coordinates<Double>) -> String?
  /// Ad_u a, so that u exp(a) u⁻¹ = exp(Ad_u a).
  static func adjoint<S: LieScalar>(_ u: Coordinates<S>, _ a: Coordinates<S>) -> Coordinates<S>
  /// J_l(a) v, the left Jacobian of exp: exp(a + εv) = exp(ε J_l(a) v) exp(a) to first order.
  static func leftJacobian<S: LieScalar>(_ a: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S>

  /// Width of `pairEmbedding`.
  static var embeddingWidth: Int { get }
  /// Invariants of two points under the group, smooth wherever dynamics may go. They tell pairs apart that the
  /// group does not carry into each other, but for mirror images where a group says so. Stabilisers are integrated
  /// out.
  ///
  /// (log(u_j⁻¹ u_i), q_i, q_j) where a group does not say otherwise.
  static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  /// Why `pairEmbedding` does not exist for x and itself, with the remedy; nil where it does.
  static func embeddingFault(at x: Coordinates<Double>) -> String?
  /// A smooth invariant that grows from 0 as the points part, for smooth cutoffs.
  static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S
  /// The distance of two lifted points from a = log(u_j⁻¹ u_i) and their orbits; α in [0, 1] weighs one against
  /// the other: α|a| + (1 − α)|q_i − q_j| where a group does not say otherwise (Finzi et al. 2020, appendix).
  static func distance<S: LieScalar>(
    _ a: Coordinates<S>, _ qi: Coordinates<S>, _ qj: Coordinates<S>, alpha: S
  ) -> S

  /// The distance of two points: between their lifts, or the smallest one where points have several.
  static func distance<S: LieScalar>(between xi: Coordinates<S>, and xj: Coordinates<S>, alpha: S) -> S
  /// The pair embedding forgets a part of the group, which only taking out the mean position makes good.
  static var needsCentring: Bool { get }

  /// The group that acts where a moving frame has taken care of rotations; nil where every point has one lift
  /// only, so that there is no fibre to choose from.
  static var framed: (any LieGroup.Type)? { get }
  /// A lift chosen by a rotation of space, (cos, sin) in the plane and a unit quaternion (w, x, y, z) in space:
  /// over uniformly random rotations it runs uniformly over all elements that carry the origin to x.
  static func lift<S: LieScalar>(_ x: Coordinates<S>, frame: Coordinates<S>) -> (
    u: Coordinates<S>, q: Coordinates<S>
  )
  /// Width of `fibreEmbedding`.
  static var fibreWidth: Int { get }
  /// A smooth embedding of (u_j⁻¹ u_i, q_i, q_j) for lifts chosen by rotations.
  static func fibreEmbedding<S: LieScalar>(
    _ xi: Coordinates<S>, frame fi: Coordinates<S>, _ xj: Coordinates<S>, frame fj: Coordinates<S>
  ) -> Coordinates<S>

  // The embeddings of all pairs with their derivatives, and their distances. A group never writes these: they are
  // requirements so that the one implementation is compiled for each group, where it runs as fast as code by hand.
  static func embedPairs(_ jets: inout PairJets<Float>)
  static func embedPairs(_ jets: inout PairJets<Double>)
  static func measurePairs(_ distances: inout PairDistances)
}

/// A group that keeps all distances, so that it leaves the kinetic energy of its bodies unchanged too.
public protocol IsometryGroup: LieGroup {}

extension IsometryGroup {
  /// |x_i − x_j|².
  @inlinable
  public static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S {
    (xi - xj).squaredNorm
  }
}
