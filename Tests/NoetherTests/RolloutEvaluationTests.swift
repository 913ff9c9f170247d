// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators
import Testing

@testable import noether

/// The measures of rollouts, on laws whose errors are known beforehand.
@Suite struct RolloutEvaluationTests {
  /// Two unit masses and a spring of κ = 1 on the first axis: x = ±(cos 2t + ½v sin 2t), p = ±(v cos 2t − 2 sin 2t).
  private static let v = 0.6
  private static let spring = ScenarioSystem(
    index: 3, system: SpringSystem(bodies: Bodies(dimension: 2, masses: [1, 1]), stiffness: [1, 1]),
    initial: PhaseState(q: [1, 0, -1, 0], p: [v, 0, -v, 0]))

  /// A law of one's own in place of the true one.
  private struct Law: HamiltonianSystem {
    var bodies: Bodies
    var features: [[Double]] = []
    var featureNames: [String] = []
    /// F of a coordinate.
    var F: @Sendable (Double) -> Double

    func potentialEnergy(at q: Span<Double>) -> Double { 0 }
    func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
      for k in 0..<q.count { force[k] = F(q[k]) }
    }
  }

  private func evaluate(
    _ systems: [ScenarioSystem], _ method: String?, step: Double? = nil, threads: Int = 1, end: Double = 1,
    law: @Sendable (any MechanicalSystem) throws -> any DynamicalSystem = { $0 }
  ) throws -> RolloutEvaluation {
    let grid = try RolloutGrid(
      times: (0...200).map { Double($0) * end / 200 }, loss: .threeEighths, method: method, step: step)
    return try RolloutEvaluation(
      of: systems, on: grid, seed: 5, threads: threads, progress: Progress("", quiet: true), law: law)
  }

  private func random(_ count: Int) throws -> [ScenarioSystem] {
    try Scenario.load(Tool.package + "/scenarios/springs.yaml").systems(count: count)
  }

  private func values(_ evaluation: RolloutEvaluation) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: evaluation.metrics.map { ($0.name, $0.value) })
  }

  @Test func theTrueLawHasTheErrorsOfItsMethodAlone() throws {
    let exact = values(try evaluate(random(4), "gsl-rk8pd"))
    for step in [5, 10, 100, 200] {
      let (error, floor) = (exact["rollout_mse_\(step)"] ?? 1, exact["floor_mse_\(step)"] ?? 0)
      #expect(error < 1e-24 && floor > 1e-10 && floor < 1e-5, "step \(step): \(error), \(floor)")
    }
    #expect(exact["relative_error"] ?? 1 < 1e-12)
    let floor = try #require(exact["floor_relative_error"])
    #expect(floor > 1e-5 && floor < 1e-3, "about the relative perturbation, halved: \(floor)")
    #expect(exact["energy_error"] ?? 1 < 1e-12 && exact["angular_momentum_error"] ?? 1 < 1e-11)
    #expect(exact["valid_time"] == 1 && exact["rollouts_failed"] == 0)
    #expect(exact["lyapunov_exponent"] == nil, "springs are not chaotic")

    let coarse = values(try evaluate(random(4), "verlet"))
    let fine = values(try evaluate(random(4), "verlet", step: 1 / 800))
    for name in ["mse_100", "mse_200", "relative_error"] {
      let prefix = name.hasPrefix("mse") ? "rollout_" : ""
      #expect(coarse[prefix + name] == coarse["method_" + name], "\(name)")
    }
    // Of order 2, so that a quarter of the step has 1/16 of the error and 1/256 of its square.
    let ratio = (coarse["rollout_mse_100"] ?? 0) / (fine["rollout_mse_100"] ?? 1)
    #expect(ratio > 200 && ratio < 300, "\(ratio)")
  }

  /// Without a force bodies fly freely; the predictions that learn nothing have their closed forms.
  @Test func predictionsThatLearnNothingErrAsTheyMust() throws {
    let v = Self.v
    let evaluation = try evaluate([Self.spring], nil, end: 2) { Law(bodies: $0.bodies, F: { _ in 0 }) }
    let valid = try #require(
      evaluation.times.first { t in
        let (x, p) = (cos(2 * t) + v / 2 * sin(2 * t), v * cos(2 * t) - 2 * sin(2 * t))
        return hypot(x - 1 - v * t, p - v) / (hypot(1 + v * t, v) + hypot(x, p)) > 0.2
      })
    let metrics = values(evaluation)
    #expect(metrics["valid_time"] == valid && valid > 0.1 && valid < 0.3)
    for step in [5, 10, 100, 200] {
      let t = 2 * Double(step) / 200
      let (x, p) = (cos(2 * t) + v / 2 * sin(2 * t), v * cos(2 * t) - 2 * sin(2 * t))
      // Two of the four positions, and of the four momenta, move.
      let hold = ((x - 1) * (x - 1) + (p - v) * (p - v)) / 4
      let flight = ((x - 1 - v * t) * (x - 1 - v * t) + (p - v) * (p - v)) / 4
      for (name, expected) in [("hold", hold), ("free_flight", flight), ("rollout", flight)] {
        let error = (metrics["\(name)_mse_\(step)"] ?? 0) / expected - 1
        #expect(error.magnitude < 1e-10, "\(name) \(step)")
      }
    }
    // T = v² keeps its value, V = |Δ|² = (2 + 2vt)² grows from 4.
    let energy = ((2 + 4 * v) * (2 + 4 * v) - 4) / (4 + v * v)
    #expect(((metrics["energy_error"] ?? 0) / energy - 1).magnitude < 1e-12)
    #expect(metrics["momentum_error"] ?? 1 < 1e-15)
  }

  /// 0 → ∞ in finite time: what is lost counts as infinite, and nothing as NaN.
  @Test func aRolloutThatIsLostCountsAsInfinite() throws {
    let systems = try random(3)
    let index = systems[0].system.bodies.masses
    let evaluation = try evaluate(systems, nil) { truth in
      truth.bodies.masses == index ? Law(bodies: truth.bodies, F: { 1e4 * $0 * $0 * $0 }) : truth
    }
    let metrics = values(evaluation)
    #expect(metrics["rollouts"] == 3 && metrics["rollouts_failed"] == 1)
    #expect(metrics["rollout_mse_200"] == .infinity && metrics["energy_error"] == .infinity)
    #expect(metrics["rollout_mse_200_median"] ?? 1 < 1e-2, "the others are as good as ever")
    #expect(metrics["valid_time"] ?? 1 < 1)
    #expect(metrics.values.allSatisfy { !$0.isNaN })
    let folder = try Tool.Folder()
    try evaluation.writeCurves(
      to: CSVWriter(folder.file("curves.csv"), header: RolloutEvaluation.curveColumns))
    let text = try folder.text("curves.csv")
    #expect(text.contains("inf") && !text.contains("nan"))
    #expect(text.split(separator: "\n").count == 202)
  }

  @Test func theSameBitsAtAnyNumberOfThreads() throws {
    let systems = try random(5)
    #expect(try evaluate(systems, "verlet").metrics == evaluate(systems, "verlet", threads: 3).metrics)
  }

  /// Three equal masses at rest scatter each other chaotically; softened, so that they never meet.
  @Test func chaoticMotionIsToldInLyapunovTimes() throws {
    let trio = ScenarioSystem(
      index: 0,
      system: GravitySystem(bodies: Bodies(dimension: 2, masses: [3, 4, 5]), G: 1, softening: 0.2),
      initial: PhaseState(q: [1, 3, -2, -1, 1, -1], p: [0, 0, 0, 0, 0, 0]))
    let metrics = values(try evaluate([trio], "verlet", end: 40))
    let (exponent, time) = (metrics["lyapunov_exponent"] ?? 0, metrics["valid_time"] ?? 0)
    #expect(exponent > 0.1 && exponent < 2, "\(exponent)")
    #expect(metrics["valid_lyapunov_times"] == time * exponent && time < 40)
  }

  @Test func gridsAreThoseOfTheData() throws {
    let times = (0...10).map { 3 + Double($0) * 0.1 }
    let grid = try RolloutGrid(times: times, loss: .threeEighths)
    #expect(grid.method.name == "rk4-38" && grid.plan.steps == 10 && grid.times.count == 11)
    #expect(zip(grid.times, times).allSatisfy { ($0 - $1).magnitude < 1e-14 })
    #expect(try RolloutGrid(times: times, loss: .threeEighths, method: "verlet", step: 0.02).plan.steps == 50)
    for (method, step, words) in [
      ("verlet", 0.03, ["--step 0.03", "does not divide"]), ("verlet", 0.2, ["--step 0.2"]),
      ("gsl-msbdf", 0.1, ["--step 0.1", "leave --step out"]), ("verlt", 0.1, ["did you mean 'verlet'?"]),
    ] {
      #expect {
        try RolloutGrid(times: times, loss: .threeEighths, method: method, step: step)
      } throws: { error in
        let message = (error as? NoetherError)?.message ?? ""
        return words.allSatisfy { message.contains($0) }
      }
    }
  }
}
