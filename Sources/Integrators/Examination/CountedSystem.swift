// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Synchronization

/// How often a law was asked for forces or rates, and for their derivatives.
final class EvaluationCount: Sendable {
  let forces = Atomic<Int>(0)
  let derivatives = Atomic<Int>(0)

  /// The same law, counted.
  func counting(_ law: any DynamicalSystem) -> any DynamicalSystem {
    if let law = law as? any HamiltonianSystem { return CountedSystem(law: law, count: self) }
    return CountedFlow(law: law, count: self)
  }
}

private struct CountedSystem: HamiltonianSystem {
  let law: any HamiltonianSystem
  let count: EvaluationCount

  var bodies: Bodies { law.bodies }
  var features: [[Double]] { law.features }
  var featureNames: [String] { law.featureNames }
  func fault(at q: Span<Double>) -> String? { law.fault(at: q) }
  func potentialEnergy(at q: Span<Double>) -> Double { law.potentialEnergy(at: q) }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    count.forces.add(1, ordering: .relaxed)
    law.force(at: q, into: &force)
  }

  func hessianProduct(at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>) {
    count.derivatives.add(1, ordering: .relaxed)
    law.hessianProduct(at: q, along: v, into: &product)
  }
}

private struct CountedFlow: DynamicalSystem {
  let law: any DynamicalSystem
  let count: EvaluationCount

  var bodies: Bodies { law.bodies }
  func fault(at q: Span<Double>) -> String? { law.fault(at: q) }
  func energy(q: Span<Double>, p: Span<Double>) -> Double? { law.energy(q: q, p: p) }

  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    count.forces.add(1, ordering: .relaxed)
    law.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
  }

  func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    count.derivatives.add(1, ordering: .relaxed)
    law.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
  }
}
