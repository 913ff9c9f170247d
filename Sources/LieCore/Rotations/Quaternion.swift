// SPDX-License-Identifier: GPL-3.0-or-later

/// Rotations of space as unit quaternions (w, x, y, z); q and −q are the same rotation.
@usableFromInline
enum Quaternion {
  @inlinable
  static func identity<S: LieScalar>() -> Coordinates<S> { Coordinates(S(1), .zero, .zero, .zero) }

  /// (cos θ/2, ω sin(θ/2)/θ) with θ = |ω|, smooth at ω = 0.
  @inlinable
  static func exp<S: LieScalar>(_ ω: Coordinates<S>) -> Coordinates<S> {
    let quarter = S(0.25) * ω.squaredNorm
    return Coordinates(stumpff(0, quarter)).appending(S(0.5) * stumpff(1, quarter) * ω)
  }

  /// The rotation vector of length at most π. Near π the angle is 2 atan2(|v|, w) with a small w, which keeps its
  /// digits where the trace of the rotation matrix has lost them.
  @inlinable
  static func log<S: LieScalar>(_ q: Coordinates<S>) -> Coordinates<S> {
    // Of q and −q, the one with w ≥ 0 turns by at most π.
    let shorter = q[0].real < 0 ? -q : q
    let (w, v) = (shorter[0], shorter.slice(1, 3))
    let s = v.squaredNorm
    if s.real < 0.01 * w.real * w.real {
      // 2 atan(r)/r · v/w with r² = |v|²/w²: 2 Σ_k (−r²)^k/(2k + 1), whose ninth term is below 1e−17.
      let square = s / (w * w)
      var sum = S.zero
      for k in stride(from: 8, through: 0, by: -1) { sum = S(1 / Double(2 * k + 1)) - square * sum }
      return S(2) * sum / w * v
    }
    let norm = S.sqrt(s)
    return S(2) * S.atan2(y: norm, x: w) / norm * v
  }

  @inlinable
  static func product<S: LieScalar>(_ a: Coordinates<S>, _ b: Coordinates<S>) -> Coordinates<S> {
    Coordinates(
      a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3],
      a[0] * b[1] + a[1] * b[0] + a[2] * b[3] - a[3] * b[2],
      a[0] * b[2] - a[1] * b[3] + a[2] * b[0] + a[3] * b[1],
      a[0] * b[3] + a[1] * b[2] - a[2] * b[1] + a[3] * b[0])
  }

  @inlinable
  static func inverse<S: LieScalar>(_ q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(q[0], -q[1], -q[2], -q[3])
  }

  /// x + 2w v×x + 2 v×(v×x) for q = (w, v).
  @inlinable
  static func rotate<S: LieScalar>(_ q: Coordinates<S>, _ x: Coordinates<S>) -> Coordinates<S> {
    let v = q.slice(1, 3)
    let twice = S(2) * cross(v, x)
    return x + q[0] * twice + cross(v, twice)
  }
}

/// x × y in space.
@inlinable
public func cross<S: LieScalar>(_ x: Coordinates<S>, _ y: Coordinates<S>) -> Coordinates<S> {
  Coordinates(x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0])
}

/// V(ω) v = v + c₂ ω×v + c₃ ω×(ω×v), the left Jacobian of SO(3) at ω (Barfoot 2017, eq. 7.77), which is also what
/// makes a screw's displacement from its velocity.
@inlinable
func rotationJacobian<S: LieScalar>(_ ω: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
  let (t, once) = (ω.squaredNorm, cross(ω, v))
  return v + stumpff(2, t) * once + stumpff(3, t) * cross(ω, once)
}

/// V(ω)⁻¹ v = v − ½ ω×v + e ω×(ω×v), for |ω| < 2π.
@inlinable
func inverseRotationJacobian<S: LieScalar>(_ ω: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
  let once = cross(ω, v)
  return v - S(0.5) * once + inverseJacobianCoefficient(ω.squaredNorm) * cross(ω, once)
}
