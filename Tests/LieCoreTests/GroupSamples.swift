// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// Points, elements and measures of distance for the laws of a group.
struct GroupSamples<G: LieGroup> {
  typealias Vector = Coordinates<Double>

  /// Fixed, irregular numbers in [−1, 1]: the fractional parts of multiples of the golden ratio.
  static func vector(_ count: Int, seed: Int, scale: Double = 1) -> Vector {
    var v = Vector(count: count)
    for k in 0..<count {
      let x = 0.618_033_988_749_894_9 * Double(17 * seed + k + 1)
      v[k] = scale * (2 * (x - x.rounded(.down)) - 1)
    }
    return v
  }

  /// A point in the group's domain.
  static func point(seed: Int, scale: Double = 1) -> Vector {
    var x = vector(G.spaceDimension, seed: seed, scale: scale)
    if G.liftFault(at: x) == nil { return x }
    for axis in 0..<x.count { x[axis] = abs(x[axis]) + 0.1 * scale }
    return x
  }

  static var hasRotations: Bool { G.algebraComponents.contains { $0.hasPrefix("ω") } }

  /// An algebra vector whose rotational part has the length `angle` and whose other entries are at most `rest`.
  static func algebraVector(seed: Int, angle: Double, rest: Double) -> Vector {
    let names = G.algebraComponents
    var a = vector(names.count, seed: seed, scale: rest)
    let turning = names.indices.filter { names[$0].hasPrefix("ω") }
    let direction = vector(names.count, seed: seed + 50)
    let norm = turning.reduce(0) { $0 + direction[$1] * direction[$1] }.squareRoot()
    for k in turning { a[k] = direction[k] / norm * angle }
    return a
  }

  /// The rotational entries, or the others.
  static func part(_ a: Vector, turning: Bool) -> Vector {
    let kept = G.algebraComponents.indices.filter { G.algebraComponents[$0].hasPrefix("ω") == turning }
    return Vector(count: kept.count) { a[kept[$0]] }
  }

  /// The length of the rotational part.
  static func turn(_ a: Vector) -> Double {
    let names = G.algebraComponents
    return names.indices.filter { names[$0].hasPrefix("ω") }.reduce(0) { $0 + a[$1] * a[$1] }.squareRoot()
  }

  static func element(seed: Int, angle: Double = 1, rest: Double = 1) -> Vector {
    G.exp(algebraVector(seed: seed, angle: angle, rest: rest))
  }

  /// From far below the resolution of 1 up to 3, with both sides of every branch in the rotations' formulas: the
  /// quaternion's logarithm changes at an angle of 2 arctan 0.1 = 0.1993, the inverse Jacobian at 0.4, Stumpff's
  /// functions at 2.
  static var angles: [Double] {
    [1e-12, 1e-9, 1e-6, 1e-3, 0.07, 0.199, 0.1994, 0.3999, 0.4001, 1, 1.999, 2.001, 3, 3.13]
  }

  /// Distances from π at which a rotation is inverted.
  static var gaps: [Double] { [1e-3, 1e-5, 1e-6, 1e-7, 1e-9, 1e-10, 1e-11, 1e-12] }

  static func distance(_ a: Vector, _ b: Vector) -> Double {
    guard a.count == b.count else { return .infinity }
    var worst = 0.0
    for k in 0..<a.count {
      let difference = abs(a[k] - b[k])
      if !difference.isFinite { return .infinity }
      worst = max(worst, difference)
    }
    return worst
  }

  static func size(_ a: Vector) -> Double { (0..<a.count).reduce(1e-300) { max($0, abs(a[$1])) } }

  /// How differently two elements move a few points, relative to how far the points lie: elements may have two
  /// names, as quaternions have.
  static func elementDistance(_ u: Vector, _ v: Vector) -> Double {
    var worst = 0.0
    for seed in 60..<64 {
      let x = point(seed: seed)
      let (moved, other) = (G.act(u, on: x), G.act(v, on: x))
      worst = max(worst, distance(moved, other) / max(1, size(moved)))
    }
    return worst
  }

  static func float(_ a: Vector) -> Coordinates<Float> {
    var rounded = Coordinates<Float>(count: a.count)
    for k in 0..<a.count { rounded[k] = Float(a[k]) }
    return rounded
  }

  static func double(_ a: Coordinates<Float>) -> Vector {
    var exact = Vector(count: a.count)
    for k in 0..<a.count { exact[k] = Double(a[k]) }
    return exact
  }

  /// d/ds f(s) at 0, entry by entry, by central differences extrapolated once: the error is O(h⁴).
  static func derivative(step h: Double = 1e-3, _ f: (Double) -> Vector) -> Vector {
    func central(_ h: Double) -> Vector { (1 / (2 * h)) * (f(h) - f(-h)) }
    return (1.0 / 3) * (4.0 * central(h / 2) - central(h))
  }
}
