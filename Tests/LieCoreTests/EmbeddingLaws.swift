// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

/// The laws of what a group makes of points and pairs: lifts, invariants, distances.
struct EmbeddingLaws<G: LieGroup> {
  typealias Samples = GroupSamples<G>
  typealias Vector = Coordinates<Double>
  static var tolerance: Double { 1e-13 }

  static func checkLift() {
    for seed in 0..<8 {
      let x = Samples.point(seed: seed, scale: 3)
      let (u, q) = G.lift(x)
      #expect(q.count == G.orbitComponents.count)
      #expect(Samples.distance(G.act(u, on: G.origin(of: q)), x) <= tolerance * 3)
      // The orbit is what the group cannot change.
      let moved = G.lift(G.act(Samples.element(seed: 15), on: x)).q
      #expect(Samples.distance(moved, q) <= 10 * tolerance * max(1, Samples.size(q)))
    }
  }

  /// A map that no group of the registry contains.
  static func bend(_ x: Vector) -> Vector {
    var bent = x
    let last = x.count - 1
    bent[0] = x[0] + 0.3 * x[last] * x[last]
    if last > 0 { bent[1] = x[1] + 0.2 * x[0] }
    return bent
  }

  /// How much a function of two points changes when both are moved.
  static func defect(_ f: (Vector, Vector) -> Vector, moving act: (Vector) -> Vector) -> Double {
    var worst = 0.0
    for seed in 0..<8 {
      let (x, y) = (Samples.point(seed: seed, scale: 2), Samples.point(seed: seed + 9))
      let before = f(x, y)
      worst = max(worst, Samples.distance(before, f(act(x), act(y))) / max(1, Samples.size(before)))
    }
    return worst
  }

  static func checkEmbedding() {
    let pair = { (x: Vector, y: Vector) in G.pairEmbedding(x, y) }
    let separation = { (x: Vector, y: Vector) in Vector(G.squaredSeparation(x, y)) }
    #expect(G.pairEmbedding(Samples.point(seed: 1), Samples.point(seed: 2)).count == G.embeddingWidth)
    for angle in [1e-9, 1, 3] {
      let u = Samples.element(seed: 16, angle: angle)
      #expect(defect(pair) { G.act(u, on: $0) } <= 40 * tolerance)
      #expect(defect(separation) { G.act(u, on: $0) } <= 40 * tolerance)
    }
    #expect(defect(pair, moving: bend) > 1e-2)
    #expect(defect(separation, moving: bend) > 1e-2)
    for seed in 0..<8 {
      let (x, y) = (Samples.point(seed: seed, scale: 2), Samples.point(seed: seed + 9))
      #expect(G.squaredSeparation(x, x) == 0)
      #expect(abs(G.squaredSeparation(x, y) - G.squaredSeparation(y, x)) <= tolerance)
      #expect(G.squaredSeparation(x, y) > 0)
    }
  }

  /// Two rotations that choose lifts.
  private static var rotations: (Vector, Vector) {
    let (a, b) = (Samples.vector(4, seed: 20), Samples.vector(4, seed: 41))
    let width = G.spaceDimension == 2 ? 2 : 4
    let (f, h) = (a.slice(0, width), b.slice(0, width))
    return ((1 / f.norm) * f, (1 / h.norm) * h)
  }

  /// No pair jumps where a point crosses an axis, nor does the pair of the point and itself.
  static func checkCrossing() {
    let y = Samples.point(seed: 9)
    for axis in 0..<G.spaceDimension {
      var (before, after) = (Samples.point(seed: 3), Samples.point(seed: 3))
      (before[axis], after[axis]) = (1e-9, -1e-9)
      guard G.embeddingFault(at: before) == nil, G.embeddingFault(at: after) == nil else { continue }
      for (a, b) in [(before, after), (y, y)] {
        #expect(Samples.distance(G.pairEmbedding(before, a), G.pairEmbedding(after, b)) <= 1e-7)
        if G.framed == nil { continue }
        let (f, h) = rotations
        let (left, right) = (
          G.fibreEmbedding(before, frame: f, a, frame: h), G.fibreEmbedding(after, frame: f, b, frame: h)
        )
        #expect(Samples.distance(left, right) <= 1e-7)
      }
    }
  }

  /// The embedding tells pairs apart that the group does not carry into each other: the directions that change it
  /// and those along the group's orbit make up all 2d.
  static func checkSeparation() {
    let d = G.spaceDimension
    for seed in 0..<4 {
      let (x, y) = (Samples.point(seed: seed, scale: 2), Samples.point(seed: seed + 9))
      var changes: [[Double]] = []
      for column in 0..<2 * d {
        var (v, w) = (Vector(count: d), Vector(count: d))
        if column < d { v[column] = 1 } else { w[column - d] = 1 }
        let a = G.pairEmbedding(x.moving(along: v), y.moving(along: w)).tangents()
        changes.append((0..<a.count).map { a[$0] })
      }
      let orbit = (0..<G.algebraComponents.count).map { k in
        let velocity = G.generator(k, at: x).appending(G.generator(k, at: y))
        return (0..<2 * d).map { velocity[$0] }
      }
      #expect(rank(changes) + rank(orbit) == 2 * d)
    }
  }

