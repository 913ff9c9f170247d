// SPDX-License-Identifier: GPL-3.0-or-later

/// The group of the identity alone: every point is its own orbit, and the network sees both positions as they are.
///
/// It carries no symmetry, which makes it the control that conservation tests need.
public protocol TrivialGroup: AdditiveGroup, IsometryGroup {}

public enum Trivial1: TrivialGroup {
  public static var spaceDimension: Int { 1 }
}

public enum Trivial2: TrivialGroup {
  public static var spaceDimension: Int { 2 }
}

public enum Trivial3: TrivialGroup {
  public static var spaceDimension: Int { 3 }
}

extension TrivialGroup {
  public static var name: String { "Trivial" }
  public static var summary: String {
    "no symmetry in \(spaceDimension) dimension\(spaceDimension == 1 ? "" : "s"): the control"
  }
  public static var algebraComponents: [String] { [] }
  public static var orbitComponents: [String] { ["x", "y", "z"].prefix(spaceDimension).map { $0 } }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> { Coordinates(count: 0) }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> { x }
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    (Coordinates(count: 0), x)
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> { q }
}
