// SPDX-License-Identifier: GPL-3.0-or-later

import CGSLLeastSquares
import Dynamics
import Testing

@testable import HLieConv

/// GSL's Levenberg–Marquardt on the same problem: why there is one of our own.
@Suite("Levenberg–Marquardt beside GSL's")
struct GSLLeastSquaresTests {
  /// All residuals and their Jacobian, as GSL's callbacks want them.
  private final class Problem {
    let model: HamiltonianModel
    let data: ChunkDataset
    let steps: PairSteps
    let factor: Double
    let storage: ParameterStorage<Double>
    var rows: Int { data.count * steps.rows }

    init(_ model: HamiltonianModel, _ data: ChunkDataset, factor: Double) throws {
      self.model = model
      self.data = data
      self.factor = factor
      steps = try #require(
        PairSteps(model, method: .threeEighths, bodies: data.sizes[0], points: data.points))
      storage = ParameterStorage(model.parameters, layout: model.layout)
    }

    func evaluate(
      _ x: UnsafePointer<Double>, _ residuals: UnsafeMutablePointer<Double>,
      _ jacobian: UnsafeMutablePointer<Double>?
    ) {
      let count = model.layout.count
      for k in 0..<count { storage.values[k] = x[k] }
      storage.pack()
      for (system, entry) in data.systems.enumerated() {
        let row = system * steps.rows
        steps.evaluate(
          entry, h: data.step, factor: factor, storage, residuals: residuals + row,
          jacobian: jacobian.map { $0 + row * count })
      }
      // Residuals are truth minus prediction.
      if let jacobian { for k in 0..<rows * count { jacobian[k] = -jacobian[k] } }
    }
  }

  /// ⟨r²⟩ after so many iterations of GSL's.
  private func solve(_ problem: Problem, scale: Int32, iterations: Int32) -> Double {
    noether_gsl_least_squares(
      scale, problem.rows, problem.model.layout.count, iterations, problem.model.parameters,
      { x, residuals, jacobian, context in
        guard let x, let residuals, let context else { return }
        Unmanaged<Problem>.fromOpaque(context).takeUnretainedValue().evaluate(x, residuals, jacobian)
      }, Unmanaged.passUnretained(problem).toOpaque())
  }

  @Test("after as many iterations, ours has the smallest residuals")
  func comparison() throws {
    let data = try SpringData.dataset(SpringData.config(), .train, count: 10)
    var config = ModelConfig()
    (config.group, config.readout, config.layers, config.width, config.hidden) = ("SE2", .pair, 0, 8, [8])
    (config.channels, config.kernel, config.pool, config.normalise) = (4, .ends, .sum, true)
    let model = try HamiltonianModel(
      config, dimension: 2, featureNames: data.featureNames, precision: "float64"
    ).normalised(by: data)
    let ours = try StepResiduals(model, data: data, method: .threeEighths, threads: 1)
    var (parameters, optimiser) = (model.parameters, LevenbergMarquardt())
    for _ in 0..<40 { _ = optimiser.iterate(ours, &parameters) }
    let cost = ours.cost(at: parameters)
    let problem = try Problem(model, data, factor: 1 / ours.unit.squareRoot())
    let others = (0..<3).map { solve(problem, scale: Int32($0), iterations: 40) }
    print("⟨r²⟩ after 40 iterations: ours \(cost); GSL by Moré's, Levenberg's, Marquardt's scale: \(others)")
    #expect(others.allSatisfy { $0.isFinite })
    #expect(others.allSatisfy { 1.5 * cost < $0 })
  }
}
