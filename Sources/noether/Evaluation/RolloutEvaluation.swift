// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Integrators

/// How a law does in rollouts of many systems, as numbers that can be set beside those of other laws.
struct RolloutEvaluation: Sendable {
  /// The steps of the data at which errors are told, where a trajectory is long enough, beside its last.
  static let steps = [5, 10, 100]
  /// Where a neighbour's distance grows more than tenfold in the second half of a run, the mean over systems, motion
  /// counts as chaotic: along a regular trajectory it grows like t, and doubles.
  static let chaoticGrowth = log(10.0)

  /// The times of the data, the start included.
  let times: [Double]
  /// Those that have a true trajectory.
  let systems: [SystemRollout]
  /// The numbers of the systems that have none, and why.
  let withoutTruth: [(index: Int, reason: String)]

  /// Rolls out every one of `systems` under the law that `law` makes for its bodies, on all threads; the same bits at
  /// any number of them. `seed` names the perturbations.
  init(
    of systems: [ScenarioSystem], on grid: RolloutGrid, seed: UInt64, threads: Int, progress: Progress,
    law: @Sendable (any MechanicalSystem) throws -> any DynamicalSystem
  ) throws {
    times = grid.times
    let results = try parallelMap(count: systems.count, threads: threads) {
      index -> Result<SystemRollout, IntegrationFailure> in
      if Interruption.isRequested { throw Interruption.stoppedBeforeWriting }
      defer { progress.update(Double(index + 1) / Double(systems.count)) }
      do {
        let truth = systems[index]
        return .success(try SystemRollout(of: truth, under: law(truth.system), on: grid, seed: seed))
      } catch let failure as IntegrationFailure {
        return .failure(failure)
      }
    }
    self.systems = results.compactMap { try? $0.get() }
    withoutTruth = zip(systems, results).compactMap { system, result in
      if case .failure(let failure) = result { (system.index, failure.message) } else { nil }
    }
  }

  /// Everything in the order that it is printed in; ∞ where a rollout failed, never NaN.
  var metrics: [Metric] {
    let last = times.count - 1
    var list = [
      Metric(name: "rollouts", value: Double(systems.count)),
      Metric(name: "rollouts_failed", value: Double(systems.count { $0.failed })),
    ]
    guard !systems.isEmpty else { return list }
    for step in Self.steps.filter({ $0 < last }) + [last] {
      list += [
        Metric(name: "rollout_mse_\(step)", value: mean(\.law, at: step)),
        Metric(name: "rollout_mse_\(step)_median", value: median(at: step)),
        Metric(name: "method_mse_\(step)", value: mean(\.method, at: step)),
        Metric(name: "floor_mse_\(step)", value: mean(\.floor, at: step)),
        Metric(name: "hold_mse_\(step)", value: mean(\.hold, at: step)),
        Metric(name: "free_flight_mse_\(step)", value: mean(\.freeFlight, at: step)),
      ]
    }
    let valid = systems.map { $0.validTime(at: times) }
    list += [
      Metric(name: "relative_error", value: relativeError(\.law, at: 1...last)),
      Metric(name: "method_relative_error", value: relativeError(\.method, at: 1...last)),
      Metric(name: "floor_relative_error", value: relativeError(\.floor, at: 1...last)),
      Metric(name: "energy_error", value: largest(\.energyError)),
      Metric(name: "momentum_error", value: largest(\.momentumError)),
      Metric(name: "angular_momentum_error", value: largest(\.angularMomentumError)),
      Metric(name: "valid_time", value: Self.mean(valid)),
      Metric(name: "valid_time_median", value: valid.median() ?? 0),
    ]
    if let exponent = lyapunovExponent {
      list += [
        Metric(name: "lyapunov_exponent", value: exponent),
        Metric(name: "valid_lyapunov_times", value: Self.mean(valid) * exponent),
      ]
    }
    return list
  }

  /// The mean λ over the systems; nil where the true motion is not chaotic, so that a Lyapunov time would say nothing.
  var lyapunovExponent: Double? {
    let separations = systems.compactMap(\.separation)
    guard !separations.isEmpty, Self.mean(separations.map(\.growth)) > Self.chaoticGrowth else { return nil }
    return Self.mean(separations.map(\.exponent))
  }

  /// The mean over systems of the mean squared error at a step.
  func mean(_ prediction: KeyPath<SystemRollout, [StateError]>, at step: Int) -> Double {
    Self.mean(systems.map { $0[keyPath: prediction][step].meanSquare })
  }

  func median(at step: Int) -> Double { systems.map { $0.law[step].meanSquare }.median() ?? 0 }

  /// exp of the mean over systems and steps of log ‖a−b‖/(‖a‖+‖b‖) (Finzi, Wang & Wilson 2020, *Simplifying Hamiltonian
  /// and Lagrangian neural networks via explicit constraints*). An error below rounding counts as rounding.
  func relativeError(
    _ prediction: KeyPath<SystemRollout, [StateError]>, at steps: ClosedRange<Int>
  ) -> Double {
    exp(
      Self.mean(
        systems.map { system in
          Self.mean(system[keyPath: prediction][steps].map { log(max($0.relative, .ulpOfOne / 2)) })
        }))
  }

  private func largest(_ drift: (SystemRollout) -> Double) -> Double { systems.map(drift).maximum() ?? 0 }

  private static func mean(_ numbers: [Double]) -> Double {
    numbers.reduce(0, +) / Double(max(1, numbers.count))
  }
}