  /// The rank of a small matrix by elimination with full pivots.
  private static func rank(_ rows: [[Double]]) -> Int {
    var rows = rows
    var rank = 0
    while rank < rows.count, let width = rows.first?.count {
      var (best, row, column) = (1e-9, -1, -1)
      for i in rank..<rows.count {
        for j in 0..<width where abs(rows[i][j]) > best { (best, row, column) = (abs(rows[i][j]), i, j) }
      }
      if row < 0 { break }
      rows.swapAt(rank, row)
      for i in rank + 1..<max(rank + 1, rows.count) {
        let factor = rows[i][column] / rows[rank][column]
        for j in 0..<width { rows[i][j] -= factor * rows[rank][j] }
      }
      rank += 1
    }
    return rank
  }

  static func checkDistance() {
    for alpha in [0, 0.2, 1] {
      for seed in 0..<8 {
        let (x, y) = (G.lift(Samples.point(seed: seed)), G.lift(Samples.point(seed: seed + 9)))
        func between(_ u: Vector, _ q: Vector, _ v: Vector, _ r: Vector) -> Double {
          G.distance(G.log(G.product(G.inverse(v), u)), q, r, alpha: alpha)
        }
        let here = between(x.u, x.q, y.u, y.q)
        #expect(here >= 0 && here.isFinite)
        #expect(abs(here - between(y.u, y.q, x.u, x.q)) <= 10 * tolerance)
        #expect(between(x.u, x.q, x.u, x.q) <= tolerance)
        let g = Samples.element(seed: 17, angle: 2)
        #expect(
          abs(here - between(G.product(g, x.u), x.q, G.product(g, y.u), y.q)) <= 40 * tolerance)
        checkDistanceOfPoints(Samples.point(seed: seed), Samples.point(seed: seed + 9), moving: g, alpha)
      }
    }
  }

  /// The same for points, which may have many lifts: the shortest distance of any two of those.
  private static func checkDistanceOfPoints(_ x: Vector, _ y: Vector, moving g: Vector, _ alpha: Double) {
    let here = G.distance(between: x, and: y, alpha: alpha)
    #expect(here >= 0 && here.isFinite)
    #expect(abs(here - G.distance(between: y, and: x, alpha: alpha)) <= 10 * tolerance)
    #expect(G.distance(between: x, and: x, alpha: alpha) <= tolerance)
    let moved = G.distance(between: G.act(g, on: x), and: G.act(g, on: y), alpha: alpha)
    #expect(abs(here - moved) <= 40 * tolerance)
    if G.framed == nil { return }
    for seed in 0..<8 {
      let width = G.spaceDimension == 2 ? 2 : 4
      let (f, h) = (Samples.vector(width, seed: seed + 20), Samples.vector(width, seed: seed + 40))
      let (u, v) = (G.lift(x, frame: (1 / f.norm) * f), G.lift(y, frame: (1 / h.norm) * h))
      let lifted = G.distance(G.log(G.product(G.inverse(v.u), u.u)), u.q, v.q, alpha: alpha)
      #expect(here <= lifted + 10 * tolerance)
    }
  }

  /// Lifts chosen by rotations: they carry the origin to the point, turn with the group, and their embedding is
  /// invariant when points and frames move together; with the points alone moving it is not.
  static func checkFibres() {
    guard G.framed != nil else { return }
    let width = G.spaceDimension == 2 ? 2 : 4
    func rotation(_ seed: Int) -> Vector {
      let v = Samples.vector(width, seed: seed)
      return (1 / v.norm) * v
    }
    let g = Samples.element(seed: 18, angle: 2)
    let turn = g.slice(0, width)
    func turned(_ frame: Vector) -> Vector {
      width == 2
        ? Vector(turn[0] * frame[0] - turn[1] * frame[1], turn[0] * frame[1] + turn[1] * frame[0])
        : SO3.product(turn, frame)
    }
    var control = 0.0
    for seed in 0..<8 {
      let (x, y) = (Samples.point(seed: seed, scale: 2), Samples.point(seed: seed + 9))
      let (f, h) = (rotation(seed + 20), rotation(seed + 40))
      let (u, q) = G.lift(x, frame: f)
      #expect(Samples.distance(G.act(u, on: G.origin(of: q)), x) <= 10 * tolerance)
      let moved = G.lift(G.act(g, on: x), frame: turned(f)).u
      #expect(Samples.elementDistance(moved, G.product(g, u)) <= 40 * tolerance)
      let before = G.fibreEmbedding(x, frame: f, y, frame: h)
      #expect(before.count == G.fibreWidth)
      let after = G.fibreEmbedding(
        G.act(g, on: x), frame: turned(f), G.act(g, on: y), frame: turned(h))
      #expect(Samples.distance(before, after) <= 40 * tolerance)
      let alone = G.fibreEmbedding(G.act(g, on: x), frame: f, G.act(g, on: y), frame: h)
      control = max(control, Samples.distance(before, alone))
    }
    #expect(control > 1e-2)
  }
}
