// SPDX-License-Identifier: GPL-3.0-or-later

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
  @inlinable public var real: Double { value.real }

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

  /// √x′ = x′/(2√x); there is no derivative at 0.
  @inlinable
  public static func sqrt(_ x: Self) -> Self {
    let root = Base.sqrt(x.value)
    return Self(root, tangent: x.tangent / (root + root))
  }

  @inlinable
  public static func exp(_ x: Self) -> Self {
    let power = Base.exp(x.value)
    return Self(power, tangent: x.tangent * power)
  }

  @inlinable
  public static func log(_ x: Self) -> Self { Self(Base.log(x.value), tangent: x.tangent / x.value) }

  @inlinable
  public static func sin(_ x: Self) -> Self {
    Self(Base.sin(x.value), tangent: x.tangent * Base.cos(x.value))
  }

  @inlinable
  public static func cos(_ x: Self) -> Self {
    Self(Base.cos(x.value), tangent: -(x.tangent * Base.sin(x.value)))
  }

  /// θ′ = (x y′ − y x′)/(x² + y²); there is no derivative at the origin.
  @inlinable
  public static func atan2(y: Self, x: Self) -> Self {
    Self(
      Base.atan2(y: y.value, x: x.value),
      tangent: (x.value * y.tangent - y.value * x.tangent) / (x.value * x.value + y.value * y.value))
  }
}
