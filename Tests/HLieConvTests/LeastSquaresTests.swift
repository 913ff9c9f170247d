// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

@testable import HLieConv

@Suite("Least squares")
struct LeastSquaresTests {
  private func problem(
    _ group: String, _ dimension: Int, hidden: [Int] = [8], kernel: KernelInput = .ends,
    normalise: Bool = true,
    systems: Int = 3
  ) throws -> SmallProblem {
    var problem = try SmallProblem(group: group, dimension: dimension, pool: .sum, systems: systems) {
      config in
      (config.readout, config.layers, config.width, config.hidden) = (.pair, 0, hidden[0], hidden)
      (config.channels, config.kernel, config.normalise) = (3, kernel, normalise)
      config.scales = normalise ? [0.3, 0.05] : []
    }
    if normalise { problem.model = try problem.model.normalised(by: problem.data) }
    return problem
  }

  /// All residuals of one step from each point, by the engine's forces and the method's own stages.
  private func residuals(_ problem: SmallProblem, _ model: HamiltonianModel, _ method: ChunkMethod) throws
    -> [Double]
  {
    var found: [Double] = []
    for entry in problem.data.systems {
      let count = entry.states.count
      for (state, next) in zip(entry.states, entry.states.dropFirst()) {
        var piece = ChunkDataset(
          dimension: problem.data.dimension, featureNames: ["m", "k"], points: 2,
          step: problem.data.step)
        try piece.append(entry.law, states: [state, next])
        let tensors = ChunkTensors<Double>(piece)
        let end = Worker(
          model.program, parameters: model.storage,
          shapes: [TileShape(systems: 1, bodies: entry.bodies.count)], evaluations: 1,
          tangents: false
        ).states(tensors.tile([0]), tensors, method)[1]
        found += zip(next.p, end.p).map { $0 - $1 }
      }
      #expect(count > 1)
    }
    return found
  }

  @Test("exact Jacobians of steps, for every group", arguments: DerivativeTests.groups)
  func jacobian(group: String, dimension: Int) throws {
    try checkJacobian(problem(group, dimension), ChunkMethod.threeEighths)
  }

  @Test(
    "exact Jacobians for every method and depth", arguments: ["rk4", "rk4-38", "nystrom4"],
    [[8], [6, 5], [4, 5, 6]])
  func jacobian(method: String, hidden: [Int]) throws {
    try checkJacobian(problem("SE2", 2, hidden: hidden), #require(ChunkMethod.named(method)))
    try checkJacobian(
      problem("T2", 2, hidden: hidden, kernel: .geometry, normalise: false),
      #require(ChunkMethod.named(method)))
  }

  /// Every residual's derivative along random directions of θ.
  private func checkJacobian(_ problem: SmallProblem, _ method: ChunkMethod) throws {
    let (model, data) = (problem.model, problem.data)
    let count = model.layout.count
    let steps = try #require(PairSteps(model, method: method, bodies: 4, points: data.points))
    #expect(steps.parameterCount == count)
    let values = AlignedMemory<Double>(count: steps.rows)
    let jacobian = AlignedMemory<Double>(count: steps.rows * count)
    var (rows, found) = ([[Double]](), [Double]())
    for entry in data.systems {
      steps.evaluate(
        entry, h: data.step, factor: 1, model.storage, residuals: values.base, jacobian: jacobian.base)
      found += (0..<steps.rows).map { values.base[$0] }
      rows += (0..<steps.rows).map { row in (0..<count).map { jacobian.base[row * count + $0] } }
    }
    let truth = try residuals(problem, model, method)
    let scale = truth.map(abs).max() ?? 0
    #expect(zip(found, truth).allSatisfy { abs($0 - $1) < 1e-13 * scale })

    for seed in 0..<3 {
      var generator = SeededGenerator(seed: UInt64(seed))
      let direction = (0..<count).map { _ in generator.normal() }
      func at(_ h: Double) throws -> [Double] {
        var moved = model
        moved.parameters = zip(model.parameters, direction).map { $0 + h * $1 }
        return try residuals(problem, moved, method)
      }
      func central(_ h: Double) throws -> [Double] { zip(try at(h), try at(-h)).map { ($0 - $1) / (2 * h) } }
      let h = 2e-4
      let difference = zip(try central(h / 2), try central(h)).map { (4 * $0 - $1) / 3 }
      // Residuals are truth minus prediction.
      let exact = rows.map { row in -zip(row, direction).reduce(0) { $0 + $1.0 * $1.1 } }
      let size = exact.map(abs).max() ?? 0
      #expect(size > 1e-3)
      for (a, b) in zip(exact, difference) { #expect(abs(a - b) < 1e-8 * size) }
    }
  }

  @Test("normal equations are those of the rows, whatever the number of threads")
  func normalEquations() throws {
    let problem = try problem("SE2", 2, systems: 21)
    let (model, data, method) = (problem.model, problem.data, ChunkMethod.threeEighths)
    let count = model.layout.count
    let one = try StepResiduals(model, data: data, method: method, threads: 1)
    let equations = one.normalEquations(at: model.parameters)
    let steps = try #require(PairSteps(model, method: method, bodies: 4, points: data.points))
    var (matrix, slope, cost) = (
      [Double](repeating: 0, count: count * count), [Double](repeating: 0, count: count), 0.0
    )
    let values = AlignedMemory<Double>(count: steps.rows)
    let jacobian = AlignedMemory<Double>(count: steps.rows * count)
    for entry in data.systems {
      steps.evaluate(
        entry, h: data.step, factor: 1, model.storage, residuals: values.base, jacobian: jacobian.base)
      for row in 0..<steps.rows {
        cost += values.base[row] * values.base[row]
        for i in 0..<count {
          slope[i] += values.base[row] * jacobian.base[row * count + i]
          for j in 0..<count {
            matrix[i * count + j] += jacobian.base[row * count + i] * jacobian.base[row * count + j]
          }
        }
      }
    }
    let scale = 1 / (one.unit * Double(data.count * steps.rows))
    func agree(_ found: [Double], _ sums: [Double]) {
      let size = sums.map { abs($0 * scale) }.max() ?? 0
      #expect(zip(found, sums).allSatisfy { abs($0 - $1 * scale) < 1e-12 * size })
    }
    agree(equations.matrix, matrix)
    agree(equations.slope, slope)
    agree([equations.cost, one.cost(at: model.parameters)], [cost, cost])
    let two = try StepResiduals(model, data: data, method: method, threads: 2)
    let same = two.normalEquations(at: model.parameters)
    #expect(same.matrix == equations.matrix && same.slope == equations.slope && same.cost == equations.cost)
  }

  @Test("learns springs far below the published record from ten systems")
  func springs() throws {
    let data = try SpringData.dataset(SpringData.config(), .train, count: 10)
    var config = ModelConfig()
    (config.group, config.readout, config.layers, config.width, config.hidden) = ("SE2", .pair, 0, 16, [16])
    (config.kernel, config.pool, config.normalise) = (.ends, .sum, true)
    let model = try HamiltonianModel(
      config, dimension: 2, featureNames: data.featureNames, precision: "float64"
    ).normalised(by: data)
    let problem = try StepResiduals(model, data: data, method: .threeEighths, threads: 2)
    var (parameters, optimiser) = (model.parameters, LevenbergMarquardt())
    for _ in 0..<80 { _ = optimiser.iterate(problem, &parameters) }
    #expect(problem.cost(at: parameters) < 1e-9)
  }
}
