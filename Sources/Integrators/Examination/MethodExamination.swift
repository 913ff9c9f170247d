// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// What a method does on one system at a step and at half of it, or at a tolerance and at a tenth: how large its own errors are, so
/// that those of the law can be told from them.
public struct MethodExamination: Sendable {
  public struct Entry: Sendable, Equatable {
    public let quantity: String
    /// The step, or the tolerance, that it was measured at.
    public let setting: Double
    public let value: Double
  }

  /// At most so many states of a run are compared with others.
  static let mostFrames = 1000
  /// So many steps, at most, the order is measured over.
  static let orderSteps = 200
  /// The tolerance of the reference.
  static let referenceTolerance = 1e-13

  /// The examination was asked to stop.
  public struct Stopped: Error {}

  public private(set) var entries: [Entry] = []

  /// - Parameters:
  ///   - law: what moves the bodies.
  ///   - truth: the true law, which energies and the reference are those of; `law` itself where no law was learned.
  ///   - steps: as many fixed steps, in place of those that lead to `end`.
  ///   - shouldStop: asked after every step.
  /// - Throws: `IntegrationFailure` where a run stops being finite, `Stopped` where it was asked to.
  public init(
    of method: IntegrationMethod, stepping: Stepping, on law: any DynamicalSystem,
    truth: any MechanicalSystem,
    from initial: PhaseState, start: Double, end: Double, compensated: Bool, isLearned: Bool,
    shouldStop: @escaping () -> Bool = { false }
  ) throws {
    let run = Examined(
      method: method, law: law, truth: truth, initial: initial, start: start, compensated: compensated,
      shouldStop: shouldStop)
    let grid = try Grid(start: start, end: end, stepping: stepping)
    let finer = stepping.finer
    let coarse = try run.trajectory(stepping, grid)
    let fine = try run.trajectory(finer, grid)
    let exact = try ReferenceTrajectory.states(
      of: truth, from: initial, at: coarse.frames.map(\.t), tolerance: Self.referenceTolerance)

    for (setting, trajectory) in [(stepping, coarse), (finer, fine)] {
      measure(trajectory, at: setting.number, from: exact, truth.bodies, isLearned: isLearned)
      if setting == stepping {
        // The finer run is so much nearer that the difference is the error of the coarser.
        enter("method_error", setting.number, Self.greatest(coarse.states, fine.states, truth.bodies))
      }
      enter("reversal_error", setting.number, try run.reversalError(setting, grid))
    }
    if case .fixed(let h) = stepping {
      // What fails at shorter steps has no order, and everything else nonetheless.
      do {
        if let order = try run.order(step: h, grid) { enter("order", h, order) }
      } catch is IntegrationFailure {}
      let states = stride(from: 0, to: coarse.frames.count, by: max(1, coarse.frames.count / 4))
      let defects = try states.map {
        try SymplecticityDefect.of(method, step: h, on: law, at: coarse.frames[$0].state)
      }
      if let defect = defects.compactMap(\.self).maximum() { enter("symplecticity_defect", h, defect) }
    }
    var direction = SeededGenerator(seed: 0, path: 0x6578_616D)
    let parting = try Separation(
      from: exact, of: truth, at: coarse.frames.map(\.t), direction: &direction)
    if shouldStop() { throw Stopped() }
    enter("lyapunov_exponent", Self.referenceTolerance, parting.exponent)
    enter("lyapunov_growth", Self.referenceTolerance, exp(parting.growth))
  }

  private mutating func enter(_ quantity: String, _ setting: Double, _ value: Double) {
    entries.append(Entry(quantity: quantity, setting: setting, value: value))
  }

  private mutating func measure(
    _ run: Examined.Path, at setting: Double, from exact: [PhaseState], _ bodies: Bodies, isLearned: Bool
  ) {
    enter("max_dH", setting, run.rows.map(\.dH.magnitude).maximum() ?? .nan)
    if isLearned, run.rows.first?.learned != nil {
      enter("max_dH_learned", setting, run.rows.map { $0.learned?.dH.magnitude ?? .nan }.maximum() ?? .nan)
    }
    if !bodies.momentumNames.P.isEmpty { enter("max_dP", setting, run.rows.map(\.dP).maximum() ?? .nan) }
    if !bodies.momentumNames.L.isEmpty { enter("max_dL", setting, run.rows.map(\.dL).maximum() ?? .nan) }
    enter("position_error", setting, Self.greatest(run.states, exact, bodies))
    enter("force_evaluations", setting, Double(run.forces))
    if run.derivatives > 0 { enter("derivative_evaluations", setting, Double(run.derivatives)) }
  }

  /// The largest distance of a body from its counterpart at any time.
  static func greatest(_ a: [PhaseState], _ b: [PhaseState], _ bodies: Bodies) -> Double {
    zip(a, b).map { StateDistance(of: $0, from: $1, dimension: bodies.dimension).position.largest }.maximum()
      ?? .nan
  }
}

