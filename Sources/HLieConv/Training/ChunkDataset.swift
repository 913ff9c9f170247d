// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// Short pieces of trajectories, one per system: what a model is trained and tested on.
///
/// All chunks have their points the same times apart; systems may have different numbers of bodies.
public struct ChunkDataset: Sendable {
  public let dimension: Int
  public let featureNames: [String]
  /// Points of a chunk, the starting one included.
  public let points: Int
  /// Time between two points.
  public let step: Double
  public private(set) var systems: [Entry] = []

  /// One system and its chunk.
  public struct Entry: Sendable {
    /// The law of the system, as far as it is known.
    public let law: any MechanicalSystem
    /// [bodies × features], flat.
    public let features: [Double]
    /// The states at the points of the chunk.
    public let states: [PhaseState]
    /// What is known of the potential at the first of them.
    public var labels: PotentialLabels?

    public var bodies: Bodies { law.bodies }
  }

  public var count: Int { systems.count }
  /// The different numbers of bodies, smallest first.
  public var sizes: [Int] { Set(systems.map(\.bodies.count)).sorted() }

  public init(dimension: Int, featureNames: [String], points: Int, step: Double) {
    self.dimension = dimension
    self.featureNames = featureNames
    self.points = points
    self.step = step
  }

  /// Appends the chunk of a system; throws where it does not fit the others or is not finite.
  public mutating func append(
    _ system: any MechanicalSystem, states: [PhaseState], labels: PotentialLabels? = nil
  ) throws {
    guard system.bodies.count > 0, system.bodies.dimension == dimension else {
      throw NoetherError(
        "training data: a system has \(system.bodies.count) bodies in \(system.bodies.dimension) dimensions, the "
          + "others live in \(dimension); train on systems of one kind")
    }
    guard system.featureNames == featureNames else {
      throw NoetherError(
        "training data: a system is described by \(system.featureNames.joined(separator: ", ")), the others by "
          + "\(featureNames.joined(separator: ", ")); train on systems of one kind")
    }
    guard !system.bodies.hasTestParticles else {
      throw NoetherError(
        "training data: a system has a body without mass; a law is learned from bodies with mass")
    }
    guard states.count == points,
      states.allSatisfy({ $0.isFinite && $0.q.count == system.bodies.coordinates })
    else {
      throw NoetherError(
        "training data: system \(count + 1) has a chunk that is not finite or not \(points) points long")
    }
    if let labels {
      let isWhole =
        labels.forces.map { $0.count == system.bodies.coordinates && $0.allSatisfy(\.isFinite) } ?? true
      guard isWhole, labels.energy?.isFinite ?? true else {
        throw NoetherError("training data: the energy or a force of system \(count + 1) is not finite")
      }
    }
    systems.append(
      Entry(law: system, features: system.features.flatMap { $0 }, states: states, labels: labels))
  }

  /// The chunks of the first `count` systems.
  public func prefix(_ count: Int) -> ChunkDataset {
    var part = self
    part.systems = Array(systems.prefix(count))
    return part
  }

  /// Every interval between two points as a chunk of its own, those of a system one after another.
  public var intervals: ChunkDataset {
    pieces(step: step) { Array(zip($0.states, $0.states.dropFirst())) }
  }

  /// Every point as a chunk of its own: a state z and, after a time of 1, z + f(z), where f is the law's vector field. One step of
  /// Euler's method (`ChunkMethod.rates`) from z is right where the learned rates are.
  ///
  /// Throws where a force is not finite.
  func rates() throws -> ChunkDataset {
    let pieces = pieces(step: 1) { entry in
      entry.states.map { state in
        let (qdot, pdot) = Dynamics.rates(of: entry.law, at: state)
        return (state, PhaseState(q: zip(state.q, qdot).map(+), p: zip(state.p, pdot).map(+)))
      }
    }
    if let bad = pieces.systems.firstIndex(where: { !$0.states[1].isFinite }) {
      throw NoetherError("training data: the true force on system \(bad / points + 1) is not finite")
    }
    return pieces
  }

  private func pieces(step: Double, _ pairs: (Entry) -> [(PhaseState, PhaseState)]) -> ChunkDataset {
    var pieces = ChunkDataset(dimension: dimension, featureNames: featureNames, points: 2, step: step)
    pieces.systems = systems.flatMap { entry in
      pairs(entry).map { Entry(law: entry.law, features: entry.features, states: [$0, $1]) }
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

  /// Σ F² over all components of the forces that the data give, and how many there are; nil where they give none.
  var forceSquares: (squares: Double, count: Double)? {
    let forces = systems.flatMap { $0.labels?.forces ?? [] }
    return forces.isEmpty ? nil : (forces.reduce(0) { $0 + $1 * $1 }, Double(forces.count))
  }

  /// The standard deviation of the energies that the data give, over the root of the mean number of bodies; nil where they give
  /// none.
  var energyDeviation: Double? {
    let energies = systems.compactMap { $0.labels?.energy }
    guard !energies.isEmpty else { return nil }
    let mean = energies.reduce(0, +) / Double(energies.count)
    let variance = energies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(energies.count)
    let bodies = Double(systems.reduce(0) { $0 + $1.bodies.count }) / Double(systems.count)
    return (variance / bodies).squareRoot()
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
      let share = 1 / Double(points * 2 * entry.bodies.coordinates)
      for (k, state) in entry.states.enumerated() {
        for c in state.q.indices {
          let moved = start.q[c] + Double(k) * step * start.p[c] * inverse[c]
          let momentum = share * (state.p[c] - start.p[c]) * (state.p[c] - start.p[c])
          hold += share * (state.q[c] - start.q[c]) * (state.q[c] - start.q[c]) + momentum
          flight += share * (state.q[c] - moved) * (state.q[c] - moved) + momentum
        }
      }
    }
    return (hold / Double(max(1, count)), flight / Double(max(1, count)))
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
