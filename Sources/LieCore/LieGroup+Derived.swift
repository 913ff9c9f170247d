// SPDX-License-Identifier: GPL-3.0-or-later

/// What follows from exp, log and the lift alone.
extension LieGroup {
  public static var momentumNames: [String] { algebraComponents.map { "J_\($0)" } }
  public static func liftFault(at x: Coordinates<Double>) -> String? { nil }
  public static func embeddingFault(at x: Coordinates<Double>) -> String? { liftFault(at: x) }

  /// d/ds log(u exp(s a) u⁻¹) at s = 0.
  @inlinable
  public static func adjoint<S: LieScalar>(_ u: Coordinates<S>, _ a: Coordinates<S>) -> Coordinates<S> {
    let u = u.constant
    let moved = product(product(u, exp(a.asTangent)), inverse(u))
    return log(moved).tangents()
  }

  /// d/ds log(exp(a + s v) exp(−a)) at s = 0.
  @inlinable
  public static func leftJacobian<S: LieScalar>(_ a: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    let there = exp(a.moving(along: v))
    return log(product(there, exp((-a).constant))).tangents()
  }

  /// (log(u_j⁻¹ u_i), q_i, q_j) of the lifts: the published embedding, with the logarithm's cut.
  @inlinable
  public static func logEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    let (ui, qi) = lift(xi)
    let (uj, qj) = lift(xj)
    return log(product(inverse(uj), ui)).appending(qi).appending(qj)
  }

  public static var embeddingWidth: Int { algebraComponents.count + 2 * orbitComponents.count }
  @inlinable
  public static func pairEmbedding<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> Coordinates<S>
  {
    logEmbedding(xi, xj)
  }

  /// |log(u_j⁻¹ u_i)|² + |q_i − q_j|².
  @inlinable
  public static func squaredSeparation<S: LieScalar>(_ xi: Coordinates<S>, _ xj: Coordinates<S>) -> S {
    let (ui, qi) = lift(xi)
    let (uj, qj) = lift(xj)
    return log(product(inverse(uj), ui)).squaredNorm + (qi - qj).squaredNorm
  }

  @inlinable
  public static func distance<S: LieScalar>(
    _ a: Coordinates<S>, _ qi: Coordinates<S>, _ qj: Coordinates<S>, alpha: S
  ) -> S {
    alpha * a.norm + (S(1) - alpha) * (qi - qj).norm
  }

  @inlinable
  public static func distance<S: LieScalar>(
    between xi: Coordinates<S>, and xj: Coordinates<S>, alpha: S
  ) -> S {
    let (ui, qi) = lift(xi)
    let (uj, qj) = lift(xj)
    return distance(log(product(inverse(uj), ui)), qi, qj, alpha: alpha)
  }

  public static var needsCentring: Bool { false }

  public static var framed: (any LieGroup.Type)? { nil }
  @inlinable
  public static func lift<S: LieScalar>(
    _ x: Coordinates<S>, frame: Coordinates<S>
  ) -> (u: Coordinates<S>, q: Coordinates<S>) { lift(x) }
  public static var fibreWidth: Int { embeddingWidth }
  @inlinable
  public static func fibreEmbedding<S: LieScalar>(
    _ xi: Coordinates<S>, frame fi: Coordinates<S>, _ xj: Coordinates<S>, frame fj: Coordinates<S>
  ) -> Coordinates<S> { pairEmbedding(xi, xj) }

  /// The velocity field of the algebra's k-th basis vector: ξ_k(x) = d/ds exp(s e_k)·x at s = 0.
  @inlinable
  public static func generator<S: LieScalar>(_ k: Int, at x: Coordinates<S>) -> Coordinates<S> {
    var a = Coordinates<S>(count: algebraComponents.count)
    a[k] = S(1)
    return act(exp(a.asTangent), on: x.constant).tangents()
  }

  /// Dξ_k(x)·v: how the velocity field changes along v.
  @inlinable
  public static func generatorDerivative<S: LieScalar>(
    _ k: Int, at x: Coordinates<S>, along v: Coordinates<S>
  ) -> Coordinates<S> {
    generator(k, at: x.moving(along: v)).tangents()
  }

  @inlinable
  public static func embedPairs(_ jets: inout PairJets<Float>) { jets.fill(from: Self.self) }
  @inlinable
  public static func embedPairs(_ jets: inout PairJets<Double>) { jets.fill(from: Self.self) }
  @inlinable
  public static func measurePairs(_ distances: inout PairDistances) { distances.fill(from: Self.self) }
}
