// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Integrators

/// What becomes of one system under a law that is judged, beside its true trajectory and predictions that know nothing
/// of that law. Errors are by step of the data, the start first.
struct SystemRollout: Sendable {
  /// Where the floor starts: every coordinate and momentum times 1 + 1e-4 n with a normal n.
  static let perturbation = 1e-4
  /// A difference of 0.4 of the state's size, where ‖a‖ ≈ ‖b‖ (f = 0.4 of Pathak et al., Chaos 28 (2018) 041101).
  static let validError = 0.2

  let law: [StateError]
  /// Whether the rollout stopped being finite before its end; its errors from there on are infinite, the relative one 1.
  let failed: Bool
  /// The true law by the same method and steps as the one that is judged: the errors of the method alone.
  let method: [StateError]
  /// The true trajectory from a start that is a little off.
  let floor: [StateError]
  /// Nothing moves.
  let hold: [StateError]
  /// q + t p/m with p constant.
  let freeFlight: [StateError]
  /// The largest |dH| of the true energy, dP and dL along the path; infinite where it failed.
  let energyError: Double
  let momentumError: Double
  let angularMomentumError: Double
  /// Nil where the neighbour has no finite separation.
  let separation: Separation?

  /// Throws `IntegrationFailure` where the true trajectory cannot be had.
  init(
    of truth: ScenarioSystem, under law: any DynamicalSystem, on grid: RolloutGrid, seed: UInt64
  ) throws {
    let (system, initial, times) = (truth.system, truth.initial, grid.times)
    func reference(_ start: PhaseState) throws -> [PhaseState] {
      try ReferenceTrajectory.states(of: system, from: start, at: times)
    }
    let exact = try reference(initial)
    func errors(_ states: [PhaseState]) -> [StateError] {
      zip(states, exact).map(StateError.init(of:from:))
        + Array(repeating: .lost, count: exact.count - states.count)
    }

    let path = try Path(of: law, from: initial, on: grid, diagnosedBy: system)
    self.law = errors(path.states)
    failed = path.states.count < exact.count
    energyError = failed ? .infinity : path.largest { $0.dH.magnitude }
    momentumError = failed ? .infinity : path.largest(\.dP)
    angularMomentumError = failed ? .infinity : path.largest(\.dL)
    method = errors(try Path(of: system, from: initial, on: grid, diagnosedBy: system).states)

    var generator = SeededGenerator(seed: seed, path: 0x666C_6F6F_72, UInt64(truth.index))
    func moved(_ x: Double) -> Double { x * (1 + Self.perturbation * generator.normal()) }
    floor = errors(try reference(PhaseState(q: initial.q.map(moved), p: initial.p.map(moved))))

    hold = errors(exact.map { _ in initial })
    let inverse = system.bodies.inverseMasses
    freeFlight = errors(
      times.map { t in
        let q = initial.q.indices.map { initial.q[$0] + (t - times[0]) * initial.p[$0] * inverse[$0] }
        return PhaseState(q: q, p: initial.p)
      })
    do {
      let parting = try Separation(from: exact, of: system, at: times, direction: &generator)
      separation = parting.growth.isFinite ? parting : nil
    } catch is IntegrationFailure {
      separation = nil
    }
  }

  /// The time from the start until the relative error exceeds `validError`, or the whole run.
  func validTime(at times: [Double]) -> Double {
    let end = zip(law, times).first { $0.0.relative > Self.validError }?.1 ?? times[times.count - 1]
    return (end - times[0]).magnitude
  }
}

/// The states of a rollout, as far as they are finite.
private struct Path {
  private(set) var states: [PhaseState] = []
  private var rows: [DiagnosticsRow] = []

  init(
    of law: any DynamicalSystem, from initial: PhaseState, on grid: RolloutGrid,
    diagnosedBy truth: any MechanicalSystem
  ) throws {
    do {
      _ = try integrate(
        law, from: initial, method: grid.method, stepping: grid.stepping,
        compensated: grid.method.isCompensable, plan: grid.plan, diagnosedBy: truth
      ) { frame, row in
        states.append(frame.state)
        rows.append(row)
      }
    } catch is IntegrationFailure {}
  }

  /// The largest of a drift; infinite where it cannot be told.
  func largest(_ drift: (DiagnosticsRow) -> Double) -> Double {
    let largest = rows.map(drift).maximum() ?? .infinity
    return largest.isNaN ? .infinity : largest
  }
}
