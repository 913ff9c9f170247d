// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

/// The laws that every registered group obeys, written once. Algebra vectors and points run over scales from
/// 1e-12 to 3.
struct GroupLaws<G: LieGroup> {
  typealias Vector = Coordinates<Double>
  static var tolerance: Double { 1e-13 }

  /// Fixed, irregular numbers in [−1, 1]: the fractional parts of multiples of the golden ratio.
  static func vector(_ count: Int, seed: Int, scale: Double = 1) -> Vector {
    var v = Vector(count: count)
    for k in 0..<count {
      let x = 0.618_033_988_749_894_9 * Double(17 * seed + k + 1)
      v[k] = scale * (2 * (x - x.rounded(.down)) - 1)
    }
    return v
  }

  static func distance(_ a: Vector, _ b: Vector) -> Double {
    guard a.count == b.count else { return .infinity }
    return (0..<a.count).reduce(0) { max($0, abs(a[$1] - b[$1])) }
  }

  static func size(_ a: Vector) -> Double { (0..<a.count).reduce(1e-300) { max($0, abs(a[$1])) } }

  static var scales: [Double] { [1e-12, 1e-9, 1e-6, 1e-3, 0.069, 0.071, 0.5, 3] }

  static func element(_ seed: Int, _ scale: Double) -> Vector {
    G.exp(vector(G.algebraComponents.count, seed: seed, scale: scale))
  }

  static func checkAxioms() {
    let e = G.identity(Double.self)
    for scale in scales {
      let (u, v, w) = (element(1, scale), element(2, 0.7), element(3, 0.3))
      #expect(distance(G.product(e, u), u) <= tolerance * size(u))
      #expect(distance(G.product(u, e), u) <= tolerance * size(u))
      #expect(distance(G.product(G.inverse(u), u), e) <= tolerance * max(1, size(u)))
      let left = G.product(G.product(u, v), w)
      #expect(distance(left, G.product(u, G.product(v, w))) <= tolerance * max(1, size(left)))
      // An action: (u v)·x = u·(v·x), e·x = x.
      let x = vector(G.spaceDimension, seed: 4, scale: 2)
      #expect(distance(G.act(G.product(u, v), on: x), G.act(u, on: G.act(v, on: x))) <= tolerance * 8)
      #expect(distance(G.act(e, on: x), x) <= tolerance * 8)
    }
  }

  static func checkExponential() {
    for scale in scales {
      let a = vector(G.algebraComponents.count, seed: 5, scale: scale)
      #expect(distance(G.log(G.exp(a)), a) <= tolerance * size(a))
      let u = G.exp(a)
      #expect(distance(G.exp(G.log(u)), u) <= tolerance * size(u))
      // One-parameter subgroups: exp(a) exp(a) = exp(2a).
      #expect(distance(G.product(u, u), G.exp(a + a)) <= 2 * tolerance * max(size(a), 1e-12))
    }
  }

  static func checkLift() {
    for seed in 0..<8 {
      let x = vector(G.spaceDimension, seed: seed, scale: 3)
      let (u, q) = G.lift(x)
      #expect(q.count == G.orbitComponents.count)
      #expect(distance(G.act(u, on: G.origin(of: q)), x) <= tolerance * 3)
    }
  }

  /// How much the pair embedding changes when the group moves both points.
  static func embeddingDefect(moving act: (Vector) -> Vector) -> Double {
    var worst = 0.0
    for seed in 0..<8 {
      let (x, y) = (vector(G.spaceDimension, seed: seed, scale: 2), vector(G.spaceDimension, seed: seed + 9))
      worst = max(worst, distance(G.pairEmbedding(x, y), G.pairEmbedding(act(x), act(y))))
    }
    return worst
  }

