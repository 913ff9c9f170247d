// SPDX-License-Identifier: GPL-3.0-or-later

import Dispatch
import Dynamics
import Synchronization

/// The learned force of many systems at once, in float32, on several threads.
///
/// Systems are independent of each other, so the values do not depend on the number of threads.
public final class BatchedForce {
  /// Systems per tile: enough rows for efficient matrix products, few enough that every thread finds work.
  private static let tileSize = 9

  private let engines: [TileEngine<Float>]
  private let features: [[Float]]
  private let coordinates: Int
  private let parameters: UnsafeMutableBufferPointer<Float>

  /// For systems with the bodies and features of `systems`, which all have equally many bodies.
  ///
  /// Throws where they do not, or where the model knows bodies by other features.
  public init(_ model: HamiltonianModel, systems: [any HamiltonianSystem], threads: Int) throws {
    guard let first = systems.first, systems.allSatisfy({ $0.bodies.count == first.bodies.count }) else {
      throw NoetherError("a batch needs one system or more, all with equally many bodies")
    }
    guard
      systems.allSatisfy({ $0.bodies.dimension == model.dimension && $0.featureNames == model.featureNames })
    else {
      throw NoetherError(
        "the model knows \(model.dimension)-dimensional bodies by "
          + "\(model.featureNames.joined(separator: ", ")); the batch has others")
    }
    coordinates = first.bodies.coordinates
    features = systems.map { $0.features.flatMap { $0.map { Float($0) } } }
    let parameters = UnsafeMutableBufferPointer<Float>.allocate(capacity: model.parameters.count)
    _ = parameters.initialize(from: model.parameters.map { Float($0) })
    self.parameters = parameters
    let tiles = (systems.count + Self.tileSize - 1) / Self.tileSize
    engines = (0..<max(1, min(threads, tiles))).map { _ in
      TileEngine(
        model.program, parameters: UnsafePointer(parameters.baseAddress.unsafelyUnwrapped),
        capacity: min(Self.tileSize, systems.count), bodies: first.bodies.count, evaluations: 1,
        tangents: false)
    }
  }

  deinit { parameters.deallocate() }

  /// F = −∂V/∂q [systems × bodies × dimension] at `q`, of the same shape; the mass enters with q̇ = p/m, not here.
  public func callAsFunction(at q: [Float]) throws -> [Float] {
    guard q.count == features.count * coordinates else {
      throw NoetherError("\(q.count) coordinates where the batch has \(features.count * coordinates)")
    }
    let tiles = (features.count + Self.tileSize - 1) / Self.tileSize
    let next = Atomic<Int>(0)
    let results = Mutex([[Float]](repeating: [], count: tiles))
    nonisolated(unsafe) let batch = self
    DispatchQueue.concurrentPerform(iterations: engines.count) { worker in
      while true {
        let tile = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if tile >= tiles { return }
        let force = batch.force(ofTile: tile, at: q, on: batch.engines[worker])
        results.withLock { $0[tile] = force }
      }
    }
    return results.withLock { $0.flatMap { $0 } }
  }

  private func force(ofTile tile: Int, at q: [Float], on engine: TileEngine<Float>) -> [Float] {
    let systems = tile * Self.tileSize..<min((tile + 1) * Self.tileSize, features.count)
    engine.begin(systems: systems.count, features: features[systems].flatMap { $0 })
    var force = [Float](repeating: 0, count: systems.count * coordinates)
    engine.force(
      0, at: Array(q[systems.lowerBound * coordinates..<systems.upperBound * coordinates]), into: &force)
    return force
  }
}
