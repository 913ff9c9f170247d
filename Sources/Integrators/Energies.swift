// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The energies of one state: T and V under the true law, and H under the learned one where that moves the bodies and
/// has one.
struct Energies {
  var T: Double
  var V: Double
  var learnedH: Double?

  /// Those of a state. Where T depends on p alone it is that of the `separable` bodies; asked for through the law, they
  /// come with a count of references each time.
  init(
    of state: PhaseState, separable bodies: Bodies?, law: any MechanicalSystem,
    learned: (any DynamicalSystem)?
  ) {
    T = bodies?.kineticEnergy(of: state.p.span) ?? law.kineticEnergy(q: state.q.span, p: state.p.span)
    V = law.potentialEnergy(at: state.q.span)
    learnedH = learned?.energy(q: state.q.span, p: state.p.span)
  }

  /// What helps where products of numbers overflow, long before the numbers do.
  static let otherUnits =
    "Choose units in which masses, lengths and speeds are nearer to 1, or take shorter steps"

  /// Names the first energy that is not finite.
  func fault(at t: Double) -> StepFault? {
    let all = [
      ("kinetic energy T", T), ("potential energy V", V), ("energy H", T + V),
      ("learned energy H", learnedH ?? 0),
    ]
    return all.first { !$0.1.isFinite }.map { name, value in
      StepFault(
        reason: "the \(name) at t = \(t) is \(value)",
        remedy: Self.otherUnits, isOfMeetings: false)
    }
  }
}
