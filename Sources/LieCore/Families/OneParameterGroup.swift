// SPDX-License-Identifier: GPL-3.0-or-later

/// A one-parameter group {exp(s ξ)}, isomorphic to the real line: its element is the number s itself.
///
/// A conforming type gives the flow, and for each point its parameter and its orbit.
public protocol OneParameterGroup: AdditiveGroup {
  /// exp(s ξ)·x.
  static func flow<S: LieScalar>(_ s: S, _ x: Coordinates<S>) -> Coordinates<S>
}

extension OneParameterGroup {
  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { Coordinates(count: 1) }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> {
    flow(u[0], x)
  }
}

/// The one-parameter subgroup of a parent group that a direction in the parent's algebra generates.
///
/// The parameter of a point is a function s with s(exp(t ξ)·x) = s(x) + t. Where there is one that is read off the
/// parent's own lift (directions with a part that translates or scales), `parameterComponents` names the algebra
/// components it is read from: s = Σ_k d_k log(u)_k / Σ_k d_k² over them. The orbit of x is known by the point of
/// it where s = 0.
public protocol OneParameterSubgroup: OneParameterGroup {
  associatedtype Parent: LieGroup
  /// Component k of the generator in the parent's algebra.
  static func direction(_ k: Int) -> Double
  /// Whether component k of the logarithm of a lifted point grows evenly along the orbits.
  static func isParameter(_ k: Int) -> Bool
}

extension OneParameterSubgroup {
  public static var spaceDimension: Int { Parent.spaceDimension }
  public static var algebraComponents: [String] { ["s"] }
  public static var orbitComponents: [String] {
    ["x", "y", "z"].prefix(spaceDimension).map { "\($0) at s = 0" }
  }

  @inlinable
  public static func flow<S: LieScalar>(_ s: S, _ x: Coordinates<S>) -> Coordinates<S> {
    var a = Parent.log(Parent.identity(S.self))
    for k in 0..<a.count { a[k] = s * S(direction(k)) }
    return Parent.act(Parent.exp(a), on: x)
  }

  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    let a = Parent.log(Parent.lift(x).u)
    var (s, square) = (S.zero, 0.0)
    for k in 0..<a.count where isParameter(k) {
      s = s + S(direction(k)) * a[k]
      square += direction(k) * direction(k)
    }
    s = s / S(square)
    return (Coordinates(s), flow(-s, x))
  }

  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { q }

  public static func liftFault(at x: Coordinates<Double>) -> String? { Parent.liftFault(at: x) }
}
