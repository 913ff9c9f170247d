// SPDX-License-Identifier: GPL-3.0-or-later

/// A short vector: a point, an algebra vector, or the coordinates of a group element.
///
/// It holds at most `capacity` numbers in place, so that group code allocates nothing.
public struct Coordinates<Scalar: LieScalar>: Sendable {
  /// The longest vector: an element of SE(3), a quaternion and a translation, has 7.
  @inlinable public static var capacity: Int { 8 }

  @usableFromInline var storage: InlineArray<8, Scalar>
  public let count: Int

  /// The zero vector of `count` ≤ `capacity` entries.
  @inlinable
  public init(count: Int) {
    precondition(count <= Self.capacity, "a group needs more than \(Self.capacity) coordinates")
    storage = InlineArray(repeating: .zero)
    self.count = count
  }

  /// `count` ≤ `capacity` entries, the k-th as the function says.
  @inlinable
  public init(count: Int, _ entry: (Int) -> Scalar) {
    self.init(count: count)
    for k in 0..<count { storage[k] = entry(k) }
  }

  // Up to four entries without the array that a variadic call makes.
  @inlinable
  public init(_ x: Scalar) {
    self.init(count: 1)
    storage[0] = x
  }

  @inlinable
  public init(_ x: Scalar, _ y: Scalar) {
    self.init(count: 2)
    storage[0] = x
    storage[1] = y
  }

  @inlinable
  public init(_ x: Scalar, _ y: Scalar, _ z: Scalar) {
    self.init(count: 3)
    storage[0] = x
    storage[1] = y
    storage[2] = z
  }

  @inlinable
  public init(_ w: Scalar, _ x: Scalar, _ y: Scalar, _ z: Scalar) {
    self.init(count: 4)
    storage[0] = w
    storage[1] = x
    storage[2] = y
    storage[3] = z
  }

  @inlinable
  public init(_ a: Scalar, _ b: Scalar, _ c: Scalar, _ d: Scalar, _ e: Scalar, _ others: Scalar...) {
    self.init(count: 5 + others.count)
    (storage[0], storage[1], storage[2], storage[3], storage[4]) = (a, b, c, d, e)
    for k in 0..<others.count { storage[5 + k] = others[k] }
  }

  @inlinable
  public subscript(_ k: Int) -> Scalar {
    get { storage[k] }
    set { storage[k] = newValue }
  }

  @inlinable
  public static func + (a: Self, b: Self) -> Self {
    var sum = a
    for k in 0..<a.count { sum[k] = a[k] + b[k] }
    return sum
  }

  @inlinable
  public static prefix func - (a: Self) -> Self {
    var negated = a
    for k in 0..<a.count { negated[k] = -a[k] }
    return negated
  }

  @inlinable
  public static func - (a: Self, b: Self) -> Self { a + (-b) }

  /// s a.
  @inlinable
  public static func * (s: Scalar, a: Self) -> Self {
    var scaled = a
    for k in 0..<a.count { scaled[k] = s * a[k] }
    return scaled
  }

  /// a·b, Euclidean.
  @inlinable
  public func dot(_ b: Self) -> Scalar {
    var sum = Scalar.zero
    for k in 0..<count { sum = sum + self[k] * b[k] }
    return sum
  }

  @inlinable public var squaredNorm: Scalar { dot(self) }
  /// |a|; it has no derivative at 0.
  @inlinable public var norm: Scalar { Scalar.sqrt(squaredNorm) }

  /// `length` entries from `first` on.
  @inlinable
  public func slice(_ first: Int, _ length: Int) -> Self {
    var part = Self(count: length)
    for k in 0..<length { part[k] = self[first + k] }
    return part
  }

  /// The entries of `a`, then those of `b`.
  @inlinable
  public func appending(_ b: Self) -> Self {
    var joined = Self(count: count + b.count)
    for k in 0..<count { joined[k] = self[k] }
    for k in 0..<b.count { joined[count + k] = b[k] }
    return joined
  }
}

/// Vectors of duals, made and taken apart.
extension Coordinates {
  /// The vector at rest.
  @inlinable public var constant: Coordinates<Dual<Scalar>> { moving(along: Self(count: count)) }

  /// The zero vector with this one as its derivative.
  @inlinable public var asTangent: Coordinates<Dual<Scalar>> { Self(count: count).moving(along: self) }

  /// The vector with the derivative v.
  @inlinable
  public func moving(along v: Self) -> Coordinates<Dual<Scalar>> {
    var dual = Coordinates<Dual<Scalar>>(count: count)
    for k in 0..<count { dual[k] = Dual(self[k], tangent: v[k]) }
    return dual
  }

  /// The derivatives alone.
  @inlinable
  public func tangents<Base>() -> Coordinates<Base> where Scalar == Dual<Base> {
    var tangents = Coordinates<Base>(count: count)
    for k in 0..<count { tangents[k] = self[k].tangent }
    return tangents
  }
}
