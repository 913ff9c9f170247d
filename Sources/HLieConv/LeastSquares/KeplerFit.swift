// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The Kepler orbit that fits measured relative positions best: what a forecast without a law of several bodies has to be
/// compared with.
///
/// The unknowns are the relative state at time 0, in place of the six elements, which they determine: smooth for circles
/// and orbits in the plane of reference too.
struct KeplerFit: LeastSquaresProblem {
  let times: [Double]
  /// [times][axes].
  let positions: [[Double]]
  let gravitation: Double
  let start: KeplerOrbit
  private static let difference = 1e-6
  private static let mostIterations = 200

  private var axes: Int { start.position.count }
  var kinds: [Int] { [2 * axes] }

  /// The unknowns are relative changes of position and velocity.
  private func orbit(at x: [Double]) -> KeplerOrbit? {
    let (r, v) = (Self.size(start.position), Self.size(start.velocity))
    return KeplerOrbit(
      position: (0..<axes).map { start.position[$0] + r * x[$0] },
      velocity: (0..<axes).map { start.velocity[$0] + v * x[axes + $0] }, gravitation: gravitation)
  }

  private static func size(_ x: [Double]) -> Double { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  private func predictions(at x: [Double]) -> [Double] {
    guard let orbit = orbit(at: x) else { return [.nan] }
    return times.flatMap { orbit.position(after: $0) }
  }

  func cost(at x: [Double]) -> Double {
    let predicted = predictions(at: x)
    guard predicted.count == times.count * axes else { return .nan }
    return zip(positions.joined(), predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      / Double(predicted.count)
  }

  func normalEquations(at x: [Double]) -> NormalEquations {
    var sums = NormalSums(unknowns: x.count)
    let predicted = predictions(at: x)
    guard predicted.count == times.count * axes else {
      var failed = NormalEquations(unknowns: x.count)
      failed.cost = .nan
      return failed
    }
    let rows = predicted.count
    let (residuals, jacobian) = (
      AlignedMemory<Double>(count: rows), AlignedMemory<Double>(count: rows * x.count)
    )
    for (row, (truth, value)) in zip(positions.joined(), predicted).enumerated() {
      residuals.base[row] = truth - value
    }
    for k in x.indices {
      var (up, down) = (x, x)
      up[k] += Self.difference
      down[k] -= Self.difference
      for (row, (a, b)) in zip(predictions(at: up), predictions(at: down)).enumerated() {
        jacobian.base[row * x.count + k] = (a - b) / (2 * Self.difference)
      }
    }
    sums.add(residuals: residuals.base, jacobian: jacobian.base, rows: rows)
    var equations = NormalEquations(unknowns: x.count)
    equations.add(sums, at: Array(x.indices))
    equations.finish(residuals: Double(rows))
    return equations
  }

  /// The best orbit from here.
  func solve() -> KeplerOrbit? {
    var (x, optimiser) = ([Double](repeating: 0, count: 2 * axes), LevenbergMarquardt(damping: 1e-3))
    for _ in 0..<Self.mostIterations where !optimiser.iterate(self, &x).moved { break }
    return orbit(at: x)
  }
}

extension KeplerOrbit {
  /// The orbit that fits relative `positions` [times][axes] best, looked for from the state at time 0 given; nil where that is
  /// none of an ellipse.
  public static func fitted(
    to positions: [[Double]], at times: [Double], from start: (position: [Double], velocity: [Double]),
    gravitation: Double
  ) -> KeplerOrbit? {
    KeplerOrbit(position: start.position, velocity: start.velocity, gravitation: gravitation).flatMap {
      KeplerFit(times: times, positions: positions, gravitation: gravitation, start: $0).solve()
    }
  }
}
