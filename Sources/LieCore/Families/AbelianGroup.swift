// SPDX-License-Identifier: GPL-3.0-or-later

/// A group whose elements commute: Ad_u a = a, and exp turns sums into products.
public protocol AbelianGroup: LieGroup {}

extension AbelianGroup {
  @inlinable
  public static func adjoint<S: LieScalar>(_ u: Coordinates<S>, _ a: Coordinates<S>) -> Coordinates<S> { a }
  @inlinable
  public static func leftJacobian<S: LieScalar>(_ a: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    v
  }
}

/// A group that is its own algebra: its elements are vectors and their product is the sum, so that exp and log do
/// nothing.
public protocol AdditiveGroup: AbelianGroup {}

extension AdditiveGroup {
  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> { a }
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { u }
  @inlinable
  public static func product<S: LieScalar>(_ u: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    u + v
  }
  @inlinable
  public static func inverse<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> { -u }
}
