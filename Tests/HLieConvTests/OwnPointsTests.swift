// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

/// Samples with points of their own, of several sizes in a batch: beside plain loops, and without a trace of each other but for the
/// statistics of the normalisations.
@Suite struct OwnPointsTests {
  /// A network in space, and point sets of sizes that fill no panel and fill some.
  struct Case: Sendable, CustomTestStringConvertible {
    var config = PointNetworkConfig()
    var testDescription: String { "\(config.group) \(config.lift) \(config.neighbourhood) \(config.pool)" }
    static let sizes = [1, 5, 16, 3, 23, 9, 40, 2, 17, 24]

    init(_ group: String, _ change: (inout PointNetworkConfig) -> Void = { _ in }) {
      config.group = group
      (config.width, config.layers, config.downsampling, config.fill) = (20, 2, 0.4, 0.5)
      config.seed = 3
      change(&config)
    }

    static let all = [
      Case("T3"), Case("SE3"), Case("SE3") { $0.lift = .isotropic }, Case("SO3") { $0.lift = .isotropic },
      Case("Trivial") { $0.pool = .sum },
      Case("T3") { ($0.neighbourhood, $0.neighbours) = (.nearest, 4) },
      // All points, and all of them neighbours, as on molecules.
      Case("T3") { ($0.downsampling, $0.fill, $0.neighbours) = (1, 1, 100) },
    ]

    func model() throws -> PointModel {
      try PointModel(config, dimension: 3, inputs: 3, outputs: 2).unsettled
    }

    /// Points that `move` moves, and values that are numbers of single precision.
    func sets(
      _ sizes: [Int] = Case.sizes, move: (Coordinates<Double>) -> Coordinates<Double> = { $0 }
    ) throws -> [PointSet] {
      try sizes.enumerated().map { index, size in
        var generator = SeededGenerator(seed: 7, path: UInt64(index))
        var (points, values) = ([Double](), [Float]())
        for _ in 0..<size {
          let x = move(Coordinates(count: 3) { _ in 2 * generator.normal() })
          points += (0..<3).map { x[$0] }
          values += (0..<3).map { _ in Float(generator.normal()) }
        }
        return PointSet(
          try SampledPoints(points, dimension: 3, config, standardised: false), values: values)
      }
    }
  }

  private func batch<T: NetworkScalar>(_ model: PointModel, _ sets: [PointSet], _: T.Type) -> PointBatch<
    OwnPointTile<T>
  > {
    PointBatch(model.network, sets: sets)
  }

  /// The published network on QM9, as the authors count it.
  @Test func theNetworkOfMoleculesIsThePublishedOne() throws {
    var config = PointNetworkConfig()
    (config.group, config.width, config.layers) = ("T3", 1536, 6)
    (config.downsampling, config.fill, config.neighbours) = (1, 1, 100)
    let model = try PointModel(config, dimension: 3, inputs: 15, outputs: 1)
    #expect(model.network.layout.count == 21_315_553)
  }

