// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Synchronization

/// The learned forces of many systems at once, of one size or of several, on several threads, in Float or Double.
///
/// Systems of the same size are cut into fixed tiles, so that the bits do not depend on the number of threads.
public final class BatchedForce<T: NetworkScalar> {
  /// Nodes per tile, about: enough rows that weights, read once per tile, cost little; few enough that what passes from
  /// one operation to the next stays in the nearer caches.
  private static var tileNodes: Int { 30 }

  private let tiles: [Tile]
  private let engines: Engines<T>
  private let threads: Int
  /// Bodies of all systems.
  private let bodies: Int
  private let dimension: Int

  private struct Tile {
    /// Its systems and the bodies of each, and what their features make.
    let shape: TileShape
    let values: StaticValues<T>
    /// The bodies of its systems, which are all as many, within the batch.
    let bodies: [Range<Int>]
  }

  /// For the bodies of `systems`, in the model's dimension and with its features.
  ///
  /// Throws where they are not, or the model has no potential.
  public init(_ model: HamiltonianModel, for systems: [any MechanicalSystem], threads: Int) throws {
    try model.checkPotential()
    for system in systems { try model.check(system) }
    self.threads = threads
    dimension = model.dimension
    let parameters = ParameterStorage(model.parameters.map { T($0) }, layout: model.layout)
    let program = model.program
    let bySize = Dictionary(grouping: systems.indices) { systems[$0].bodies.count }
    let capacities = bySize.reduce(into: [:]) { capacities, entry in
      capacities[entry.key] = max(
        1, min(entry.value.count, Self.tileNodes / max(1, entry.key * program.samples)))
    }
    let engines = Engines { size in
      TileEngine(
        program, parameters: parameters, capacity: capacities[size, default: 1], bodies: size, evaluations: 1,
        tangents: false, team: .shared)
    }
    self.engines = engines
    var (end, places) = (0, [Range<Int>]())
    for system in systems {
      places.append(end..<end + system.bodies.count)
      end += system.bodies.count
    }
    bodies = end
    tiles = bySize.sorted { $0.key < $1.key }.flatMap { size, members in
      let capacity = capacities[size, default: 1]
      return stride(from: 0, to: members.count, by: capacity).map { first in
        let members = members[first..<min(first + capacity, members.count)]
        let shape = TileShape(systems: members.count, bodies: size)
        let values = StaticValues<T>(program, shapes: [shape])
        engines.borrow(shape, values) { engine in
          engine.begin(
            systems: members.count,
            features: members.flatMap { systems[$0].features.flatMap { $0.map { T($0) } } })
        }
        return Tile(shape: shape, values: values, bodies: members.map { places[$0] })
      }
    }
  }

  /// F = −∂V/∂q of all bodies, system by system [bodies × dimension], at positions `q` in the same order.
  public func forces(at q: [T]) throws -> [T] {
    try forEachTile(at: q, perBody: dimension) { engine, q in
      var force = [T](repeating: 0, count: q.count)
      engine.force(0, at: q, into: &force)
      return force
    }
  }

  /// V_i of all bodies, system by system [bodies], the share of each in V = Σ V_i, at positions `q` [bodies × dimension].
  public func bodyEnergies(at q: [T]) throws -> [T] {
    try forEachTile(at: q, perBody: 1) { engine, q in
      _ = engine.potential(0, at: q)
      return engine.bodyEnergies(0)
    }
  }

  /// Puts what `body` makes of each tile and its positions, `perBody` numbers for every body, in the order of the batch.
  private func forEachTile(
    at q: [T], perBody width: Int, _ body: @Sendable (TileEngine<T>, [T]) -> [T]
  ) throws -> [T] {
    guard q.count == bodies * dimension else {
      throw NoetherError(
        "a batch of forces: \(q.count) coordinates where \(bodies) bodies in \(dimension) dimensions are due")
    }
    let d = dimension
    // What the tiles hold is only read.
    nonisolated(unsafe) let tiles = tiles
    // One tile holds the batch in its order.
    if tiles.count == 1 {
      return try parallelMap(count: 1, threads: threads) { [engines] _ in
        engines.borrow(tiles[0].shape, tiles[0].values) { engine in body(engine, q) }
      }[0]
    }
    let results = try parallelMap(count: tiles.count, threads: threads) { [engines] index -> [T] in
      let tile = tiles[index]
      return engines.borrow(tile.shape, tile.values) { engine in
        body(engine, tile.bodies.flatMap { q[$0.lowerBound * d..<$0.upperBound * d] })
      }
    }
    var joined = [T](repeating: 0, count: bodies * width)
    for (tile, result) in zip(tiles, results) {
      var at = 0
      for place in tile.bodies {
        for k in place.lowerBound * width..<place.upperBound * width {
          joined[k] = result[at]
          at += 1
        }
      }
    }
    return joined
  }
}

/// As many engines for each number of bodies as threads have wanted at a time.
private final class Engines<T: NetworkScalar>: Sendable {
  private struct Idle: @unchecked Sendable { var engines: [Int: [TileEngine<T>]] = [:] }
  private let idle = Mutex(Idle())
  private nonisolated(unsafe) let make: (_ bodies: Int) -> TileEngine<T>

  init(_ make: @escaping (_ bodies: Int) -> TileEngine<T>) { self.make = make }

  /// Calls `body` with an engine that nobody else uses meanwhile, on the tile that `values` belong to.
  func borrow<Result>(
    _ shape: TileShape, _ values: StaticValues<T>, _ body: (TileEngine<T>) -> Result
  ) -> Result {
    let bodies = shape.bodies
    let engine = idle.withLock { $0.engines[bodies]?.popLast() } ?? make(bodies)
    defer { idle.withLock { $0.engines[bodies, default: []].append(engine) } }
    engine.resume(values, systems: shape.systems)
    return body(engine)
  }
}
