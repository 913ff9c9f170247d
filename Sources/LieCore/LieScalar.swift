// SPDX-License-Identifier: GPL-3.0-or-later

/// The numbers that group code is written over: Float, Double, and duals of them.
///
/// A group written once over `LieScalar` has its first derivatives through `Dual<Double>` and its second ones
/// through `Dual<Dual<Double>>`, with no code of its own for either.
public protocol LieScalar: Sendable {
  init(_ value: Double)
  static var zero: Self { get }
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static prefix func - (a: Self) -> Self
}

extension Float: LieScalar {}
extension Double: LieScalar {}

/// A number a + ε a′ with ε² = 0: the value and its derivative along one direction.
public struct Dual<Base: LieScalar>: LieScalar {
  public var value: Base
  public var tangent: Base

  @inlinable
  public init(_ value: Base, tangent: Base) {
    self.value = value
    self.tangent = tangent
  }

  @inlinable
  public init(_ value: Double) { self.init(Base(value), tangent: .zero) }

  @inlinable public static var zero: Self { Self(Base.zero, tangent: .zero) }

  @inlinable
  public static func + (a: Self, b: Self) -> Self {
    Self(a.value + b.value, tangent: a.tangent + b.tangent)
  }

  @inlinable
  public static func - (a: Self, b: Self) -> Self {
    Self(a.value - b.value, tangent: a.tangent - b.tangent)
  }

  /// (ab)′ = a′b + ab′.
  @inlinable
  public static func * (a: Self, b: Self) -> Self {
    Self(a.value * b.value, tangent: a.tangent * b.value + a.value * b.tangent)
  }

  /// (a/b)′ = (a′ − (a/b) b′)/b.
  @inlinable
  public static func / (a: Self, b: Self) -> Self {
    let quotient = a.value / b.value
    return Self(quotient, tangent: (a.tangent - quotient * b.tangent) / b.value)
  }

  @inlinable
  public static prefix func - (a: Self) -> Self { Self(-a.value, tangent: -a.tangent) }
}