extension Stepping {
  /// Half the step, or a tenth of the tolerance.
  fileprivate var finer: Stepping {
    switch self {
    case .fixed(let step): .fixed(step: step / 2)
    case .adaptive(let tolerance): .adaptive(tolerance: tolerance / 10)
    }
  }
}

/// The times at which runs at several steps are compared: multiples of the coarsest.
private struct Grid {
  let start: Double
  let end: Double
  /// Steps of the coarsest, and between two of the times; nil for a tolerance.
  let steps: Int?
  let stride: Int

  init(start: Double, end: Double, stepping: Stepping) throws {
    self.start = start
    self.end = end
    let plan = try FramePlan(start: start, end: end, frames: 2, stepping: stepping)
    steps = plan.steps
    stride = max(1, (plan.steps ?? 0) / MethodExamination.mostFrames)
  }

  init(of grid: Grid, steps: Int) {
    (start, end) = (grid.start, grid.end)
    self.steps = steps
    stride = max(1, steps / 100)
  }

  /// The same times with steps that are `refinement` times shorter.
  func plan(_ stepping: Stepping, refinement: Int = 1) throws -> FramePlan {
    guard case .fixed(let h) = stepping, let steps else {
      return try FramePlan(
        start: start, end: end, frames: MethodExamination.mostFrames / 4 + 1, stepping: stepping)
    }
    return try FramePlan(
      start: start, steps: steps * refinement, step: h, every: Double(stride * refinement) * h.magnitude)
  }
}

/// A method on a system.
private struct Examined {
  let method: IntegrationMethod
  let law: any DynamicalSystem
  let truth: any MechanicalSystem
  let initial: PhaseState
  let start: Double
  let compensated: Bool
  let shouldStop: () -> Bool

  struct Path {
    var frames: [Frame] = []
    var rows: [DiagnosticsRow] = []
    var forces = 0
    var derivatives = 0
    var states: [PhaseState] { frames.map(\.state) }
  }

  /// The run by `stepping`, which is the grid's own or half of it.
  func trajectory(_ stepping: Stepping, _ grid: Grid, refinement: Int? = nil) throws -> Path {
    var path = Path()
    let count = EvaluationCount()
    let plan = try grid.plan(stepping, refinement: refinement ?? self.refinement(of: stepping, grid))
    let outcome = try integrate(
      count.counting(law), from: initial, method: method, stepping: stepping, compensated: compensated,
      plan: plan, diagnosedBy: truth, shouldStop: shouldStop
    ) { frame, row in
      path.frames.append(frame)
      path.rows.append(row)
    }
    guard outcome == .finished else { throw MethodExamination.Stopped() }
    path.forces = count.forces.load(ordering: .relaxed)
    path.derivatives = count.derivatives.load(ordering: .relaxed)
    return path
  }

  /// How often the step goes into that of the grid.
  private func refinement(of stepping: Stepping, _ grid: Grid) -> Int {
    guard case .fixed(let h) = stepping, let steps = grid.steps else { return 1 }
    return max(1, Int(((grid.end - grid.start) / (h * Double(steps))).rounded()))
  }

  /// ‖a − b‖/(‖a‖ + ‖b‖) of the start and what is left of it after the run and, with the momenta turned round, the same run again.
  func reversalError(_ stepping: Stepping, _ grid: Grid) throws -> Double {
    let plan = try grid.plan(stepping, refinement: refinement(of: stepping, grid))
    func end(from state: PhaseState) throws -> PhaseState {
      var end = state
      let outcome = try integrate(
        law, from: state, method: method, stepping: stepping, compensated: compensated, plan: plan,
        diagnosedBy: truth, shouldStop: shouldStop
      ) { frame, _ in end = frame.state }
      guard outcome == .finished else { throw MethodExamination.Stopped() }
      return PhaseState(q: end.q, p: end.p.map { -$0 })
    }
    return StateError(of: try end(from: end(from: initial)), from: initial).relative
  }

  /// log₂ of the ratio in which halving the step twice makes the differences smaller, the largest over the first part of the run: at a single
  /// time errors may cancel, as they do after a whole period. Nil where rounding hides them.
  func order(step h: Double, _ grid: Grid) throws -> Double? {
    guard let steps = grid.steps else { return nil }
    let part = Grid(of: grid, steps: min(steps, MethodExamination.orderSteps))
    let states = try [1, 2, 4].map {
      try trajectory(.fixed(step: h / Double($0)), part, refinement: $0).states
    }
    func difference(_ a: [PhaseState], _ b: [PhaseState]) -> Double {
      zip(a, b).map { StateError(of: $0, from: $1).relative }.maximum() ?? .nan
    }
    let (first, second) = (difference(states[0], states[1]), difference(states[1], states[2]))
    guard second > 1e-12, first.isFinite else { return nil }
    return log2(first / second)
  }
}
