// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

// Groups that nobody registered, made from others by generators and products: the laws hold for them too.

/// Translations along one oblique direction of the plane.
enum ObliqueTranslations: OneParameterSubgroup, IsometryGroup {
  typealias Parent = T2
  static var name: String { "oblique" }
  static var summary: String { "translations along (0.6, 0.8)" }
  static func direction(_ k: Int) -> Double { k == 0 ? 0.6 : 0.8 }
  static func isParameter(_ k: Int) -> Bool { true }
}

/// Screw motions of space about the z axis.
enum Screw: OneParameterSubgroup, IsometryGroup {
  typealias Parent = SE3
  static var name: String { "screw" }
  static var summary: String { "a turn about z with every two lengths along it" }
  static func direction(_ k: Int) -> Double { [0, 0, .pi, 0, 0, 2][k] }
  static func isParameter(_ k: Int) -> Bool { k == 5 }
}

/// Logarithmic spirals about the origin.
enum Spiral: OneParameterSubgroup {
  typealias Parent = RxSO2
  static var name: String { "spiral" }
  static var summary: String { "rotations that grow" }
  static func direction(_ k: Int) -> Double { k == 0 ? 0.3 : 1 }
  static func isParameter(_ k: Int) -> Bool { k == 0 }
}

/// The horizontal translations of space.
enum Horizontal: CoordinateSubgroup, IsometryGroup {
  typealias Parent = T3
  static var name: String { "Txy" }
  static var summary: String { "translations of space along x and y" }
  static func isKept(_ k: Int) -> Bool { k < 2 }
}

/// The plane's translations as a product.
enum TxTy: DirectProduct, AbelianGroup, IsometryGroup {
  typealias First = Tx
  typealias Second = Ty
  static var name: String { "TxTy" }
  static var summary: String { "Tx × Ty" }
}

enum GroupExamples {
  static let all: [any LieGroup.Type] =
    Groups.all + [ObliqueTranslations.self, Screw.self, Spiral.self, Horizontal.self, TxTy.self]
}
