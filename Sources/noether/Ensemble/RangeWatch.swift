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
    let dimension = law.bodies.dimension
    return LawObserver(onRates: { q in look(at: q, dimension: dimension) }).observing(law)
  }

  private func look(at q: Span<Double>, dimension: Int) {
    guard range > 0 else { return }
    let distance = greatestPairDistance(q, dimension: dimension)
    if distance > 2 * range {
      alarm.ring(
        "warning: system \(index) has left the range of the training data: two bodies are \(Float(distance)) "
          + "apart, the training data reached \(Float(range)); what the model says there means little")
    }
  }
}
