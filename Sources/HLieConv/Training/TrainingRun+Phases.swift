// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What a phase of Levenberg–Marquardt keeps between its iterations.
struct LeastSquaresPhase {
  let phase: Int
  let problem: StepResiduals
  /// Where no step made the cost smaller any more, that cost: the iterations that are left do nothing.
  var finalCost: Double?
}

/// What the optimisers do with one step.
extension TrainingRun {
  /// The order of the systems in an epoch of Adam, from the data's seed; of the others, which take all at once, one entry.
  func epochOrder(_ epoch: Int, of phase: TrainingPhase) -> [Int] {
    guard case .adam = phase.method else { return [0] }
    var generator = SeededGenerator(seed: config.data.seed, path: 0x6570_6F63_68, UInt64(epoch))
    return generator.permutation(of: phase.systems)
  }

  /// One update by the phase's optimiser, and the loss that training.csv shows.
  func step(_ index: Int, _ batch: [Int]) throws -> Double {
    let phase = plan.phases[index]
    let value: Double
    switch phase.method {
    case .adam:
      let rate = rate(of: phase, index, step: state.step)
      do {
        value = try update(intervals(of: batch), rate: rate)
      } catch {
        throw try failure("the loss or its gradient is not finite at step \(state.step + 1)", rate: rate)
      }
    case .levenbergMarquardt: value = try iterate(index)
    case .lbfgs(let memory): value = try round(phase, memory: memory)
    }
    state.step += 1
    state.epochSum += value
    return value
  }

  /// The chunks that belong to some systems: themselves, or all their intervals.
  private func intervals(of systems: [Int]) -> [Int] {
    guard config.loss == .step else { return systems }
    let count = train.points - 1
    return systems.flatMap { $0 * count..<($0 + 1) * count }
  }

  func rate(of phase: TrainingPhase, _ index: Int, step: Int) -> Double {
    switch phase.method {
    case .adam(let schedule): schedule.rate(step: step - plan.steps(before: index), total: phase.steps)
    case .levenbergMarquardt: state.damping ?? 1
    case .lbfgs: 0
    }
  }

  private func iterate(_ index: Int) throws -> Double {
    var optimiser = LevenbergMarquardt(damping: state.damping ?? 1)
    var current: LeastSquaresPhase
    if let known = leastSquares, known.phase == index {
      if let cost = known.finalCost { return cost }
      current = known
    } else {
      current = LeastSquaresPhase(
        phase: index,
        problem: try StepResiduals(
          model, data: train.prefix(plan.phases[index].systems), method: config.method, threads: threads))
      if state.epoch == plan.epochs(before: index), state.damping != nil { optimiser.meetMoreData() }
    }
    var parameters = update.loss.parameters.map { Double($0) }
    let step = optimiser.iterate(current.problem, &parameters)
    let cost = step.cost * current.problem.unit
    if !step.moved { current.finalCost = cost }
    leastSquares = current
    state.damping = optimiser.damping
    load(parameters)
    return cost
  }

  private func round(_ phase: TrainingPhase, memory: Int) throws -> Double {
    var parameters = update.loss.parameters.map { Double($0) }
    let batch = intervals(of: Array(0..<phase.systems))
    let round = LimitedMemoryBFGS(memory: memory).round(&parameters) { x, gradient in
      self.load(x)
      let value = self.update.loss.gradient(of: self.update.data, batch)
      for (k, entry) in self.update.loss.gradient.enumerated() { gradient[k] = Double(entry) }
      return value
    }
    load(parameters)
    guard round.loss.isFinite else { throw try failure("the loss is not finite", rate: 0) }
    return round.loss
  }

  private func load(_ parameters: [Double]) {
    for (k, value) in parameters.enumerated() { update.loss.parameters[k] = T(value) }
  }
}
