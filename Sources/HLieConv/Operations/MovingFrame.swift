// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore

/// y_i = Fᵀ(x_i − o): the points seen from a frame F that is made of them and turns with them.
///
/// Away from symmetric configurations F is a rotation up to some percent, so that y does not change when the points
/// are rotated. Where they are too symmetric to single out a direction (on a line, mirrored in o, all in one place)
/// its axes shrink smoothly to zero, and what y no longer tells must come from invariants beside it. F is smooth
/// and turns with the points everywhere.
///
/// Derivatives come from duals, one evaluation per coordinate of the points; nothing is stored.
struct MovingFrame: Operation {
  let x: TensorID
  let output: TensorID
  /// o is the mean position; otherwise the origin.
  let isAboutMean: Bool
  var inputs: [TensorID] { [x] }

  /// The length of a direction, in units of the points' spread, at which an axis has shrunk by 1/√2.
  private static var softness: Double { 0.1 }
  /// A squared length that keeps coincident points from dividing by nothing.
  private static var floor: Double { 1e-18 }

  /// With z_i = x_i − o, σ² = mean |z_i|² and s_i = |z_i|²/σ²:
  ///
  ///     v₁ = Σ z_i/(1 + s_i),  v₂ = Σ 4 s_i z_i/(1 + s_i)²
  ///     f₁ = v₁/√(|v₁|² + δ²σ²)
  ///     in the plane f₂ = (−f₁y, f₁x); in space f₂ the same of v₂ − (f₁·v₂) f₁, and f₃ = f₁ × f₂.
  ///
  /// One weight falls with the distance and the other has a hump at the mean, so that v₁ and v₂ have little in
  /// common.
  static func apply<S: LieScalar>(_ x: [Coordinates<S>], aboutMean: Bool, into y: inout [Coordinates<S>]) {
    let dimension = x[0].count
    let share = S(1 / Double(x.count))
    var o = Coordinates<S>(count: dimension)
    if aboutMean {
      for point in x { o = o + point }
      o = share * o
    }
    var spread = S(floor)
    for point in x { spread = spread + share * (point - o).squaredNorm }
    var (v1, v2) = (Coordinates<S>(count: dimension), Coordinates<S>(count: dimension))
    for point in x {
      let z = point - o
      let s = z.squaredNorm / spread
      let weight = S(1) / (S(1) + s)
      v1 = v1 + weight * z
      v2 = v2 + (S(4) * s * weight * weight) * z
    }
    let least = S(softness * softness) * spread
    func axis(_ v: Coordinates<S>) -> Coordinates<S> { (S(1) / S.sqrt(v.squaredNorm + least)) * v }
    let f1 = axis(v1)
    if dimension == 2 {
      let f2 = Coordinates(-f1[1], f1[0])
      for i in x.indices {
        let z = x[i] - o
        y[i] = Coordinates(f1.dot(z), f2.dot(z))
      }
    } else {
      let f2 = axis(v2 - f1.dot(v2) * f1)
      let f3 = cross(f1, f2)
      for i in x.indices {
        let z = x[i] - o
        y[i] = Coordinates(f1.dot(z), f2.dot(z), f3.dot(z))
      }
    }
  }

  /// Makes the points of each system from their coordinates' numbers, evaluates, and hands over y.
  private func forEachSystem<T: NetworkScalar, S: LieScalar>(
    _ c: Context<T>, _ coordinate: (Int) -> S, _ body: (_ system: Int, [Coordinates<S>]) -> Void
  ) {
    let (n, d) = (c.bodies, c.width(x))
    var points = [Coordinates<S>](repeating: Coordinates(count: d), count: n)
    var moved = points
    for s in 0..<c.systems {
      for i in 0..<n {
        for axis in 0..<d { points[i][axis] = coordinate((s * n + i) * d + axis) }
      }
      Self.apply(points, aboutMean: isAboutMean, into: &moved)
      body(s, moved)
    }
  }

  func forward<T: NetworkScalar>(_ c: Context<T>) {
    let (x, y, n, d) = (c.value(x), c.value(output), c.bodies, c.width(x))
    forEachSystem(c, { x[$0] }) { s, moved in
      for k in 0..<n * d { y[s * n * d + k] = moved[k / d][k % d] }
    }
  }

  func tangentForward<T: NetworkScalar>(_ c: Context<T>) {
    let (q, qdot, ydot, n, d) = (c.value(x), c.tangent(x), c.tangent(output), c.bodies, c.width(x))
    forEachSystem(c, { Dual(q[$0], tangent: qdot[$0]) }) { s, moved in
      for k in 0..<n * d { ydot[s * n * d + k] = moved[k / d][k % d].tangent }
    }
  }

  /// x̄_c = Σ ȳ·∂y/∂x_c.
  func reverse<T: NetworkScalar>(_ c: Context<T>) {
    let (q, ybar, xbar, n, d) = (c.value(x), c.cotangent(output), c.cotangent(x), c.bodies, c.width(x))
    let add = c.addsCotangent(0, x)
    for column in 0..<n * d {
      forEachSystem(c, { Dual(q[$0], tangent: $0 % (n * d) == column ? 1 : 0) }) { s, moved in
        var sum: T = 0
        for k in 0..<n * d { sum += ybar[s * n * d + k] * moved[k / d][k % d].tangent }
        xbar[s * n * d + column] = sum + (add ? xbar[s * n * d + column] : 0)
      }
    }
  }

  /// x̄̇_c = Σ (ȳ̇·∂y/∂x_c + ȳ·∂²y/∂x_c∂q̇): the inner derivative runs along q̇, the outer along x_c.
  func tangentReverse<T: NetworkScalar>(_ c: Context<T>) {
    let (q, qdot, n, d) = (c.value(x), c.tangent(x), c.bodies, c.width(x))
    let (ybar, ybardot, xbardot) = (c.cotangent(output), c.cotangentTangent(output), c.cotangentTangent(x))
    let add = c.addsCotangent(0, x)
    for column in 0..<n * d {
      func coordinate(_ k: Int) -> Dual<Dual<T>> {
        Dual(Dual(q[k], tangent: qdot[k]), tangent: Dual(k % (n * d) == column ? 1 : 0, tangent: 0))
      }
      forEachSystem(c, coordinate) { s, moved in
        var sum: T = 0
        for k in 0..<n * d {
          let derivative = moved[k / d][k % d].tangent
          sum += ybardot[s * n * d + k] * derivative.value + ybar[s * n * d + k] * derivative.tangent
        }
        xbardot[s * n * d + column] = sum + (add ? xbardot[s * n * d + column] : 0)
      }
    }
  }
}

extension Program {
  /// The positions seen from the bodies' own frame, about their mean or about the origin.
  mutating func framed(_ x: TensorID, aboutMean: Bool) -> TensorID {
    append(rows(x), width(x), from: [x]) {
      .movingFrame(MovingFrame(x: x, output: $0, isAboutMean: aboutMean))
    }
  }
}
