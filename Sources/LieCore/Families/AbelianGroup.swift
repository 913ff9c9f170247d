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