  @Test(arguments: Case.all)
  func outputsAreThoseOfPlainLoops(_ problem: Case) throws {
    let (model, sets) = (try problem.model(), try problem.sets())
    let engine = model.engine(threads: 1, Double.self)
    // In this order: training moves the running statistics.
    for training in [false, true] {
      let outputs = engine.outputs(of: batch(model, sets, Double.self), training: training)
      let expected = PlainPointNetwork(model: model, training: training).outputs(
        of: sets.map { ($0.points, $0.values.map { Double($0) }) })
      #expect(outputs.count == expected.count)
      for (y, wanted) in zip(outputs, expected) { #expect(abs(y - wanted) < 1e-10 * (1 + abs(wanted))) }
    }
  }

  @Test(arguments: Case.all)
  func gradientsAreThoseOfFiniteDifferences(_ problem: Case) throws {
    let model = try problem.model()
    let batch = batch(model, try problem.sets(), Double.self)
    #expect(batch.tiles.count > 1)
    model.expectGradientsOfFiniteDifferences(of: batch)
  }

  /// A batch of one set gives what the network for shared points gives.
  @Test func oneSetIsASampleOnSharedPoints() throws {
    let problem = Case.all[0]
    let (model, sets) = (try problem.model(), try problem.sets([23]))
    let own = model.engine(threads: 1, Double.self).outputs(
      of: batch(model, sets, Double.self), training: true)
    let shared = GridEngine<Double>(model, sets[0].points).outputs(
      of: sets[0].values.map { Double($0) }, samples: 1, training: true)
    for (a, b) in zip(own, shared) { #expect(abs(a - b) < 1e-12 * (1 + abs(b))) }
  }

  /// With running statistics no sample sees the others; the control, in training, where they share them.
  @Test func companyChangesNothingButTheStatistics() throws {
    let problem = Case.all[0]
    let (model, sets) = (try problem.model(), try problem.sets())
    func last(_ sets: [PointSet], training: Bool) -> [Double] {
      let engine = model.engine(threads: 1, Double.self)
      return Array(engine.outputs(of: batch(model, sets, Double.self), training: training).suffix(2))
    }
    for (a, b) in zip(last(sets, training: false), last([sets[9]], training: false)) {
      #expect(abs(a - b) < 1e-12 * (1 + abs(b)))
    }
    let (together, alone) = (last(sets, training: true), last([sets[9]], training: true))
    #expect(zip(together, alone).contains { abs($0 - $1) > 1e-3 })
  }

  /// The second network is wide enough for threads to share the rows of every layer, and to take them in several turns.
  @Test(arguments: [Case.all[1], Case("T3") { $0.width = 320 }])
  func threadsAndEarlierBatchesChangeNoBit(_ problem: Case) throws {
    let (model, sets) = (try problem.model(), try problem.sets())
    func run(_ threads: Int, earlier: Bool) -> ([Float], [Double], [Float]) {
      let engine = model.engine(threads: threads, Float.self)
      let memory = model.network.blocks.map { _ in KernelMemory<Float>() }
      func batch(_ sets: [PointSet]) -> PointBatch<OwnPointTile<Float>> {
        PointBatch(model.network, sets: sets, memory: memory)
      }
      if earlier {
        // A larger batch, whose inputs leave the range of numbers.
        let more = Array((sets + sets).reversed()).map {
          PointSet($0.points, values: $0.values.map { 3e38 * $0 })
        }
        let statistics = engine.statistics
        _ = engine.lossGradient(of: batch(more)) { _, _ in 0 }
        #expect(engine.gradient.contains { !$0.isFinite })
        engine.statistics = statistics
      }
      _ = engine.lossGradient(of: batch(sets)) { _, row in
        for k in row.indices { row[k] = 1 + Float(k) * row[k] }
        return 0
      }
      let outputs = engine.outputs(of: batch(Array(sets.prefix(4))))
      return (Array(engine.gradient), engine.statistics, outputs)
    }
    let one = run(1, earlier: false)
    #expect(run(2, earlier: false) == one)
    #expect(run(3, earlier: true) == one)
    #expect(one.0.contains { $0 != 0 })
  }

  @Test(arguments: ["T3", "SO3", "SE3"])
  func exactLiftsAreInvariantToRoundOff(_ name: String) throws {
    let problem = Case(name) { $0.lift = .isotropic }
    let model = try problem.model()
    func outputs(
      _ problem: Case, _ move: @escaping (Coordinates<Double>) -> Coordinates<Double>
    ) throws -> [Double] {
      try problem.model().engine(threads: 1, Double.self).outputs(
        of: batch(model, problem.sets(move: move), Double.self))
    }
    func distance(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map { abs($0 - $1) }.max() ?? .nan }
    let group = try #require(Groups.named(name, dimension: 3))
    let moved = moved(group)
    let still = try outputs(problem) { $0 }
    #expect(try distance(outputs(problem, moved), still) < 1e-10)
    // The control: a network without the symmetry sees the same motion, and this one sees one that is not the group's.
    let control = Case("Trivial")
    #expect(try distance(outputs(control, moved), outputs(control) { $0 }) > 1e-7)
    let stretched = try outputs(problem) { x in Coordinates(count: 3) { (1 + 0.3 * Double($0)) * x[$0] } }
    #expect(distance(stretched, still) > 1e-5)
  }

  private func moved<G: LieGroup>(_ group: G.Type) -> (Coordinates<Double>) -> Coordinates<Double> {
    var generator = SeededGenerator(seed: 4)
    let u = G.exp(Coordinates(count: G.algebraComponents.count) { _ in generator.uniform(-1.5, 1.5) })
    return { G.act(u, on: $0) }
  }
}
