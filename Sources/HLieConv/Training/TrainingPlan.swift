// SPDX-License-Identifier: GPL-3.0-or-later

/// Where an epoch stands in a list of phases.
struct TrainingPlan {
  let phases: [TrainingPhase]

  /// The phase that epoch `epoch` (from 0) of the whole training belongs to, its number in the phase, and the steps done
  /// before it; nil after the last.
  func position(ofEpoch epoch: Int) -> (phase: Int, epoch: Int, stepsBefore: Int)? {
    var (rest, steps) = (epoch, 0)
    for (index, phase) in phases.enumerated() {
      if rest < phase.epochs { return (index, rest, steps + rest * phase.stepsPerEpoch) }
      rest -= phase.epochs
      steps += phase.steps
    }
    return nil
  }

  /// Epochs before a phase.
  func epochs(before phase: Int) -> Int { phases[..<phase].reduce(0) { $0 + $1.epochs } }
  func steps(before phase: Int) -> Int { phases[..<phase].reduce(0) { $0 + $1.steps } }
}
