// SPDX-License-Identifier: GPL-3.0-or-later

/// A data set in the precision that the network runs in, cut into tiles on demand.
struct ChunkTensors<T: NetworkScalar>: Sendable {
  /// Bodies of each system.
  let bodies: [Int]
  let dimension: Int
  let points: Int
  let step: T
  private let features: [[T]]
  private let inverseMasses: [[T]]
  private let isFree: [[T]]
  /// [system][point]: flat positions, then flat momenta.
  private let q: [[[T]]]
  private let p: [[[T]]]
  /// V and F of the first points where they are known, zeros where not.
  private let energies: [T]
  private let forces: [[T]]

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
