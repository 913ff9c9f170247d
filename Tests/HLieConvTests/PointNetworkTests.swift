// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore
import Testing

@testable import HLieConv

/// Networks on sampled points: their size, their gradients, and that padding and threads change nothing.
@Suite struct PointNetworkTests {
  /// 28 × 28 places from −14 to 14 within a disc of radius 15.
  static let disc: [Double] = {
    let places = (0..<28).map { -14 + 28 * Double($0) / 27 }
    return places.flatMap { y in places.filter { $0 * $0 + y * y < 225 }.flatMap { [$0, y] } }
  }()

  @Test func theNetworkIsThePublishedOne() throws {
    var config = PointNetworkConfig()
    config.group = "T2"
    let points = try SampledPoints(Self.disc, dimension: 2, config)
    #expect(points.counts == [648, 441, 300, 204, 139, 95, 65])
    #expect(config.channels == [128, 155, 187, 227, 275, 334, 404])
    let model = try PointModel(config, dimension: 2, inputs: 1, outputs: 10)
    // Counted by the authors' program.
    #expect(model.network.layout.count == 588_645)
    for (index, block) in points.blocks.enumerated() {
      #expect(zip(block.starts, block.starts.dropFirst()).allSatisfy { (1...25).contains($1 - $0) })
      #expect(Set(block.kept).count == block.outputs)
      // A point is its own first neighbour.
      #expect(zip(block.starts, block.kept).allSatisfy { block.neighbours[$0] == $1 })
      #expect(abs(config.fill(ofBlock: index) - [0.1, 0.147, 0.215, 0.316, 0.464, 0.681][index]) < 1e-3)
    }
  }

  @Test(arguments: PointCase.all)
  func gradientsAreThoseOfFiniteDifferences(_ problem: PointCase) throws {
    let (samples, model) = (11, try problem.model(inputs: 2, outputs: 3))
    let points = try SampledPoints(PointCase.grid, dimension: 2, problem.config)
    let batch = SharedPoints<Double>(model.network, points).batch(
      problem.values(samples: samples, inputs: 2), samples: samples)
    model.expectGradientsOfFiniteDifferences(of: batch)
  }

  @Test(arguments: PointCase.all)
  func outputsAreThoseOfPlainLoops(_ problem: PointCase) throws {
    let model = try problem.model(inputs: 2, outputs: 3)
    let points = try SampledPoints(PointCase.grid, dimension: 2, problem.config)
    let engine = GridEngine<Double>(model, points)
    let values = problem.values(samples: 5, inputs: 2)
    // In this order: training moves the running statistics.
    for training in [false, true] {
      let outputs = engine.outputs(of: values, samples: 5, training: training)
      let width = values.count / 5
      let expected = PlainPointNetwork(model: model, training: training).outputs(
        of: (0..<5).map { (points, Array(values[$0 * width..<($0 + 1) * width])) })
      for (y, wanted) in zip(outputs, expected) { #expect(abs(y - wanted) < 1e-10 * (1 + abs(wanted))) }
    }
  }

  @Test func threadsAndPaddingChangeNoBit() throws {
    let problem = PointCase.all[1]
    let model = try problem.model(inputs: 2, outputs: 3)
    let points = try SampledPoints(PointCase.grid, dimension: 2, problem.config)
    let values = problem.values(samples: 37, inputs: 2).map { Float($0) }
    func run(_ threads: Int) -> ([Float], [Double], [Float]) {
      let engine = GridEngine<Float>(model, points, threads: threads)
      // What earlier batches leave in the padding must not be seen.
      _ = engine.outputs(of: values.map { 3 * $0 }, samples: 37, training: false)
      _ = engine.lossGradient(of: values, samples: 37) { _, row in
        for k in row.indices { row[k] = 1 + Float(k) * row[k] }
        return 0
      }
      return (
        Array(engine.engine.gradient), engine.engine.statistics, engine.outputs(of: values, samples: 37)
      )
    }
    let one = run(1)
    #expect(run(2) == one)
    #expect(run(3) == one)
    #expect(one.0.contains { $0 != 0 })
  }

  @Test func aModelComesBackFromItsFile() throws {
    let problem = PointCase.all[0]
    var model = try problem.model(inputs: 1, outputs: 4)
    for k in model.statistics.indices { model.statistics[k] += 0.5 }
    model.training = "{}"
    let file = try Safetensors(data: model.safetensors.data, name: "model")
    let read = try PointModel(file, name: "model")
    #expect(read.parameters == model.parameters.map { Double(Float($0)) })
    #expect(read.statistics == model.statistics)
    #expect(read.config == model.config)
    var damaged = file
    damaged.tensors["readout.w"] = nil
    #expect(throws: NoetherError.self) { try PointModel(damaged, name: "model") }
  }
}

/// A network for samples that share their points.
struct GridEngine<T: NetworkScalar> {
  let engine: PointEngine<T>
  private let points: SharedPoints<T>

  init(_ model: PointModel, _ points: SampledPoints, threads: Int = 1) {
    engine = model.engine(threads: threads, T.self)
    self.points = SharedPoints(model.network, points)
  }

  func outputs(of values: [T], samples: Int, training: Bool = false) -> [T] {
    engine.outputs(of: points.batch(values, samples: samples), training: training)
  }

  func lossGradient(
    of values: [T], samples: Int, _ loss: (Int, UnsafeMutableBufferPointer<T>) -> Double
  ) -> Double { engine.lossGradient(of: points.batch(values, samples: samples), loss) }
}

/// A small network on 32 points of a disc.
struct PointCase: Sendable, CustomTestStringConvertible {
  var config = PointNetworkConfig()
  var testDescription: String {
    "\(config.group) \(config.embedding) \(config.lift) \(config.neighbourhood) \(config.pool)"
  }

  static let grid: [Double] = {
    let places = (0..<6).map { Double($0) - 2.5 }
    return places.flatMap { y in places.filter { $0 * $0 + y * y < 10 }.flatMap { [$0, y] } }
  }()

  init(_ group: String, _ change: (inout PointNetworkConfig) -> Void = { _ in }) {
    config.group = group
    (config.width, config.layers, config.downsampling, config.fill, config.neighbours) = (12, 2, 0.3, 0.3, 7)
    config.seed = 5
    change(&config)
  }

  static let all = [
    PointCase("T2"), PointCase("SE2"), PointCase("SE2") { $0.lift = .isotropic }, PointCase("Trivial"),
    PointCase("Tx"), PointCase("Ty") { $0.pool = .sum }, PointCase("SO2"),
    PointCase("SO2") { $0.embedding = .log }, PointCase("RxSO2"),
    PointCase("T2") { $0.neighbourhood = .nearest }, PointCase("T2") { $0.neighbours = 1024 },
    // More neighbours than points, and several lifts of each.
    PointCase("T2") { ($0.neighbourhood, $0.neighbours) = (.nearest, 1024) },
    PointCase("SE2") { $0.samples = 3 },
  ]

  func model(inputs: Int, outputs: Int) throws -> PointModel {
    try PointModel(config, dimension: 2, inputs: inputs, outputs: outputs, precision: .float32).unsettled
  }

  func values(samples: Int, inputs: Int) -> [Double] {
    var generator = SeededGenerator(seed: 17)
    return (0..<samples * Self.grid.count / 2 * inputs).map { _ in generator.normal() }
  }
}
