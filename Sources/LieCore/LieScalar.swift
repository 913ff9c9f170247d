// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// The numbers that group code is written over: Float, Double, and duals of them.
///
/// A group written once over `LieScalar` has its first derivatives through `Dual<Double>` and its second ones
/// through `Dual<Dual<Double>>`, with no code of its own for either.
public protocol LieScalar: Sendable {
  init(_ value: Double)
  static var zero: Self { get }
  /// The number without its derivatives, for the choice of a branch and nothing else.
  var real: Double { get }

  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self

  static func sqrt(_ x: Self) -> Self
  static func exp(_ x: Self) -> Self
  static func log(_ x: Self) -> Self
  static func sin(_ x: Self) -> Self
  static func cos(_ x: Self) -> Self
  /// The angle of the vector (x, y), in (−π, π].
  static func atan2(y: Self, x: Self) -> Self
}

extension Float: LieScalar {
  @inlinable public var real: Double { Double(self) }
}
extension Double: LieScalar {
  @inlinable public var real: Double { self }
}
