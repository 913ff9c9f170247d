// SPDX-License-Identifier: GPL-3.0-or-later

/// A data set in the precision that the network runs in, cut into tiles on demand.
struct ChunkTensors<T: NetworkScalar>: Sendable {
  /// Bodies of each system.
  private(set) var bodies: [Int]
  let dimension: Int
  let points: Int
  let step: T
  private var features: [[T]]
  private var inverseMasses: [[T]]
  private var isFree: [[T]]
  /// [system][point]: flat positions, then flat momenta.
  private var q: [[[T]]]
  private var p: [[[T]]]
  /// V and F of the first points where they are known, zeros where not.
  private var energies: [T]
  private var forces: [[T]]

  init(_ data: ChunkDataset) {
    bodies = data.systems.map(\.bodies.count)
    dimension = data.dimension
    points = data.points
    step = T(data.step)
    features = data.systems.map { $0.features.map { T($0) } }
    inverseMasses = data.systems.map { $0.bodies.inverseMasses.map { T($0) } }
    isFree = data.systems.map { entry in
      (0..<entry.bodies.coordinates).map { entry.bodies.pinned[$0 / entry.bodies.dimension] ? 0 : 1 }
    }
    q = data.systems.map { $0.states.map { $0.q.map { T($0) } } }
    p = data.systems.map { $0.states.map { $0.p.map { T($0) } } }
    energies = data.systems.map { T($0.labels?.energy ?? 0) }
    forces = data.systems.map { ($0.labels?.forces ?? []).map { T($0) } }
  }

  var count: Int { q.count }
  /// The different numbers of bodies, smallest first.
  var sizes: [Int] { Set(bodies).sorted() }
  /// Numbers in the chunk of a system, over which its error is averaged: points × 2 × bodies × dimension.
  func numbers(of bodies: Int) -> Int { points * 2 * bodies * dimension }

  /// The concatenation of some systems, which have as many bodies as each other.
  func tile(_ indices: some Collection<Int>) -> Tile {
    Tile(
      systems: indices.count, bodies: indices.first.map { bodies[$0] } ?? 0,
      features: indices.flatMap { features[$0] },
      inverseMasses: indices.flatMap { inverseMasses[$0] }, isFree: indices.flatMap { isFree[$0] },
      states: (0..<points).map { k in (indices.flatMap { q[$0][k] }, indices.flatMap { p[$0][k] }) },
      energies: indices.map { energies[$0] }, forces: indices.flatMap { forces[$0] })
  }

  /// Some of the systems, in the order of `indices`.
  func selecting(_ indices: [Int]) -> ChunkTensors {
    var part = self
    part.bodies = indices.map { bodies[$0] }
    part.features = indices.map { features[$0] }
    part.inverseMasses = indices.map { inverseMasses[$0] }
    part.isFree = indices.map { isFree[$0] }
    part.q = indices.map { q[$0] }
    part.p = indices.map { p[$0] }
    part.energies = indices.map { energies[$0] }
    part.forces = indices.map { forces[$0] }
    return part
  }

  /// Replaces all that one system has of each body, [bodies × something].
  mutating func mapBodies(of system: Int, _ change: ([T]) -> [T]) {
    features[system] = change(features[system])
    inverseMasses[system] = change(inverseMasses[system])
    isFree[system] = change(isFree[system])
    mapVectors(of: system, change)
  }

  /// Replaces positions, momenta and forces of one system, [bodies × dimension] each.
  mutating func mapVectors(of system: Int, _ change: ([T]) -> [T]) {
    q[system] = q[system].map(change)
    p[system] = p[system].map(change)
    forces[system] = change(forces[system])
  }

  struct Tile {
    let systems: Int
    let bodies: Int
    let features: [T]
    let inverseMasses: [T]
    let isFree: [T]
    let states: [(q: [T], p: [T])]
    let energies: [T]
    let forces: [T]
  }
}
