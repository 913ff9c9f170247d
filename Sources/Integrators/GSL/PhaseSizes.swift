// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// How large each body's position and momentum are at the start: what a tolerance is relative to.
///
/// A position is measured by |qᵢ|, a momentum by |pᵢ|, of the body it belongs to, so that light bodies are not
/// neglected beside heavy ones and a coordinate that passes through zero is not asked for the impossible.
/// Where a body's vector is zero, the largest of the system stands in.
struct PhaseSizes {
  /// Of every coordinate, q before p; all positive.
  let scales: [Double]
  private let q: [Double]
  private let p: [Double]
  private let velocity: [Double]
  private let force: [Double]
  private let span: Double

  init(of point: PhasePoint, system: any DynamicalSystem, span: Double) {
    let bodies = system.bodies
    let d = bodies.dimension
    var (velocity, force) = (point.q, point.q)
    system.rates(q: point.q, p: point.p, qdots: &velocity, pdots: &force)
    self.force = force
    self.velocity = velocity
    self.span = span
    q = point.q
    p = point.p

    var sizesQ = Self.norms(of: point.q, dimension: d)
    var sizesP = Self.norms(of: point.p, dimension: d)
    let forces = Self.norms(of: force, dimension: d)
    let speeds = Self.norms(of: velocity, dimension: d)
    // All at the origin: as far as the fastest would get in the whole run.
    let farthest = sizesQ.max(), reach = speeds.max().map { $0 * span.magnitude }
    let length = [farthest, reach, 1].compactMap { $0 }.first { $0 > 0 } ?? 1
    // All at rest: the momentum that the force gives a body over that length, √(m|F|·length).
    let fall = (0..<bodies.count).map { (bodies.masses[$0] * forces[$0] * length).squareRoot() }.max()
    let momentum = [sizesP.max(), fall, 1].compactMap { $0 }.first { $0 > 0 } ?? 1
    for body in sizesQ.indices {
      if sizesQ[body] == 0 { sizesQ[body] = length }
      if sizesP[body] == 0 { sizesP[body] = momentum }
    }
    scales = (0..<point.q.count).map { sizesQ[$0 / d] } + (0..<point.q.count).map { sizesP[$0 / d] }
  }

  /// A first step to try: that in which the state would change by 0.01 at its present rate, as in Hairer,
  /// Nørsett & Wanner (Solving Ordinary Differential Equations I, II.4); the error control does the rest.
  func firstStep() -> Double {
    let n = q.count
    var rate = 0.0
    for index in 0..<n {
      rate = max(rate, velocity[index].magnitude / scales[index], force[index].magnitude / scales[n + index])
    }
    let guess = rate > 0 ? min(0.01 / rate, span.magnitude) : span.magnitude
    return span < 0 ? -guess : guess
  }

  private static func norms(of array: [Double], dimension: Int) -> [Double] {
    (0..<array.count / dimension).map { body in
      let entries = array[body * dimension..<(body + 1) * dimension]
      return entries.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
  }
}
