// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A system with a start, and its name for messages.
public struct Problem: Sendable, CustomStringConvertible {
  public let name: String
  public let system: any HamiltonianSystem
  public let initial: PhaseState

  public init(_ name: String, _ system: any HamiltonianSystem, _ initial: PhaseState) {
    self.name = name
    self.system = system
    self.initial = initial
  }

  public var description: String { name }

  /// The same start with the momenta turned round.
  public var reversed: Problem { Problem(name, system, initial.reversed) }
}

extension PhaseState {
  public var reversed: PhaseState { PhaseState(q: q, p: p.map { -$0 }) }

  /// Largest difference of a coordinate.
  public func distance(to other: PhaseState) -> Double {
    zip(q + p, other.q + other.p).map { ($0 - $1).magnitude }.max() ?? 0
  }
}

extension Problem {
  /// One body about a pinned one, eccentricity 0.6, period 2π, H = −1/2, L = 0.8
  /// (Hairer, Lubich & Wanner, Geometric Numerical Integration, I.2).
  public static let kepler = Problem(
    "kepler",
    GravitySystem(
      bodies: Bodies(dimension: 2, names: ["sun", "planet"], masses: [1, 1], pinned: [true, false]),
      G: 1, softening: 0),
    PhaseState(q: [0, 0, 0.4, 0], p: [0, 0, 0, 2]))

  /// The same pair with the planet on a circle: q = (cos t, sin t).
  public static let circle = Problem("circle", kepler.system, PhaseState(q: [0, 0, 1, 0], p: [0, 0, 0, 1]))

  /// Where the planet of `kepler` is at t = 4.
  public static let keplerAt4 = [-1.454318730723481, -0.4157995719747838]

  /// The figure-eight (Chenciner & Montgomery 2000; digits refined to close within 1e-14).
  public static let figureEight: Problem = {
    let (x, y) = (0.97000435669734563955, -0.24308753153583290860)
    let (u, v) = (-0.932407371441032646796563, -0.864731460921019710361327)
    return Problem(
      "figure-eight",
      GravitySystem(bodies: Bodies(dimension: 2, masses: [1, 1, 1]), G: 1, softening: 0),
      PhaseState(q: [x, y, -x, -y, 0, 0], p: [-u / 2, -v / 2, -u / 2, -v / 2, u, v]))
  }()

  public static let figureEightPeriod = 6.325913982926287167895527

  /// Masses 3, 4, 5 at rest in the corners of a right triangle (Burrau 1913; Szebehely & Peters 1967).
  public static let pythagorean = Problem(
    "pythagorean",
    GravitySystem(bodies: Bodies(dimension: 2, masses: [3, 4, 5]), G: 1, softening: 0),
    PhaseState(q: [1, 3, -2, -1, 1, -1], p: [0, 0, 0, 0, 0, 0]))

