// SPDX-License-Identifier: GPL-3.0-or-later

/// T(d), the translations of d-dimensional space: u·x = u + x. One orbit; exp and log are the identity.
///
/// The types are not one generic over d, because each must be compiled by itself to be fast.
public protocol TranslationGroup: AdditiveGroup, IsometryGroup {}

public enum T1: TranslationGroup {
  public static var spaceDimension: Int { 1 }
}

public enum T2: TranslationGroup {
  public static var spaceDimension: Int { 2 }
}

public enum T3: TranslationGroup {
  public static var spaceDimension: Int { 3 }
}

/// The translations of the plane along one axis; the other coordinate tells the orbits apart.
public enum Tx: CoordinateSubgroup, IsometryGroup {
  public typealias Parent = T2
  public static var name: String { "Tx" }
  public static var summary: String { "translations of the plane along x" }
  public static func isKept(_ k: Int) -> Bool { k == 0 }
}

public enum Ty: CoordinateSubgroup, IsometryGroup {
  public typealias Parent = T2
  public static var name: String { "Ty" }
  public static var summary: String { "translations of the plane along y" }
  public static func isKept(_ k: Int) -> Bool { k == 1 }
}

extension TranslationGroup {
  public static var name: String { "T\(spaceDimension)" }
  public static var summary: String {
    spaceDimension == 1 ? "translations of the line" : "translations of \(spaceDimension)-dimensional space"
  }
  public static var algebraComponents: [String] { ["v_x", "v_y", "v_z"].prefix(spaceDimension).map { $0 } }
  public static var momentumNames: [String] { ["P_x", "P_y", "P_z"].prefix(spaceDimension).map { $0 } }
  public static var orbitComponents: [String] { [] }

  @inlinable
  public static func identity<S: LieScalar>(_ scalar: S.Type) -> Coordinates<S> {
    Coordinates(count: spaceDimension)
  }
  @inlinable
  public static func act<S: LieScalar>(_ u: Coordinates<S>, on x: Coordinates<S>) -> Coordinates<S> { u + x }
  @inlinable
  public static func lift<S: LieScalar>(_ x: Coordinates<S>) -> (u: Coordinates<S>, q: Coordinates<S>) {
    (x, Coordinates(count: 0))
  }
  // The group of most networks deserves the shorter way.
  @inlinable
  public static func embedPairs(_ jets: inout PairJets<Float>) { embedDifferences(&jets) }
  @inlinable
  public static func embedPairs(_ jets: inout PairJets<Double>) { embedDifferences(&jets) }
  @inlinable @inline(__always)
  static func embedDifferences<S: LieScalar>(_ jets: inout PairJets<S>) {
    if jets.frames == nil && jets.inverseSquaredCutoff == nil {
      jets.fillDifferences()
    } else {
      jets.fill(from: Self.self)
    }
  }
  @inlinable
  public static func origin<S: LieScalar>(of q: Coordinates<S>) -> Coordinates<S> {
    Coordinates(count: spaceDimension)
  }
}
