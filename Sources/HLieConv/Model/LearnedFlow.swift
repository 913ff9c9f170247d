// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Synchronization

/// A learned vector field on phase space for given bodies, that of a Hamiltonian H(q, p) or one without any energy.
///
/// As with `LearnedSystem`, the network runs in float64 or float32, and calls from several threads take turns.
public final class LearnedFlow: DynamicalSystem {
  public let bodies: Bodies
  private let model: HamiltonianModel
  private let network: Mutex<Network>

  init(
    _ model: HamiltonianModel, bodies: Bodies, features: [[Double]], precision: Precision = .float64
  ) {
    self.bodies = bodies
    self.model = model
    network = Mutex(
      precision == .float32
        ? .float32(OneFlow(model, parameters: model.storage32, bodies: bodies, features: features))
        : .float64(OneFlow(model, parameters: model.storage, bodies: bodies, features: features)))
  }

  public func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    network.withLock { network in
      switch network {
      case .float32(let flow): flow.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
      case .float64(let flow): flow.rates(q: q, p: p, qdot: &qdot, pdot: &pdot)
      }
    }
    holdPinned(&qdot, &pdot)
  }

  public func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    network.withLock { network in
      switch network {
      case .float32(let flow): flow.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
      case .float64(let flow): flow.variation(q: q, p: p, δq: δq, δp: δp, δqdot: &δqdot, δpdot: &δpdot)
      }
    }
    holdPinned(&δqdot, &δpdot)
  }

  private func holdPinned(_ qdot: inout MutableSpan<Double>, _ pdot: inout MutableSpan<Double>) {
    for k in 0..<bodies.coordinates where bodies.hasPinned && bodies.pinned[k / bodies.dimension] {
      (qdot[k], pdot[k]) = (0, 0)
    }
  }

  /// The learned H(q, p); nil where the model has no energy.
  public func energy(q: Span<Double>, p: Span<Double>) -> Double? {
    guard model.dynamics.hasEnergy else { return nil }
    return network.withLock { network in
      switch network {
      case .float32(let flow): flow.energy(q: q, p: p)
      case .float64(let flow): flow.energy(q: q, p: p)
      }
    }
  }

  public func fault(at q: Span<Double>) -> String? {
    model.fault(at: q).map { "body '\(bodies.names[$0.body])' is \($0.why)" }
  }

  /// An enum, so that the compiler makes code for either type; see `AnyOperation`.
  private enum Network {
    case float32(OneFlow<Float>)
    case float64(OneFlow<Double>)
  }
}

/// The network of one system with scratch arrays for states and rates [bodies × 2 dimension].
private final class OneFlow<T: NetworkScalar> {
  private let engine: TileEngine<T>
  private let dimension: Int
  private var z: [T]
  private var velocity: [T]
  private let makeSecond: () -> SecondPass<T>
  private lazy var second = makeSecond()

  init(
    _ model: HamiltonianModel, parameters: ParameterStorage<T>, bodies: Bodies, features: [[Double]]
  ) {
    engine = TileEngine(
      model.program, parameters: parameters, capacity: 1, bodies: bodies.count, evaluations: 1,
      tangents: false, team: .shared)
    makeSecond = { SecondPass(model, parameters: parameters, bodies: bodies, features: features) }
    engine.begin(systems: 1, features: features.flatMap { $0.map { T($0) } })
    dimension = bodies.dimension
    z = [T](repeating: 0, count: 2 * bodies.coordinates)
    velocity = z
  }

  /// Where the coordinate q_k lies in a state; p_k lies `dimension` further on.
  private func place(_ k: Int) -> Int { k + k / dimension * dimension }

  private func load(_ q: Span<Double>, _ p: Span<Double>) { interleave(q, p, into: &z) }

  private func interleave(_ q: Span<Double>, _ p: Span<Double>, into z: inout [T]) {
    for k in 0..<q.count {
      let place = place(k)
      z[place] = T(q[k])
      z[place + dimension] = T(p[k])
    }
  }

  func variation(
    q: Span<Double>, p: Span<Double>, δq: Span<Double>, δp: Span<Double>, δqdot: inout MutableSpan<Double>,
    δpdot: inout MutableSpan<Double>
  ) {
    var δz = z
    load(q, p)
    interleave(δq, δp, into: &δz)
    let change = second.variation(at: z, along: δz)
    for k in 0..<q.count {
      let place = place(k)
      δqdot[k] = Double(change[place])
      δpdot[k] = Double(change[place + dimension])
    }
  }

  func rates(
    q: Span<Double>, p: Span<Double>, qdot: inout MutableSpan<Double>, pdot: inout MutableSpan<Double>
  ) {
    load(q, p)
    engine.velocity(0, at: z, into: &velocity)
    for k in 0..<q.count {
      let place = place(k)
      qdot[k] = Double(velocity[place])
      pdot[k] = Double(velocity[place + dimension])
    }
  }

  func energy(q: Span<Double>, p: Span<Double>) -> Double {
    load(q, p)
    return Double(engine.potential(0, at: z)[0])
  }
}
