// SPDX-License-Identifier: GPL-3.0-or-later

/// SE(3), the rotations and translations of space. An element is a unit quaternion and a translation; the algebra is
/// (ω, v).
public enum SE3: EuclideanGroup {
  public static var name: String { "SE3" }
  public static var summary: String { "rotations and translations of space" }
  public static var spaceDimension: Int { 3 }
  public static var algebraComponents: [String] { ["ω_x", "ω_y", "ω_z", "v_x", "v_y", "v_z"] }
  public static var momentumNames: [String] { ["L_x", "L_y", "L_z", "P_x", "P_y", "P_z"] }
  public static var framed: (any LieGroup.Type)? { T3.self }
  public static var angularComponents: Int { 3 }

  @inlinable
  public static func identityRotation<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> {
    Quaternion.identity()
  }
  @inlinable
  public static func rotationProduct<S: LieScalar>(
    _ a: Coordinates<S>, _ b: Coordinates<S>
  ) -> Coordinates<S> { Quaternion.product(a, b) }
  @inlinable
  public static func rotationInverse<S: LieScalar>(_ r: Coordinates<S>) -> Coordinates<S> {
    Quaternion.inverse(r)
  }
  @inlinable
  public static func rotate<S: LieScalar>(_ r: Coordinates<S>, _ x: Coordinates<S>) -> Coordinates<S> {
    Quaternion.rotate(r, x)
  }

  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> {
    let ω = a.slice(0, 3)
    return Quaternion.exp(ω).appending(rotationJacobian(ω, a.slice(3, 3)))
  }
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    let ω = Quaternion.log(rotation(u))
    return ω.appending(inverseRotationJacobian(ω, u.slice(4, 3)))
  }
  /// (R ω, R v + t × R ω) for u = (R, t).
  @inlinable
  public static func adjoint<S: LieScalar>(_ u: Coordinates<S>, _ a: Coordinates<S>) -> Coordinates<S> {
    let ω = Quaternion.rotate(rotation(u), a.slice(0, 3))
    return ω.appending(Quaternion.rotate(rotation(u), a.slice(3, 3)) + cross(u.slice(4, 3), ω))
  }

  /// (V δω, V δv + Q δω), with W = ω× and U = v× and
  /// Q = U/2 + c₃ (WU + UW + WUW) + c₄ (WWU + UWW − 3WUW) + ½(c₄ − 3c₅)(WUWW + WWUW)
  /// (Barfoot 2017, State Estimation for Robotics, eq. 7.86).
  @inlinable
  public static func leftJacobian<S: LieScalar>(_ a: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    let (ω, u, δω) = (a.slice(0, 3), a.slice(3, 3), v.slice(0, 3))
    let t = ω.squaredNorm
    let (c4, c5) = (stumpff(4, t), stumpff(5, t))
    func W(_ x: Coordinates<S>) -> Coordinates<S> { cross(ω, x) }
    func U(_ x: Coordinates<S>) -> Coordinates<S> { cross(u, x) }
    let (w, ww) = (W(δω), W(W(δω)))
    let wuw = W(U(w))
    let second = W(U(δω)) + U(w) + wuw
    let third = W(W(U(δω))) + U(ww) - S(3) * wuw
    let fourth = W(U(ww)) + W(wuw)
    let Q =
      S(0.5) * U(δω) + stumpff(3, t) * second + c4 * third + S(0.5) * (c4 - S(3) * c5) * fourth
    return rotationJacobian(ω, δω).appending(rotationJacobian(ω, v.slice(3, 3)) + Q)
  }
}
