// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators
import TestSupport
import Testing

/// What is measured of a method is what is known of it.
@Suite struct ExaminationTests {
  private static let fixedStep = IntegrationMethods.all.filter(\.takesStep)

  private func examine(
    _ method: IntegrationMethod, _ problem: Problem = .kepler, step: Double, steps: Int
  ) throws -> [String: [Double]] {
    let examination = try MethodExamination(
      of: method, stepping: .fixed(step: step), on: problem.system, truth: problem.system,
      from: problem.initial, start: 0, end: Double(steps) * step, compensated: false, isLearned: false)
    return Dictionary(grouping: examination.entries, by: \.quantity).mapValues { $0.map(\.value) }
  }

  /// JᵀSJ = S to rounding for every method that calls itself symplectic, on forces that bend, and on pinned bodies; for no other.
  @Test(arguments: fixedStep)
  func stepsAreSymplecticOrNot(method: IntegrationMethod) throws {
    func defect(_ problem: Problem, _ step: Double) throws -> Double {
      try #require(try SymplecticityDefect.of(method, step: step, on: problem.system, at: problem.initial))
    }
    guard method.isSymplectic else {
      let other = try defect(.kepler, 0.05)
      // Extrapolation of order 12 errs by less than rounding.
      #expect(other > 1e-10 || method.name == "gsl-bsimp", "\(method): \(other)")
      return
    }
    // Implicit methods solve their equations to a tolerance.
    let rounding = method.name.hasPrefix("gsl") || method.name.hasPrefix("gauss") ? 1e-9 : 1e-12
    for problem in [Problem.kepler, .cluster(seed: 5, dimension: 3, softening: 0.3)] {
      let short = try defect(problem, 0.05)
      #expect(short < rounding, "\(method): \(short)")
    }
  }

  /// Explicit Runge–Kutta of order 4 on the oscillator: the step map has the determinant 1 − (hω)⁶/72 + (hω)⁸/576.
  @Test func theDefectOfKuttasRuleIsKnown() throws {
    let (ω, h) = (1.3, 0.4)
    let problem = Problem.oscillator(ω: ω)
    let defect = try #require(
      try SymplecticityDefect.of(.rk4, step: h, on: problem.system, at: problem.initial))
    let x = h * ω
    let x² = x * x
    let x⁶ = x² * x² * x²
    #expect(abs(defect - (x⁶ / 72 - x⁶ * x² / 576)) < 1e-14)
  }

  @Test func twoStepsTellTheMethodsError() throws {
    let rows = try examine(.yoshida4, step: 2 * .pi / 500, steps: 2000)
    let position = try column("position_error", of: rows)
    #expect(position.count == 2)
    #expect(abs(position[0] / position[1] / 16 - 1) < 0.1)
    let own = try column("method_error", of: rows)[0]
    #expect(abs(own / position[0] - 1) < 0.1)
    #expect(abs(try column("order", of: rows)[0] - 4) < 0.1)
    // Yoshida's composition of three Verlet steps: three forces a step, one to begin with, and one that tries the start.
    let forces = try column("force_evaluations", of: rows)
    #expect(forces == [6002, 12002])
    #expect(try column("reversal_error", of: rows).allSatisfy { $0 < 1e-11 })
    #expect(try column("symplecticity_defect", of: rows)[0] < 1e-12)
    // Neighbours of an ellipse part like t.
    #expect(try column("lyapunov_growth", of: rows)[0] < 10)
    #expect(rows["derivative_evaluations"] == nil)
  }

  @Test func kuttasRuleIsTheControl() throws {
    let rows = try examine(.rk4, step: 2 * .pi / 200, steps: 2000)
    #expect(try column("reversal_error", of: rows)[0] > 1e-4)
    #expect(try column("symplecticity_defect", of: rows)[0] > 1e-8)
    #expect(try column("force_evaluations", of: rows) == [8001, 16001])
  }

  /// A whole period hides the order of symplectic Euler, which is 1: the largest error on the way does not.
  @Test func aWholePeriodDoesNotHideTheOrder() throws {
    let rows = try examine(.symplecticEuler, .oscillator(ω: 1), step: 2 * .pi / 200, steps: 200)
    #expect(abs(try column("order", of: rows)[0] - 1) < 0.05)
  }

  @Test func chaosIsFound() throws {
    let rows = try examine(
      .yoshida4, .cluster(seed: 2, dimension: 2, softening: 0.2), step: 1.0 / 64, steps: 3200)
    #expect(try column("lyapunov_growth", of: rows)[0] > 10)
  }
}

/// A column that must be there.
private func column(_ name: String, of table: [String: [Double]]) throws -> [Double] {
  try #require(table[name], "\(name)")
}
