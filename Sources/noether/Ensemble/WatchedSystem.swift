// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Synchronization

/// A learned law that says, once per run, when it is asked about places far from all it was trained on.
final class WatchedSystem: HamiltonianSystem {
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

  private let learned: any HamiltonianSystem
  private let index: Int
  private let range: Double
  private let alarm: Alarm

  /// `range` is the largest distance between two bodies in the training data; 0 if it is not known.
  init(_ learned: any HamiltonianSystem, index: Int, range: Double, alarm: Alarm) {
    self.learned = learned
    self.index = index
    self.range = range
    self.alarm = alarm
  }

  var bodies: Bodies { learned.bodies }
  var features: [[Double]] { learned.features }
  var featureNames: [String] { learned.featureNames }

  func fault(at q: Span<Double>) -> String? { learned.fault(at: q) }

  func potentialEnergy(at q: Span<Double>) -> Double { learned.potentialEnergy(at: q) }

  func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    learned.force(at: q, into: &force)
    guard range > 0 else { return }
    let distance = greatestPairDistance(q, dimension: bodies.dimension)
    if distance > 2 * range {
      alarm.ring(
        "warning: system \(index) has left the range of the training data: two bodies are \(Float(distance)) "
          + "apart, the training data reached \(Float(range)); what the model says there means little")
    }
  }
}
