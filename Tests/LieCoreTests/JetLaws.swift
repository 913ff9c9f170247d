// SPDX-License-Identifier: GPL-3.0-or-later

import LieCore
import Testing

/// The derivatives of the embeddings of all pairs, as a network receives them.
struct JetLaws<G: LieGroup> {
  typealias Samples = GroupSamples<G>

  /// What is embedded: pairs of points, or of lifts chosen by two rotations; with or without a cutoff.
  struct Kind {
    var frames: [Double] = []
    var inverseSquaredCutoff: Double?
    var samples: Int { frames.isEmpty ? 1 : frames.count / (G.spaceDimension == 2 ? 2 : 4) }
    var width: Int {
      (frames.isEmpty ? G.embeddingWidth : G.fibreWidth) + (inverseSquaredCutoff == nil ? 0 : 1)
    }
  }

  struct Result {
    var a: [Double]
    var J: [Double]
    var aDot: [Double]
    var JDot: [Double]
    var isFinite: Bool { [a, J, aDot, JDot].allSatisfy { $0.allSatisfy(\.isFinite) } }
  }

  static func jets(_ q: [Double], _ direction: [Double], _ kind: Kind) -> Result {
    let (d, width) = (G.spaceDimension, kind.width)
    let lifted = q.count / d * kind.samples
    let count = lifted * lifted * width
    func filled(_ count: Int) -> UnsafeMutablePointer<Double> {
      let pointer = UnsafeMutablePointer<Double>.allocate(capacity: count)
      pointer.initialize(repeating: .nan, count: count)
      return pointer
    }
    let (a, aDot, J, JDot) = (filled(count), filled(count), filled(count * 2 * d), filled(count * 2 * d))
    defer { for pointer in [a, aDot, J, JDot] { pointer.deallocate() } }
    q.withUnsafeBufferPointer { q in
      direction.withUnsafeBufferPointer { direction in
        kind.frames.withUnsafeBufferPointer { frames in
          guard let base = q.baseAddress else { return }
          var jets = PairJets<Double>(
            points: q.count / d, dimension: d, width: width, q: base, embedding: a, jacobian: J)
          jets.frames = kind.frames.isEmpty ? nil : frames.baseAddress
          jets.samples = kind.samples
          jets.inverseSquaredCutoff = kind.inverseSquaredCutoff
          G.embedPairs(&jets)
          (jets.direction, jets.tangent, jets.jacobianTangent) = (direction.baseAddress, aDot, JDot)
          G.embedPairs(&jets)
        }
      }
    }
    func array(_ pointer: UnsafeMutablePointer<Double>, _ count: Int) -> [Double] {
      (0..<count).map { pointer[$0] }
    }
    return Result(
      a: array(a, count), J: array(J, count * 2 * d), aDot: array(aDot, count),
      JDot: array(JDot, count * 2 * d))
  }

  static var kinds: [Kind] {
    var kinds = [Kind(), Kind(inverseSquaredCutoff: 0.02)]
    if G.framed != nil {
      kinds.append(
        Kind(frames: G.spaceDimension == 2 ? [0.6, 0.8, -0.8, 0.6] : [0.1, 0.7, 0.5, 0.5, 0.8, 0, -0.6, 0]))
    }
    return kinds
  }

  static func points(_ n: Int) -> [Double] {
    (0..<n).flatMap { point in
      let x = Samples.point(seed: 20 + point, scale: 1.5)
      return (0..<G.spaceDimension).map { x[$0] }
    }
  }

