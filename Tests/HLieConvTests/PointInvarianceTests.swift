// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import LieCore
import Testing

@testable import HLieConv

/// A network on sampled points does not see that its group has moved all of them.
@Suite struct PointInvarianceTests {
  /// Outputs for the grid as `move` moves it.
  private func outputs(_ problem: PointCase, _ move: (Coordinates<Double>) -> Coordinates<Double>) throws
    -> [Double]
  {
    var points: [Double] = []
    for at in stride(from: 0, to: PointCase.grid.count, by: 2) {
      let x = move(Coordinates(PointCase.grid[at], PointCase.grid[at + 1]))
      points += [x[0], x[1]]
    }
    let model = try problem.model(inputs: 1, outputs: 3)
    let engine = GridEngine<Double>(model, try SampledPoints(points, dimension: 2, problem.config))
    return engine.outputs(of: problem.values(samples: 4, inputs: 1), samples: 4)
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? .nan
  }

  private func moved<G: LieGroup>(_ group: G.Type, seed: UInt64) -> (Coordinates<Double>) -> Coordinates<
    Double
  > {
    var generator = SeededGenerator(seed: seed)
    let a = Coordinates<Double>(count: G.algebraComponents.count) { _ in generator.uniform(-1.5, 1.5) }
    let u = G.exp(a)
    return { G.act(u, on: $0) }
  }

  @Test(arguments: ["T2", "Tx", "Ty", "SO2", "RxSO2", "SE2"])
  func exactLiftsAreInvariantToRoundOff(_ name: String) throws {
    var problem = PointCase(name)
    problem.config.lift = .isotropic
    let group = try #require(Groups.named(name, dimension: 2))
    let still = try outputs(problem) { $0 }
    for seed in 1...5 as ClosedRange<UInt64> {
      #expect(try distance(outputs(problem, moved(group, seed: seed)), still) < 1e-10)
    }
    // The control: a network without the symmetry sees the same motions.
    let control = PointCase("Trivial")
    #expect(try distance(outputs(control, moved(group, seed: 1)), outputs(control) { $0 }) > 1e-7)
    // And this one sees a motion that is not the group's.
    #expect(
      try distance(outputs(problem) { Coordinates(1.3 * $0[0] + 0.2 * $0[1], 0.8 * $0[1]) }, still) > 1e-3)
  }

  /// A quarter turn carries the grid onto itself. Where no point is left out and every ball is whole, turning the image on
  /// the fixed grid is the same as turning the grid.
  @Test func turnedValuesGiveTheSameOnWholeGrids() throws {
    func difference(_ group: String, _ downsampling: Double, _ neighbours: Int) throws -> Double {
      let problem = PointCase(group) { ($0.downsampling, $0.neighbours) = (downsampling, neighbours) }
      let engine = GridEngine<Double>(
        try problem.model(inputs: 1, outputs: 3),
        try SampledPoints(PointCase.grid, dimension: 2, problem.config))
      let values = problem.values(samples: 1, inputs: 1)
      let places = stride(from: 0, to: PointCase.grid.count, by: 2).map {
        (PointCase.grid[$0], PointCase.grid[$0 + 1])
      }
      let turned = try places.map { x, y in
        // What was at (y, −x) comes to (x, y).
        values[try #require(places.firstIndex { $0.0 == y && $0.1 == -x })]
      }
      return distance(engine.outputs(of: values, samples: 1), engine.outputs(of: turned, samples: 1))
    }
    #expect(try difference("SO2", 1, 1024) < 1e-12)
    #expect(try difference("T2", 1, 1024) > 1e-5)
    // Sampling breaks it, as rotations by other angles do.
    #expect(try difference("SO2", 0.3, 7) > 1e-5)
  }

  /// Under `haar` one network sees a motion; its mean over seeds moves less than the networks differ.
  @Test func haarIsInvariantInDistribution() throws {
    let seeds = 24
    func mean(_ angle: Double) throws -> (single: [Double], mean: Double) {
      let values = try (0..<seeds).map { seed -> Double in
        var problem = PointCase("SE2")
        // The same parameters, other lifts.
        problem.config.seed = 5
        let model = try problem.model(inputs: 1, outputs: 1)
        problem.config.seed = UInt64(seed) + 100 * (angle == 0 ? 1 : 2)
        var points: [Double] = []
        for at in stride(from: 0, to: PointCase.grid.count, by: 2) {
          let (x, y) = (PointCase.grid[at], PointCase.grid[at + 1])
          points += [cos(angle) * x - sin(angle) * y, sin(angle) * x + cos(angle) * y]
        }
        let engine = GridEngine<Double>(model, try SampledPoints(points, dimension: 2, problem.config))
        return engine.outputs(of: problem.values(samples: 1, inputs: 1), samples: 1)[0]
      }
      return (values, values.reduce(0, +) / Double(seeds))
    }
    let (still, turned) = (try mean(0), try mean(1))
    let variance = still.single.reduce(0) { $0 + ($1 - still.mean) * ($1 - still.mean) } / Double(seeds - 1)
    // Independent draws: the difference of two means has the variance 2 σ²/n.
    #expect(abs(still.mean - turned.mean) < 3 * (2 * variance / Double(seeds)).squareRoot())
    #expect(variance > 0)
  }
}
