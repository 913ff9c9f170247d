// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// The velocity field ξ of a one-parameter group of motions of space, and what follows from it for momenta.
///
/// A field that is affine, ξ(x) = Ax + b, as those of all linear groups are, is kept as A and b: group code behind
/// an existential is some hundred times slower.
public struct VelocityField: Sendable {
  /// The name of its momentum map: "P_x".
  public let momentum: String
  /// Axes of space.
  public let dimension: Int
  private let form: Form

  private enum Form {
    /// A [d × d] by rows, b [d].
    case affine(A: [Double], b: [Double])
    case component(of: any LieGroup.Type, Int)
  }

  /// The field of the algebra's k-th basis vector.
  public init(_ group: any LieGroup.Type, component k: Int) {
    momentum = group.momentumNames[k]
    dimension = group.spaceDimension
    form = Self.affineForm(of: group, k).map { .affine(A: $0.A, b: $0.b) } ?? .component(of: group, k)
  }

  /// ξ(x) = Ax + b, with A by rows.
  public init(momentum: String, A: [Double], b: [Double]) {
    precondition(A.count == b.count * b.count, "A is \(b.count) × \(b.count)")
    self.momentum = momentum
    dimension = b.count
    form = .affine(A: A, b: b)
  }

  /// The fields of all components of a group's algebra.
  public static func all(of group: any LieGroup.Type) -> [VelocityField] {
    group.algebraComponents.indices.map { VelocityField(group, component: $0) }
  }

  /// ξ(x).
  public func value(at x: Coordinates<Double>) -> Coordinates<Double> {
    switch form {
    case .component(let group, let k): return group.generator(k, at: x)
    case .affine(let A, let b):
      var ξ = Coordinates<Double>(count: dimension)
      for row in 0..<dimension {
        var sum = b[row]
        for column in 0..<dimension { sum += A[row * dimension + column] * x[column] }
        ξ[row] = sum
      }
      return ξ
    }
  }

  /// Dξ(x) v.
  public func derivative(at x: Coordinates<Double>, along v: Coordinates<Double>) -> Coordinates<Double> {
    switch form {
    case .component(let group, let k): return group.generatorDerivative(k, at: x, along: v)
    case .affine(let A, _):
      var change = Coordinates<Double>(count: dimension)
      for row in 0..<dimension {
        var sum = 0.0
        for column in 0..<dimension { sum += A[row * dimension + column] * v[column] }
        change[row] = sum
      }
      return change
    }
  }

  /// The field without its constant part, x ↦ Ax; nil where it is not affine.
  public var linearPart: VelocityField? {
    guard case .affine(let A, let b) = form else { return nil }
    return VelocityField(momentum: momentum, A: A, b: b.map { _ in 0 })
  }

  /// Whether the motions keep all distances: v·Dξ(x)v = 0 for all x and v (Killing's equation), tested to
  /// round-off at the probes, so that T is unchanged and J_ξ is conserved with V.
  public var isIsometry: Bool {
    Self.probes(dimension: dimension).allSatisfy { x in
      (0..<dimension).allSatisfy { a in
        (0...a).allSatisfy { b in
          let (ea, eb) = (unit(a), unit(b))
          let stretch = derivative(at: x, along: ea)[b] + derivative(at: x, along: eb)[a]
          let size = derivative(at: x, along: ea).norm + derivative(at: x, along: eb).norm
          return abs(stretch) <= Self.roundOff * max(1, size)
        }
      }
    }
  }

  /// What equal fields may differ by.
  static let roundOff = 1e-12

  /// Points in general position that decide what a field is: inside the domain of every group, which may need
  /// positive coordinates, and with short binary fractions, so that A and b come out without rounding.
  static func probes(dimension: Int) -> [Coordinates<Double>] {
    [[1, 2, 4], [0.5, 0.25, 3], [2, 1.5, 0.75], [3, 5, 0.125], [0.75, 4, 1.25]].map { entries in
      Coordinates(count: dimension) { entries[$0] }
    }
  }

  private func unit(_ axis: Int) -> Coordinates<Double> { Self.unit(axis, dimension) }

  private static func unit(_ axis: Int, _ dimension: Int) -> Coordinates<Double> {
    var e = Coordinates<Double>(count: dimension)
    e[axis] = 1
    return e
  }

  /// A = Dξ(x₀) and b = ξ(x₀) − Ax₀ at the first probe; nil where the other probes contradict.
  private static func affineForm(of group: any LieGroup.Type, _ k: Int) -> (A: [Double], b: [Double])? {
    let d = group.spaceDimension
    let probes = probes(dimension: d)
    let x₀ = probes[0]
    let columns = (0..<d).map { group.generatorDerivative(k, at: x₀, along: unit($0, d)) }
    let ξ₀ = group.generator(k, at: x₀)
    let A = (0..<d * d).map { columns[$0 % d][$0 / d] }
    let b = (0..<d).map { row in (0..<d).reduce(ξ₀[row]) { $0 - A[row * d + $1] * x₀[$1] } }
    let field = VelocityField(momentum: group.momentumNames[k], A: A, b: b)
    let fits = probes.allSatisfy { x in
      let exact = group.generator(k, at: x)
      return (field.value(at: x) - exact).norm <= roundOff * max(1, exact.norm)
    }
    return fits ? (A, b) : nil
  }
}

/// The motions that space itself has.
extension VelocityField {
  /// Translations and rotations: all that keep distances.
  public static func isometries(dimension d: Int) -> [VelocityField] {
    translations(dimension: d) + rotations(dimension: d)
  }

  /// The unit translations along the axes: P_x, P_y[, P_z].
  public static func translations(dimension d: Int) -> [VelocityField] {
    (0..<d).map { axis in
      VelocityField(
        momentum: ["P_x", "P_y", "P_z"][axis], A: Array(repeating: 0, count: d * d),
        b: (0..<d).map { $0 == axis ? 1 : 0 })
    }
  }

  /// The rotations about the axes through the origin: none on a line, L_z in the plane, L_x, L_y, L_z in space.
  public static func rotations(dimension d: Int) -> [VelocityField] {
    // About e: ξ(x) = e × x, which turns the first of these axes towards the second.
    let planes = [("L_x", 1, 2), ("L_y", 2, 0), ("L_z", 0, 1)].filter { max($0.1, $0.2) < d }
    return planes.map { name, from, to in
      var A = [Double](repeating: 0, count: d * d)
      A[to * d + from] = 1
      A[from * d + to] = -1
      return VelocityField(momentum: name, A: A, b: Array(repeating: 0, count: d))
    }
  }
}
