// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Synchronization

/// A learned Hamiltonian for given bodies: integrators and diagnostics use it like any true law.
///
/// Everything runs in float64. The network's memory belongs to the instance; calls from several threads take
/// turns, so give each thread its own instance.
public final class LearnedSystem: HamiltonianSystem {
  public let bodies: Bodies
  public let features: [[Double]]
  public let featureNames: [String]
  private let model: HamiltonianModel
  private let engine: Mutex<Engine>

  init(_ model: HamiltonianModel, bodies: Bodies, features: [[Double]]) {
    self.bodies = bodies
    self.features = features
    self.model = model
    featureNames = model.featureNames
    engine = Mutex(Engine(model, bodies: bodies, features: features))
  }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    engine.withLock { engine in
      engine.load(q)
      return engine.network.potential(0, at: engine.q)[0]
    }
  }

  /// V_i of every body at positions `q` [bodies × dimension]: V = Σ V_i, whatever the pooling.
  ///
  /// Their magnitudes are the scale on which V can be known: where they cancel, V alone is no measure.
  public func bodyEnergies(at q: Span<Double>) -> [Double] {
    engine.withLock { engine in
      engine.load(q)
      _ = engine.network.potential(0, at: engine.q)
      return engine.network.bodyEnergies(0)
    }
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    engine.withLock { engine in
      engine.load(q)
      engine.network.force(0, at: engine.q, into: &engine.force)
      for k in 0..<bodies.coordinates { force[k] = bodies.pinned[k / bodies.dimension] ? 0 : engine.force[k] }
    }
  }

  public func fault(at q: Span<Double>) -> String? {
    model.fault(at: q).map { "body '\(bodies.names[$0.body])' is \($0.why)" }
  }

  /// The network with its parameters and scratch arrays.
  private struct Engine {
    let network: TileEngine<Double>
    var q: [Double]
    var force: [Double]

    init(_ model: HamiltonianModel, bodies: Bodies, features: [[Double]]) {
      network = TileEngine(
        model.program, parameters: model.storage, capacity: 1,
        bodies: bodies.count, evaluations: 1,
        tangents: false)
      network.begin(systems: 1, features: features.flatMap { $0 })
      q = [Double](repeating: 0, count: bodies.coordinates)
      force = q
    }

    mutating func load(_ positions: Span<Double>) {
      for k in q.indices { q[k] = positions[k] }
    }
  }
}
