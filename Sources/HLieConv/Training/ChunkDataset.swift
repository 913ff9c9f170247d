// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Short pieces of trajectories, one per system: what a model is trained and tested on.
///
/// All systems have the same number of bodies and all chunks the same times apart.
public struct ChunkDataset: Sendable {
  public let dimension: Int
  public let bodies: Int
  public let featureNames: [String]
  /// Points of a chunk, the starting one included.
  public let points: Int
  /// Time between two points.
  public let step: Double
  public private(set) var systems: [Entry] = []

  /// One system and its chunk.
  public struct Entry: Sendable {
    public let bodies: Bodies
    /// [bodies × features], flat.
    public let features: [Double]
    /// The states at the points of the chunk.
    public let states: [PhaseState]
  }

  public var count: Int { systems.count }

  public init(dimension: Int, bodies: Int, featureNames: [String], points: Int, step: Double) {
    self.dimension = dimension
    self.bodies = bodies
    self.featureNames = featureNames
    self.points = points
    self.step = step
  }

  /// Appends the chunk of a system; throws where it does not fit the others or is not finite.
  public mutating func append(_ system: any HamiltonianSystem, states: [PhaseState]) throws {
    guard system.bodies.count == bodies, system.bodies.dimension == dimension else {
      throw NoetherError(
        "training data: a system has \(system.bodies.count) bodies in \(system.bodies.dimension) dimensions, the "
          + "others have \(bodies) in \(dimension); train on systems of one size")
    }
    guard system.featureNames == featureNames else {
      throw NoetherError(
        "training data: a system is described by \(system.featureNames.joined(separator: ", ")), the others by "
          + "\(featureNames.joined(separator: ", ")); train on systems of one kind")
    }
    guard states.count == points, states.allSatisfy(\.isFinite) else {
      throw NoetherError(
        "training data: system \(count + 1) has a chunk that is not finite or not \(points) points long")
    }
    systems.append(Entry(bodies: system.bodies, features: system.features.flatMap { $0 }, states: states))
  }

  /// The chunks of the first `count` systems.
  public func prefix(_ count: Int) -> ChunkDataset {
    var part = self
    part.systems = Array(systems.prefix(count))
    return part
  }

  /// Every interval between two points as a chunk of its own, those of a system one after another.
  public var intervals: ChunkDataset {
    var pieces = ChunkDataset(
      dimension: dimension, bodies: bodies, featureNames: featureNames, points: 2, step: step)
    pieces.systems = systems.flatMap { entry in
      zip(entry.states, entry.states.dropFirst()).map {
        Entry(bodies: entry.bodies, features: entry.features, states: [$0, $1])
      }
    }
    return pieces
  }

  /// Σ Δp² over all changes of momenta from one point to the next, or Σ (Δp/m)², and how many there are.
  func momentumChanges(perMass: Bool = false) -> (squares: Double, count: Double) {
    var (squares, count) = (0.0, 0.0)
    for entry in systems {
      let unit = perMass ? entry.bodies.inverseMasses : nil
      for (state, next) in zip(entry.states, entry.states.dropFirst()) {
        for k in state.p.indices {
          let change = (next.p[k] - state.p[k]) * (unit?[k] ?? 1)
          squares += change * change
        }
        count += Double(state.p.count)
      }
    }
    return (squares, count)
  }

  /// The largest distance between two bodies of any state.
  public var largestDistance: Double {
    systems.reduce(0) { largest, entry in
      entry.states.reduce(largest) { max($0, greatestPairDistance($1.q.span, dimension: dimension)) }
    }
  }

  /// The error over the points of a chunk of predicting that nothing moves, and of free flight q + t p/m with p constant: what any
  /// model has to beat.
  public var trivialErrors: (hold: Double, freeFlight: Double) {
    var (hold, flight) = (0.0, 0.0)
    for entry in systems {
      let (start, inverse) = (entry.states[0], entry.bodies.inverseMasses)
      for (k, state) in entry.states.enumerated() {
        for c in state.q.indices {
          let moved = start.q[c] + Double(k) * step * start.p[c] * inverse[c]
          let momentum = (state.p[c] - start.p[c]) * (state.p[c] - start.p[c])
          hold += (state.q[c] - start.q[c]) * (state.q[c] - start.q[c]) + momentum
          flight += (state.q[c] - moved) * (state.q[c] - moved) + momentum
        }
      }
    }
    let numbers = Double(max(1, count) * points * 2 * bodies * dimension)
    return (hold / numbers, flight / numbers)
  }
}

/// The largest |q_i − q_j| of one configuration [bodies × dimension].
public func greatestPairDistance(_ q: Span<Double>, dimension d: Int) -> Double {
  var largest = 0.0
  for i in 0..<q.count / d {
    for j in 0..<i {
      var square = 0.0
      for axis in 0..<d {
        let difference = q[i * d + axis] - q[j * d + axis]
        square += difference * difference
      }
      largest = max(largest, square)
    }
  }
  return largest.squareRoot()
}
