// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Synchronization

/// A learned Hamiltonian for given bodies: integrators and diagnostics use it like any true law.
///
/// The network runs in float64, or in float32 if asked to: energies and forces then carry errors of 1e-7 of their
/// parts, and so do the momenta. Its memory belongs to the instance; calls from several threads take turns, so give
/// each thread its own instance.
public final class LearnedSystem: HamiltonianSystem {
  public let bodies: Bodies
  public let features: [[Double]]
  public let featureNames: [String]
  private let model: HamiltonianModel
  private let precision: Precision
  private let network: Mutex<Network>

  init(
    _ model: HamiltonianModel, bodies: Bodies, features: [[Double]], precision: Precision = .float64
  ) {
    self.bodies = bodies
    self.features = features
    self.model = model
    self.precision = precision
    featureNames = model.featureNames
    network = Mutex(
      precision == .float32
        ? .float32(OneSystem(model, parameters: model.storage32, bodies: bodies, features: features))
        : .float64(OneSystem(model, parameters: model.storage, bodies: bodies, features: features)))
  }

  public func potentialEnergy(at q: Span<Double>) -> Double {
    network.withLock { network in
      switch network {
      case .float32(let system): system.potential(at: q)
      case .float64(let system): system.potential(at: q)
      }
    }
  }

  /// V_i of every body at positions `q` [bodies × dimension]: V = Σ V_i, whatever the pooling.
  ///
  /// Their magnitudes are the scale on which V can be known: where they cancel, V alone is no measure.
  public func bodyEnergies(at q: Span<Double>) -> [Double] {
    network.withLock { network in
      switch network {
      case .float32(let system): system.bodyEnergies(at: q)
      case .float64(let system): system.bodyEnergies(at: q)
      }
    }
  }

  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    network.withLock { network in
      switch network {
      case .float32(let system): system.force(at: q, into: &force)
      case .float64(let system): system.force(at: q, into: &force)
      }
    }
    clearPinned(&force)
  }

  public func hessianProduct(
    at q: Span<Double>, along v: Span<Double>, into product: inout MutableSpan<Double>
  ) {
    network.withLock { network in
      switch network {
      case .float32(let system): system.second.hessianProduct(at: q, along: v, into: &product)
      case .float64(let system): system.second.hessianProduct(at: q, along: v, into: &product)
      }
    }
    clearPinned(&product)
  }

  private func clearPinned(_ force: inout MutableSpan<Double>) {
    for k in 0..<bodies.coordinates where bodies.hasPinned && bodies.pinned[k / bodies.dimension] {
      force[k] = 0
    }
  }

  /// Nil where V is a mean over bodies, which changes with their number.
  public func subsystem(of indices: [Int]) -> (any HamiltonianSystem)? {
    guard model.config.pool == .sum else { return nil }
    return LearnedSystem(
      model, bodies: bodies.subset(indices), features: indices.map { features[$0] }, precision: precision)
  }

  public func fault(at q: Span<Double>) -> String? {
    model.fault(at: q).map { "body '\(bodies.names[$0.body])' is \($0.why)" }
  }

  /// An enum, so that the compiler makes code for either type; see `AnyOperation`.
  private enum Network {
    case float32(OneSystem<Float>)
    case float64(OneSystem<Double>)
  }
}

/// The network of one system with scratch arrays for its numbers.
private final class OneSystem<T: NetworkScalar> {
  private let engine: TileEngine<T>
  private var q: [T]
  private var force: [T]
  private var isLoaded = false
  private let makeSecond: () -> SecondPass<T>
  private(set) lazy var second = makeSecond()

  init(
    _ model: HamiltonianModel, parameters: ParameterStorage<T>, bodies: Bodies, features: [[Double]]
  ) {
    engine = TileEngine(
      model.program, parameters: parameters, capacity: 1, bodies: bodies.count, evaluations: 1,
      tangents: false, team: .shared)
    makeSecond = { SecondPass(model, parameters: parameters, bodies: bodies, features: features) }
    engine.begin(systems: 1, features: features.flatMap { $0.map { T($0) } })
    q = [T](repeating: 0, count: bodies.coordinates)
    force = q
  }

  /// Whether the values in place are those at `positions`: integrators ask for the energy and the force of one state, one
  /// after the other.
  private func load(_ positions: Span<Double>) -> Bool {
    var isKnown = isLoaded
    for k in q.indices {
      let x = T(positions[k])
      // −0 and 0 are equal, but not to every function.
      if x != q[k] || x.sign != q[k].sign { isKnown = false }
      q[k] = x
    }
    isLoaded = true
    return isKnown
  }

  func potential(at positions: Span<Double>) -> Double {
    let isKnown = load(positions)
    return Double((isKnown ? engine.potential(0) : engine.potential(0, at: q))[0])
  }

  func bodyEnergies(at positions: Span<Double>) -> [Double] {
    _ = potential(at: positions)
    return engine.bodyEnergies(0).map { Double($0) }
  }

  func force(at positions: Span<Double>, into result: inout MutableSpan<Double>) {
    if load(positions) {
      engine.force(0, into: &force)
    } else {
      engine.force(0, at: q, into: &force)
    }
    for k in force.indices { result[k] = Double(force[k]) }
  }
}
