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

  @inlinable
  public init(_ entries: Scalar...) {
    self.init(count: entries.count)
    for k in 0..<entries.count { storage[k] = entries[k] }
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

  /// The entries of `a`, then those of `b`.
  @inlinable
  public func appending(_ b: Self) -> Self {
    var joined = Self(count: count + b.count)
    for k in 0..<count { joined[k] = self[k] }
    for k in 0..<b.count { joined[count + k] = b[k] }
    return joined
  }
}
