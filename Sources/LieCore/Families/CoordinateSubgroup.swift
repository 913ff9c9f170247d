// SPDX-License-Identifier: GPL-3.0-or-later

/// The subgroup that some of the generators of an abelian parent span, the parent moving every point of its orbits
/// in one way only.
///
/// The components of the parent's logarithm that are left out tell the orbits apart, before the parent's own.
public protocol CoordinateSubgroup: AbelianGroup {
  associatedtype Parent: AbelianGroup
  /// Whether the parent's k-th generator belongs to the subgroup.
  static func isKept(_ k: Int) -> Bool
}

extension CoordinateSubgroup {
  public static var spaceDimension: Int { Parent.spaceDimension }
  public static var algebraComponents: [String] {
    Parent.algebraComponents.enumerated().filter { isKept($0.offset) }.map(\.element)
  }
  public static var momentumNames: [String] {
    Parent.momentumNames.enumerated().filter { isKept($0.offset) }.map(\.element)
  }
  public static var orbitComponents: [String] {
    Parent.algebraComponents.enumerated().filter { !isKept($0.offset) }.map(\.element)
      + Parent.orbitComponents
  }
  public static func liftFault(at x: Coordinates<Double>) -> String? { Parent.liftFault(at: x) }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { Parent.identity(scalar) }
  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> {
    Parent.exp(spread(a, over: Parent.log(Parent.identity(S.self)).count, kept: true))
  }
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    select(Parent.log(u), kept: true)
  }
  @inlinable
  public static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    Parent.product(u, v)
  }
  @inlinable
  public static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { Parent.inverse(u) }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    Parent.act(u, on: x)
  }

  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let (u, q) = Parent.lift(x)
    let a = Parent.log(u)
    return (exp(select(a, kept: true)), select(a, kept: false).appending(q))
  }

  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    let count = Parent.log(Parent.identity(S.self)).count
    var left = 0
    for k in 0..<count where !isKept(k) { left += 1 }
    let a = spread(q.slice(0, left), over: count, kept: false)
    return Parent.act(Parent.exp(a), on: Parent.origin(of: q.slice(left, q.count - left)))
  }

  /// The entries of a parent's vector that are kept, or the others.
  @inlinable
  static func select<S: LieScalar>(_ a: Coordinates<S>, kept: Bool) -> Coordinates<S> {
    var count = 0
    for k in 0..<a.count where isKept(k) == kept { count += 1 }
    var part = Coordinates<S>(count: count)
    var at = 0
    for k in 0..<a.count where isKept(k) == kept {
      part[at] = a[k]
      at += 1
    }
    return part
  }

  /// The parent's vector with these entries, and zeros for the others.
  @inlinable
  static func spread<S: LieScalar>(_ part: Coordinates<S>, over count: Int, kept: Bool) -> Coordinates<S> {
    var a = Coordinates<S>(count: count)
    var at = 0
    for k in 0..<count where isKept(k) == kept {
      a[k] = part[at]
      at += 1
    }
    return a
  }
}