  /// J, ȧ and J̇ against extrapolated differences of a and J.
  static func checkDerivatives() {
    let (n, d) = (3, G.spaceDimension)
    let q = points(n)
    let direction = (0..<n).flatMap { point in
      let v = Samples.vector(d, seed: 30 + point)
      return (0..<d).map { v[$0] }
    }
    for kind in kinds {
      let here = jets(q, direction, kind)
      func moved(_ v: [Double], _ s: Double) -> [Double] { zip(q, v).map { $0 + s * $1 } }
      func difference(_ v: [Double], _ f: (Result) -> [Double]) -> [Double] {
        func central(_ h: Double) -> [Double] {
          let (plus, minus) = (f(jets(moved(v, h), direction, kind)), f(jets(moved(v, -h), direction, kind)))
          return zip(plus, minus).map { ($0 - $1) / (2 * h) }
        }
        return zip(central(5e-4), central(1e-3)).map { (4 * $0 - $1) / 3 }
      }
      func expect(_ found: [Double], _ expected: [Double]) {
        for (x, y) in zip(found, expected) { #expect(abs(x - y) < 1e-8 * max(1, abs(y))) }
      }
      expect(here.aDot, difference(direction) { $0.a })
      expect(here.JDot, difference(direction) { $0.J })
      for column in 0..<n * d {
        let unit = (0..<n * d).map { $0 == column ? 1.0 : 0 }
        let slopes = difference(unit) { $0.a }
        let (point, axis) = (column / d, column % d)
        let lifted = n * kind.samples
        for row in slopes.indices {
          let pair = row / kind.width
          let (i, j) = (pair / lifted / kind.samples, pair % lifted / kind.samples)
          let sum =
            (i == point ? here.J[row * 2 * d + axis] : 0) + (j == point ? here.J[row * 2 * d + d + axis] : 0)
          #expect(abs(sum - slopes[row]) < 1e-8 * max(1, abs(sum)))
        }
      }
    }
  }

  /// Where the group carries every point to every other, the pair of a body and itself is the same everywhere: its
  /// derivatives cancel to the last bit, and a body without neighbours feels no force, not even one of rounding.
  static func checkLoneBodies() {
    guard G.orbitComponents.isEmpty else { return }
    let d = G.spaceDimension
    for kind in kinds where kind.frames.isEmpty {
      for seed in 0..<8 {
        let (x, v) = (Samples.point(seed: seed, scale: 3), Samples.vector(d, seed: seed + 30))
        let alone = jets((0..<d).map { x[$0] }, (0..<d).map { v[$0] }, kind)
        for k in 0..<kind.width {
          #expect(alone.aDot[k] == 0)
          for axis in 0..<d {
            let (i, j) = (k * 2 * d + axis, k * 2 * d + d + axis)
            #expect(alone.J[i] + alone.J[j] == 0)
            #expect(alone.JDot[i] + alone.JDot[j] == 0)
          }
        }
      }
    }
  }

  /// Coincident, nearly coincident, collinear and antipodal points, as far as the domain allows.
  static func checkDegenerate() {
    let d = G.spaceDimension
    let x = Samples.point(seed: 21, scale: 1.5)
    var configurations: [[Coordinates<Double>]] = [
      [x, x, x], [x, (1 + 1e-9) * x, (1 + 1e-15) * x], [x, 0.5 * x, 2 * x], [x, -x, -0.5 * x],
    ]
    for axis in 0..<d {
      var unit = Coordinates<Double>(count: d)
      unit[axis] = 1
      configurations.append([unit, -unit, 3 * unit])
    }
    var checked = 0
    for points in configurations {
      let q = points.flatMap { point in (0..<d).map { point[$0] } }
      let v = (0..<q.count).map { Samples.vector(q.count > 8 ? 8 : q.count, seed: 33)[$0 % 8 % q.count] }
      for kind in kinds {
        let isLifted = !kind.frames.isEmpty
        let isInside = points.allSatisfy {
          (isLifted ? G.liftFault(at: $0) : G.embeddingFault(at: $0)) == nil
        }
        if !isInside { continue }
        checked += 1
        #expect(jets(q, v, kind).isFinite, "\(G.name) at \(q), samples \(kind.samples)")
      }
    }
    #expect(checked >= 4)
  }
}
