// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

/// Systems of several sizes in one training set, and losses on forces.
@Suite("Mixed sizes and forces")
struct MixedSizesTests {
  private static let names = ["m", "k"]

  /// Chunks of springs between as many bodies as `sizes` says, one system after another.
  private func data(_ sizes: [Int]) throws -> ChunkDataset {
    var data = ChunkDataset(dimension: 2, featureNames: Self.names, points: 3, step: 0.1)
    for (index, bodies) in sizes.enumerated() {
      let problem = try SmallProblem(
        group: "SE2", dimension: 2, bodies: bodies, systems: index + 1, points: 3)
      let entry = problem.data.systems[index]
      try data.append(entry.law, states: entry.states)
    }
    return data
  }

  private func model(_ data: ChunkDataset, _ configure: (inout ModelConfig) -> Void = { _ in }) throws
    -> HamiltonianModel
  {
    var config = ModelConfig()
    (config.group, config.width, config.layers, config.pool, config.seed) = ("SE2", 16, 2, .sum, 3)
    configure(&config)
    return try HamiltonianModel(config, dimension: 2, featureNames: Self.names, precision: "float64")
      .normalised(by: data)
  }

  @Test("the loss of a mixed set is the mean of those of its systems, and so is its gradient")
  func chunks() throws {
    let data = try data([4, 3, 4, 5, 3, 4])
    let model = try model(data)
    let batch = Array(0..<data.count)
    func loss(_ data: ChunkDataset) throws -> (loss: ChunkLoss<Double>, tensors: ChunkTensors<Double>) {
      (
        try ChunkLoss<Double>(
          model.program, initial: model.parameters, objective: .chunks(.threeEighths), sizes: data.sizes,
          points: 3,
          threads: 2), ChunkTensors(data)
      )
    }
    let (mixed, tensors) = try loss(data)
    let value = mixed.gradient(of: tensors, batch)
    let errors = mixed.errors(of: tensors)
    let gradient = Array(mixed.gradient)

    var (sum, sumOfGradients) = (0.0, [Double](repeating: 0, count: gradient.count))
    for index in batch {
      var one = ChunkDataset(dimension: 2, featureNames: Self.names, points: 3, step: 0.1)
      try one.append(data.systems[index].law, states: data.systems[index].states)
      let (single, tensors) = try loss(one)
      let error = single.gradient(of: tensors, [0])
      #expect(abs(errors[index] - error) <= 1e-13 * error)
      sum += error / Double(data.count)
      for (k, entry) in single.gradient.enumerated() { sumOfGradients[k] += entry / Double(data.count) }
    }
    #expect(abs(value - sum) < 1e-13 * sum)
    let scale = gradient.map(abs).max() ?? 0
    let worst = zip(gradient, sumOfGradients).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1e-12 * scale)
    #expect(scale > 0)
  }

  @Test("the normal equations of a mixed set are the sums of those of its systems")
  func leastSquares() throws {
    let data = try data([4, 3, 4, 5, 3, 4])
    let model = try model(data) { config in
      (config.readout, config.layers, config.width, config.kernel) = (.pair, 0, 8, .ends)
      (config.hidden, config.channels, config.normalise) = ([8], 3, true)
    }
    let mixed = try StepResiduals(model, data: data, method: .threeEighths, threads: 2)
    let parameters = model.parameters
    let (all, cost) = (mixed.normalEquations(at: parameters), mixed.cost(at: parameters) * mixed.unit)
    #expect(abs(all.cost * mixed.unit - cost) < 1e-12 * cost)

    var (squares, numbers) = (0.0, 0.0)
    var gradient = [Double](repeating: 0, count: parameters.count)
    for index in 0..<data.count {
      var one = ChunkDataset(dimension: 2, featureNames: Self.names, points: 3, step: 0.1)
      try one.append(data.systems[index].law, states: data.systems[index].states)
      let single = try StepResiduals(model, data: one, method: .threeEighths, threads: 1)
      let count = Double(2 * one.systems[0].bodies.coordinates)
      squares += single.cost(at: parameters) * single.unit * count
      let equations = single.normalEquations(at: parameters)
      for (k, entry) in equations.slope.enumerated() { gradient[k] += entry * single.unit * count }
      numbers += count
    }
    #expect(abs(cost - squares / numbers) < 1e-12 * cost)
    let scale = gradient.map(abs).max() ?? 0
    let worst = zip(all.slope, gradient).map { abs($0 * mixed.unit - $1 / numbers) }.max() ?? 1
    #expect(worst < 1e-12 * scale / numbers)
  }

  @Test("the loss of forces is their mean squared error, for laws with and without a potential")
  func forces() throws {
    for kind in [ModelKind.hlieconv, .hogn, .ogn] {
      let problem = try SmallProblem(group: "Trivial", dimension: 2, points: 3) { $0.kind = kind }
      let data = try problem.data.rates()
      #expect(data.count == 3 * problem.data.count)
      let tensors = ChunkTensors<Double>(data)
      let loss = try ChunkLoss<Double>(
        problem.model.program, initial: problem.model.parameters, objective: .chunks(.rates),
        sizes: data.sizes,
        points: 2,
        threads: 2)
      var sum = 0.0
      for (index, entry) in problem.data.systems.enumerated() {
        let law: any DynamicalSystem =
          problem.model.dynamics == .potential
          ? try problem.model.system(like: entry.law) : problem.flow(index)
        for state in entry.states {
          let (learned, exact) = (rates(of: law, at: state), rates(of: entry.law, at: state))
          let found = learned.qdot + learned.pdot
          let wanted = exact.qdot + exact.pdot
          // Of the chunk's two points the first is given.
          sum +=
            zip(found, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(2 * wanted.count)
        }
      }
      let value = loss.gradient(of: tensors, Array(0..<data.count))
      #expect(abs(value - sum / Double(data.count)) < 1e-12 * value)
    }
  }

  @Test("Levenberg–Marquardt finds a law from forces alone")
  func forcesByLeastSquares() throws {
    let data = try data([4, 3, 4, 5, 3, 4, 5, 3])
    let model = try model(data) { config in
      (config.readout, config.layers, config.width, config.kernel) = (.pair, 0, 8, .ends)
      (config.hidden, config.channels, config.normalise) = ([8], 3, true)
    }
    let problem = try StepResiduals(model, data: data.rates(), method: .rates, threads: 2)
    var (parameters, optimiser) = (model.parameters, LevenbergMarquardt(damping: 1))
    let start = problem.cost(at: parameters)
    for _ in 0..<30 { _ = optimiser.iterate(problem, &parameters) }
    let end = problem.cost(at: parameters)
    print("squared errors of forces: \(start) before, \(end) after 30 iterations")
    #expect(end < 1e-4 * start)
  }
}
