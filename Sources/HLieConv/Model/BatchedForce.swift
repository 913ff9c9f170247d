// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// The learned forces of many systems of one size at once, on several threads, in Float or Double.
///
/// Systems are cut into fixed tiles, so that the bits do not depend on the number of threads.
public final class BatchedForce<T: NetworkScalar> {
  /// Systems per tile.
  private static var tileSize: Int { 16 }

  private let tiles: [Tile]
  private let threads: Int

  private struct Tile {
    let engine: TileEngine<T>
    /// Its coordinates within the batch.
    let range: Range<Int>
  }

  /// For the bodies of `systems`, which are all as many, in the model's dimension and with its features.
  ///
  /// Throws where they are not.
  public init(_ model: HamiltonianModel, for systems: [any HamiltonianSystem], threads: Int) throws {
    let bodies = systems.first?.bodies.count ?? 0
    for system in systems {
      guard system.bodies.count == bodies, system.bodies.dimension == model.dimension,
        system.featureNames == model.featureNames
      else { throw NoetherError("a batch of forces: the systems do not fit each other or the model") }
    }
    self.threads = threads
    let parameters = ParameterStorage(model.parameters.map { T($0) }, layout: model.layout)
    let width = bodies * model.dimension
    tiles = stride(from: 0, to: systems.count, by: Self.tileSize).map { first in
      let last = min(first + Self.tileSize, systems.count)
      let engine = TileEngine(
        model.program, parameters: parameters,
        capacity: last - first,
        bodies: bodies, evaluations: 1, tangents: false)
      engine.begin(
        systems: last - first,
        features: systems[first..<last].flatMap { $0.features.flatMap { $0.map { T($0) } } })
      return Tile(engine: engine, range: first * width..<last * width)
    }
  }

  /// F = −∂V/∂q [systems × bodies × dimension] at positions `q` of the same shape.
  public func forces(at q: [T]) throws -> [T] {
    try forEachTile(at: q) { engine, q in
      var force = [T](repeating: 0, count: q.count)
      engine.force(0, at: q, into: &force)
      return force
    }
  }

  /// V_i [systems × bodies], the share of each body in V = Σ V_i, at positions `q` [systems × bodies × dimension].
  public func bodyEnergies(at q: [T]) throws -> [T] {
    try forEachTile(at: q) { engine, q in
      _ = engine.potential(0, at: q)
      return engine.bodyEnergies(0)
    }
  }

  /// Joins what `body` makes of each tile and its positions, in the order of the tiles.
  private func forEachTile(
    at q: [T], _ body: @Sendable (TileEngine<T>, [T]) -> [T]
  ) throws -> [T] {
    precondition(q.count == tiles.last?.range.upperBound ?? 0, "positions do not fit the batch")
    // A tile's engine is used by the one thread that has taken the tile.
    nonisolated(unsafe) let tiles = tiles
    return try parallelMap(count: tiles.count, threads: threads) { index -> [T] in
      body(tiles[index].engine, Array(q[tiles[index].range]))
    }.flatMap { $0 }
  }
}
