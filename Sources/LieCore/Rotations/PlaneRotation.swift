// SPDX-License-Identifier: GPL-3.0-or-later

/// Rotations of the plane as unit vectors (cos θ, sin θ), multiplied like complex numbers.
@usableFromInline
enum PlaneRotation {
  @inlinable
  static func exp<S: LieScalar>(_ angle: S) -> Coordinates<S> { Coordinates(S.cos(angle), S.sin(angle)) }

  /// The angle in (−π, π].
  @inlinable
  static func log<S: LieScalar>(_ r: Coordinates<S>) -> S { S.atan2(y: r[1], x: r[0]) }

  @inlinable
  static func product<S: LieScalar>(_ a: Coordinates<S>, _ b: Coordinates<S>) -> Coordinates<S> {
    Coordinates(a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0])
  }

  @inlinable
  static func inverse<S: LieScalar>(_ r: Coordinates<S>) -> Coordinates<S> { Coordinates(r[0], -r[1]) }
}

/// x ∧ y = x₁y₂ − x₂y₁.
@inlinable
func wedge<S: LieScalar>(_ x: Coordinates<S>, _ y: Coordinates<S>) -> S { x[0] * y[1] - x[1] * y[0] }
