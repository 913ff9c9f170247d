// SPDX-License-Identifier: GPL-3.0-or-later

/// SE(2), the rotations and translations of the plane. An element is (cos θ, sin θ, x, y); the algebra is
/// (ω, v_x, v_y).
///
/// `T2xSO2` is the same group for those who want just the embedding by distances, with the centre of the bodies taken
/// out.
public protocol PlaneMotions: EuclideanGroup {}

public enum SE2: PlaneMotions {
  public static var name: String { "SE2" }
  public static var summary: String { "rotations and translations of the plane" }
  public static var framed: (any LieGroup.Type)? { T2.self }
}

public enum T2xSO2: PlaneMotions {
  public static var name: String { "T2xSO2" }
  public static var summary: String {
    "SE2 by the distances of the centred bodies: translations, then rotations about the centre"
  }
  public static var needsCentring: Bool { true }
}

extension PlaneMotions {
  public static var spaceDimension: Int { 2 }
  public static var algebraComponents: [String] { ["ω", "v_x", "v_y"] }
  public static var momentumNames: [String] { ["L_z", "P_x", "P_y"] }
  public static var angularComponents: Int { 1 }

  @inlinable
  public static func identityRotation<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> {
    Coordinates(S(1), .zero)
  }
  @inlinable
  public static func rotationProduct<S: LieScalar>(
    _ a: Coordinates<S>, _ b: Coordinates<S>
  ) -> Coordinates<S> { PlaneRotation.product(a, b) }
  @inlinable
  public static func rotationInverse<S: LieScalar>(_ r: Coordinates<S>) -> Coordinates<S> {
    PlaneRotation.inverse(r)
  }
  @inlinable
  public static func rotate<S: LieScalar>(_ r: Coordinates<S>, _ x: Coordinates<S>) -> Coordinates<S> {
    PlaneRotation.product(r, x)
  }

  /// The displacement of a screw: V(θ) v = c₁ v + θ c₂ (−v_y, v_x).
  @inlinable
  public static func exp<S: LieScalar>(_ a: Coordinates<S>) -> Coordinates<S> {
    PlaneRotation.exp(a[0]).appending(jacobian(a[0], a.slice(1, 2)))
  }

  /// V(θ)⁻¹ t = (θ/2) cot(θ/2) t − (θ/2)(−t_y, t_x).
  @inlinable
  public static func log<S: LieScalar>(_ u: Coordinates<S>) -> Coordinates<S> {
    let angle = PlaneRotation.log(u)
    let square = angle * angle
    let along = S(1) - square * inverseJacobianCoefficient(square)
    let half = S(0.5) * angle
    return Coordinates(angle, along * u[2] + half * u[3], along * u[3] - half * u[2])
  }

  /// (ω, R v + ω (t_y, −t_x)) for u = (R, t).
  @inlinable
  public static func adjoint<S: LieScalar>(_ u: Coordinates<S>, _ a: Coordinates<S>) -> Coordinates<S> {
    let v = PlaneRotation.product(rotation(u), a.slice(1, 2))
    return Coordinates(a[0], v[0] + a[0] * u[3], v[1] - a[0] * u[2])
  }

  /// (δθ, V(θ) δv + δθ (θ c₃ v + c₂ (v_y, −v_x))) (Solà, Deray & Atchuthan 2018, eq. 163).
  @inlinable
  public static func leftJacobian<S: LieScalar>(_ a: Coordinates<S>, _ v: Coordinates<S>) -> Coordinates<S> {
    let (angle, square) = (a[0], a[0] * a[0])
    let (c2, c3) = (stumpff(2, square), stumpff(3, square))
    let bent = Coordinates(angle * c3 * a[1] + c2 * a[2], angle * c3 * a[2] - c2 * a[1])
    return Coordinates(v[0]).appending(jacobian(angle, v.slice(1, 2)) + v[0] * bent)
  }

  @inlinable
  static func jacobian<S: LieScalar>(_ angle: S, _ v: Coordinates<S>) -> Coordinates<S> {
    let square = angle * angle
    let (along, across) = (stumpff(1, square), angle * stumpff(2, square))
    return Coordinates(along * v[0] - across * v[1], along * v[1] + across * v[0])
  }
}
