// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Synchronization

/// Says, once per run, when a learned law is asked about places far from all it was trained on.
struct RangeWatch: Sendable {
  /// Shared by all systems of a run, so that one of them speaks for all.
  final class Alarm: Sendable {
    private let rung = Atomic<Bool>(false)
    private let report: @Sendable (String) -> Void

    init(report: @escaping @Sendable (String) -> Void) { self.report = report }

    func ring(_ message: @autoclosure () -> String) {
      if rung.exchange(true, ordering: .relaxed) { return }
      report(message())
    }
  }

  let index: Int
  /// The largest distance between two bodies in the training data; 0 if it is not known.
  let range: Double
  let alarm: Alarm

  /// The same law, which looks where it is asked about.
  func watched(_ law: any DynamicalSystem) -> any DynamicalSystem {
    if let law = law as? any HamiltonianSystem { return WatchedSystem(learned: law, watch: self) }
    return WatchedFlow(learned: law, watch: self)
  }

  fileprivate func look(at q: Span<Double>, dimension: Int) {
    guard range > 0 else { return }
    let distance = greatestPairDistance(q, dimension: dimension)
    if distance > 2 * range {
      alarm.ring(
        "warning: system \(index) has left the range of the training data: two bodies are \(Float(distance)) "
          + "apart, the training data reached \(Float(range)); what the model says there means little")
    }
  }
}

private struct WatchedSystem: HamiltonianSystem {
  let learned: any HamiltonianSystem
  let watch: RangeWatch

  var bodies: Bodies { learned.bodies }
  var features: [[Double]] { learned.features }
  var featureNames: [String] { learned.featureNames }
  func fault(at q: Span<Double>) -> String? { learned.fault(at: q) }
  func potentialEnergy(at q: Span<Double>) -> Double { learned.potentialEnergy(at: q) }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    learned.force(at: q, into: &force)
    watch.look(at: q, dimension: bodies.dimension)
  }

  func hessianProduct(at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>) {
    learned.hessianProduct(at: q, along: v, into: &product)
  }
}

private struct WatchedFlow: DynamicalSystem {
  let learned: any DynamicalSystem
  let watch: RangeWatch

  var bodies: Bodies { learned.bodies }
  func fault(at q: Span<Double>) -> String? { learned.fault(at: q) }
  func energy(q: Span<Double>, p: Span<Double>) -> Double? { learned.energy(q: q, p: p) }

  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    learned.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
    watch.look(at: q, dimension: bodies.dimension)
  }

  func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    learned.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
  }
}
