// SPDX-License-Identifier: GPL-3.0-or-later

/// The direct product of two groups whose actions on the same space commute: (u, v)·x = u·(v·x).
///
/// The second group must carry the first's orbit representatives into each other: x = u·x₁ with x₁ = origin(q₁), and
/// the second lifts x₁. Elements, algebra vectors and names are those of the first, then those of the second.
public protocol DirectProduct: LieGroup {
  associatedtype First: LieGroup
  associatedtype Second: LieGroup
}

extension DirectProduct {
  public static var spaceDimension: Int { First.spaceDimension }
  public static var algebraComponents: [String] { First.algebraComponents + Second.algebraComponents }
  public static var momentumNames: [String] { First.momentumNames + Second.momentumNames }
  public static var orbitComponents: [String] { Second.orbitComponents }
  public static func liftFault(at x: Coordinates<Double>) -> String? {
    First.liftFault(at: x) ?? Second.liftFault(at: x)
  }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> {
    First.identity(scalar).appending(Second.identity(scalar))
  }
  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> {
    let first = First.log(First.identity(S.self)).count
    return First.exp(a.slice(0, first)).appending(Second.exp(a.slice(first, a.count - first)))
  }
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    First.log(first(u)).appending(Second.log(second(u)))
  }
  @inlinable
  public static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    First.product(first(u), first(v)).appending(Second.product(second(u), second(v)))
  }
  @inlinable
  public static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    First.inverse(first(u)).appending(Second.inverse(second(u)))
  }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    First.act(first(u), on: Second.act(second(u), on: x))
  }
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let (u, q) = First.lift(x)
    let (v, rest) = Second.lift(First.origin(of: q))
    return (u.appending(v), rest)
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { Second.origin(of: q) }

  @inlinable
  static func first<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    u.slice(0, First.identity(S.self).count)
  }
  @inlinable
  static func second<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    let start = First.identity(S.self).count
    return u.slice(start, u.count - start)
  }
}
