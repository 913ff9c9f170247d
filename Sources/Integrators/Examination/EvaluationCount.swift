// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Synchronization

/// How often a law was asked for forces or rates, and for their derivatives.
final class EvaluationCount: Sendable {
  let forces = Atomic<Int>(0)
  let derivatives = Atomic<Int>(0)

  /// The same law, counted.
  func counting(_ law: any DynamicalSystem) -> any DynamicalSystem {
    LawObserver(
      onRates: { _ in self.forces.add(1, ordering: .relaxed) },
      onDerivative: { self.derivatives.add(1, ordering: .relaxed) }
    ).observing(law)
  }
}