  static func checkEmbedding() {
    #expect(
      G.pairEmbedding(vector(G.spaceDimension, seed: 1), vector(G.spaceDimension, seed: 2)).count
        == G.embeddingWidth)
    let u = element(6, 1)
    #expect(embeddingDefect { G.act(u, on: $0) } <= 10 * tolerance)
    // The control: a map that no registered group contains, a stretch of one axis, must change it.
    #expect(
      embeddingDefect { x in
        var stretched = x
        stretched[0] = 1.5 * x[0]
        return stretched
      } > 1e-2)
  }

  static func checkGenerators() {
    let x = vector(G.spaceDimension, seed: 7, scale: 2)
    let h = 1e-4
    for k in 0..<G.algebraComponents.count {
      func moved(_ s: Double) -> Vector {
        var a = Vector(count: G.algebraComponents.count)
        a[k] = s
        return G.act(G.exp(a), on: x)
      }
      let (plus, minus, velocity) = (moved(h), moved(-h), G.generator(k, at: x))
      for axis in 0..<G.spaceDimension {
        #expect(abs((plus[axis] - minus[axis]) / (2 * h) - velocity[axis]) < 1e-7)
      }
    }
  }

  /// Jacobians of all pairs, and their change along a direction, against central differences.
  static func checkJets() {
    let (n, d, width) = (3, G.spaceDimension, G.embeddingWidth)
    let q = (0..<n).flatMap { point in (0..<d).map { vector(d, seed: 20 + point, scale: 1.5)[$0] } }
    let direction = (0..<n).flatMap { point in (0..<d).map { vector(d, seed: 30 + point)[$0] } }
    func jets(_ q: [Double]) -> (a: [Double], J: [Double], aDot: [Double], JDot: [Double]) {
      var a = [Double](repeating: .nan, count: n * n * width)
      var (J, aDot) = ([Double](repeating: .nan, count: n * n * width * 2 * d), a)
      var JDot = J
      a.withUnsafeMutableBufferPointer { a in
        J.withUnsafeMutableBufferPointer { J in
          aDot.withUnsafeMutableBufferPointer { aDot in
            JDot.withUnsafeMutableBufferPointer { JDot in
              q.withUnsafeBufferPointer { q in
                direction.withUnsafeBufferPointer { direction in
                  guard let a = a.baseAddress, let J = J.baseAddress, let q = q.baseAddress else { return }
                  var first = PairJets<Double>(
                    points: n, dimension: d, width: width, q: q, embedding: a, jacobian: J)
                  G.embedPairs(&first)
                  var second = PairJets<Double>(
                    points: n, dimension: d, width: width, q: q, direction: direction.baseAddress,
                    embedding: a,
                    jacobian: J, tangent: aDot.baseAddress, jacobianTangent: JDot.baseAddress)
                  G.embedPairs(&second)
                }
              }
            }
          }
        }
      }
      return (a, J, aDot, JDot)
    }
    let h = 1e-4
    let here = jets(q)
    func along(_ s: Double) -> [Double] { zip(q, direction).map { $0 + s * $1 } }
    let (plus, minus) = (jets(along(h)), jets(along(-h)))
    for k in here.a.indices { #expect(abs((plus.a[k] - minus.a[k]) / (2 * h) - here.aDot[k]) < 1e-7) }
    for k in here.J.indices { #expect(abs((plus.J[k] - minus.J[k]) / (2 * h) - here.JDot[k]) < 1e-6) }
    for i in 0..<n {
      for j in 0..<n {
        for column in 0..<2 * d {
          let moved = column < d ? i * d + column : j * d + column - d
          func embedding(_ s: Double) -> Coordinates<Double> {
            var (x, y) = (Vector(count: d), Vector(count: d))
            for axis in 0..<d { (x[axis], y[axis]) = (q[i * d + axis], q[j * d + axis]) }
            if column < d {
              x[moved - i * d] = x[moved - i * d] + s
            } else {
              y[moved - j * d] = y[moved - j * d] + s
            }
            return G.pairEmbedding(x, y)
          }
          let (up, down) = (embedding(h), embedding(-h))
          for k in 0..<width {
            let entry = here.J[((i * n + j) * width + k) * 2 * d + column]
            #expect(abs((up[k] - down[k]) / (2 * h) - entry) < 1e-7)
          }
        }
      }
    }
  }
}