  /// Sun to Pluto on 5 September 1994, 0h00, in AU, days and solar masses
  /// (Hairer, Lubich & Wanner, Geometric Numerical Integration, I.2.4).
  public static let outerSolarSystem: Problem = {
    let m = [
      1.00000597682, 0.000954786104043, 0.000285583733151, 4.37273164546e-05, 5.17759138449e-05,
      1 / 1.3e8,
    ]
    let names = ["Sun", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto"]
    let q = [
      0, 0, 0, -3.5023653, -3.8169847, -1.5507963, 9.0755314, -3.0458353, -1.6483708, 8.310142, -16.2901086,
      -7.2521278, 11.4707666, -25.7294829, -10.8169456, -15.5387357, -25.2225594, -3.1902382,
    ]
    let v = [
      0, 0, 0, 0.00565429, -0.0041249, -0.00190589, 0.00168318, 0.00483525, 0.00192462, 0.00354178,
      0.00137102, 0.00055029, 0.0028893, 0.00114527, 0.00039677, 0.00276725, -0.00170702, -0.00136504,
    ]
    return Problem(
      "outer solar system",
      GravitySystem(
        bodies: Bodies(
          dimension: 3, names: names, masses: m, pinned: Array(repeating: false, count: 6)),
        G: 2.95912208286e-4, softening: 0),
      PhaseState(q: q, p: v.indices.map { m[$0 / 3] * v[$0] }))
  }()

  /// One unit mass on a spring to a pinned one: V = κq² with κ = ω²/2, so that q̈ = −ω²q.
  public static func oscillator(ω: Double) -> Problem {
    Problem(
      "oscillator",
      SpringSystem(
        bodies: Bodies(dimension: 2, names: ["wall", "mass"], masses: [1, 1], pinned: [true, false]),
        couplings: [SpringCoupling(i: 0, j: 1, k: ω * ω / 2)]),
      PhaseState(q: [0, 0, 1, 0.5], p: [0, 0, 0.3, -0.2]))
  }

  /// The spring ensemble of the LieConv paper (Finzi et al. 2020): six bodies in the plane, κᵢⱼ = kᵢkⱼ,
  /// m from U(0.1, 3.1), k from U(0, 5), q from N(0, 0.4²), p from N(0, 0.6²) less its mean over the bodies.
  ///
  /// Rest lengths are c (mᵢ + mⱼ) with c = `restLengthPerMass`.
  public static func springs(
    seed: UInt64, bodies count: Int = 6, dimension: Int = 2, restLengthPerMass c: Double = 0
  ) -> Problem {
    var random = SeededGenerator(seed: seed)
    let m = (0..<count).map { _ in random.uniform(0.1, 3.1) }
    let k = (0..<count).map { _ in random.uniform(0, 5) }
    let q = (0..<count * dimension).map { _ in 0.4 * random.normal() }
    let p = (0..<count * dimension).map { _ in 0.6 * random.normal() }
    let mean = (0..<dimension).map { axis in
      (0..<count).reduce(0) { $0 + p[$1 * dimension + axis] } / Double(count)
    }
    return Problem(
      "springs \(seed), \(dimension)D, rest length per mass \(c)",
      SpringSystem(bodies: Bodies(dimension: dimension, masses: m), stiffness: k, restLengthPerMass: c),
      PhaseState(q: q, p: p.indices.map { p[$0] - mean[$0 % dimension] }))
  }

  /// A loose chain of springs with rest lengths, some of them without, the first body pinned.
  public static func chain(seed: UInt64, dimension: Int) -> Problem {
    var random = SeededGenerator(seed: seed, path: 1)
    let count = 5
    let bodies = Bodies(
      dimension: dimension, names: (0..<count).map(String.init),
      masses: (0..<count).map { _ in random.uniform(0.5, 2) }, pinned: [true, false, false, false, false])
    let couplings = (1..<count).map {
      SpringCoupling(i: $0 - 1, j: $0, k: random.uniform(1, 3), restLength: $0 == 2 ? 0 : 0.8)
    }
    return Problem(
      "chain \(seed), \(dimension)D", SpringSystem(bodies: bodies, couplings: couplings),
      PhaseState(
        q: (0..<count * dimension).map { Double($0 / dimension) + 0.2 * random.normal() },
        p: (0..<count * dimension).map { _ in 0.3 * random.normal() }))
  }

  /// Bodies of unequal mass spread over a box, attracting each other.
  public static func cluster(seed: UInt64, dimension: Int, softening: Double) -> Problem {
    var random = SeededGenerator(seed: seed, path: 2)
    let count = 5
    return Problem(
      "cluster \(seed), \(dimension)D, softening \(softening)",
      GravitySystem(
        bodies: Bodies(dimension: dimension, masses: (0..<count).map { _ in random.uniform(0.2, 2) }),
        G: 0.7, softening: softening),
      PhaseState(
        q: (0..<count * dimension).map { 1.5 * Double($0 / dimension) + 0.3 * random.normal() },
        p: (0..<count * dimension).map { _ in 0.2 * random.normal() }))
  }

  /// One problem of every kind of system, on a line, in the plane and in space, with pinned bodies and without.
  public static let ofEveryKind: [Problem] =
    [
      .springs(seed: 1), .springs(seed: 2, dimension: 3), .springs(seed: 7, restLengthPerMass: 0.2),
      .springs(seed: 8, dimension: 3, restLengthPerMass: 0.2), .chain(seed: 3, dimension: 2),
      .springs(seed: 9, dimension: 1, restLengthPerMass: 0.2), .chain(seed: 10, dimension: 1),
      .chain(seed: 4, dimension: 3), .cluster(seed: 5, dimension: 2, softening: 0),
      .cluster(seed: 6, dimension: 3, softening: 0.3), .kepler,
    ] + ofEveryPairLaw
}
