// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// What the optimisers do with one step.
extension TrainingRun {
  /// The order of the systems in an epoch of Adam, from the data's seed; of the others, which take all at once, one entry.
  func epochOrder(_ epoch: Int, of phase: TrainingPhase) -> [Int] {
    guard case .adam = phase.method else { return [0] }
    var generator = SeededGenerator(seed: config.data.seed, path: 0x6570_6F63_68, UInt64(epoch))
    return generator.permutation(of: phase.systems)
  }

  /// One update by the phase's optimiser, and the loss that training.csv shows; nil where it was asked to stop before that.
  func step(_ index: Int, _ batch: [Int]) throws -> Double? {
    let phase = plan.phases[index]
    let value: Double
    switch phase.method {
    case .adam:
      let rate = rate(of: phase, index, step: state.step)
      do {
        value = try update(
          pieces(of: batch), as: config.augmentation, seed: config.data.seed, epoch: state.epoch, rate: rate)
      } catch {
        throw try failure("the loss or its gradient is not finite at step \(state.step + 1)", rate: rate)
      }
    case .levenbergMarquardt: value = try iterate(index)
    case .lbfgs(let memory, let iterations):
      guard let loss = try round(phase, index, memory: memory, iterations: iterations) else { return nil }
      value = loss
    }
    state.step += 1
    state.epochSum += value
    return value
  }

  /// The chunks that belong to some systems: themselves, or all their pieces.
  private func pieces(of systems: [Int]) -> [Int] {
    let count = config.loss.piecesPerSystem(points: train.points)
    if count == 1 { return systems }
    return systems.flatMap { $0 * count..<($0 + 1) * count }
  }

  func rate(of phase: TrainingPhase, _ index: Int, step: Int) -> Double {
    switch phase.method {
    case .adam(let schedule): schedule.rate(step: step - plan.steps(before: index), total: phase.steps)
    case .levenbergMarquardt: state.damping ?? 1
    case .lbfgs: 0
    }
  }

  /// The problem of a phase of Levenberg–Marquardt; throws where the model has none, or memory is short.
  func leastSquaresProblem(_ index: Int) throws -> StepResiduals {
    try StepResiduals(
      model, data: config.loss.leastSquaresData(train.prefix(plan.phases[index].systems)),
      method: config.trainingMethod, threads: threads)
  }

  private func iterate(_ index: Int) throws -> Double {
    let isFirst = state.epoch == plan.epochs(before: index)
    if isFirst { state.finalCost = nil }
    if let cost = state.finalCost { return cost }
    var optimiser = LevenbergMarquardt(damping: state.damping ?? 1)
    if isFirst, state.damping != nil { optimiser.meetMoreData() }
    let problem: StepResiduals
    if let known = leastSquares, known.phase == index {
      problem = known.problem
    } else {
      problem = try leastSquaresProblem(index)
      leastSquares = (index, problem)
    }
    var parameters = update.loss.parameters.map { Double($0) }
    let step = optimiser.iterate(problem, &parameters)
    let cost = step.cost * problem.unit
    guard cost.isFinite else {
      throw try failure("the squared residuals are not finite", rate: optimiser.damping)
    }
    if !step.moved { state.finalCost = cost }
    state.damping = optimiser.damping
    load(parameters)
    return cost
  }

  /// nil where it was asked to stop: the parameters are then those before the round.
  private func round(_ phase: TrainingPhase, _ index: Int, memory: Int, iterations: Int) throws -> Double? {
    let isFirst = state.epoch == plan.epochs(before: index)
    if isFirst { state.finalCost = nil }
    if let loss = state.finalCost { return loss }
    let start = update.loss.parameters.map { Double($0) }
    var parameters = start
    let batch = pieces(of: Array(0..<phase.systems))
    let done = (state.epoch - plan.epochs(before: index)) * LimitedMemoryBFGS.iterationsPerRound
    let round = LimitedMemoryBFGS(memory: memory).round(
      &parameters, iterations: min(LimitedMemoryBFGS.iterationsPerRound, iterations - done),
      shouldStop: shouldStop
    ) { x, gradient in
      self.load(x)
      let value = self.update.loss.gradient(of: self.update.data, batch)
      for (k, entry) in self.update.loss.gradient.enumerated() { gradient[k] = Double(entry) }
      return value
    }
    guard let round else {
      load(start)
      return nil
    }
    load(parameters)
    guard round.loss.isFinite else { throw try failure("the loss is not finite", rate: 0) }
    if !round.moved { state.finalCost = round.loss }
    return round.loss
  }

  private func load(_ parameters: [Double]) {
    for (k, value) in parameters.enumerated() { update.loss.parameters[k] = T(value) }
  }
}
