// SPDX-License-Identifier: GPL-3.0-or-later

/// What is known of a motion beside energies and momenta, state by state: its centre of mass, how near it is to virial equilibrium, its
/// closest pair, the modes of a chain, the eccentricity vector of a Kepler orbit.
public struct MotionAccount: Sendable {
  /// The columns that hold for the system, without the bodies of the closest pair.
  public let names: [String]
  /// Whether there are a centre of mass and distances: positions are places, and nothing holds bodies from outside.
  public let hasCentre: Bool
  public let hasPairs: Bool

  private let system: any HamiltonianSystem
  private let start: Frame
  private let modes: ModeEnergies?
  private var eccentricity: EccentricityVector?
  private let totalMass: Double

  /// One frame's worth.
  public struct Row: Sendable {
    public let step: Int
    public let t: Double
    /// In the order of `names`.
    public let values: [Double]
    public let closest: ClosestPair?
  }

  /// `modes` are how many of a chain's are wanted; nil takes five, or as many as there are. Throws where the system has none though a number was
  /// given, and for angles.
  public init(of law: any MechanicalSystem, from start: Frame, modes count: Int? = nil) throws {
    guard law.bodies.coordinatesKind == .cartesian else {
      throw NoetherError(
        "the positions of these bodies are angles, so that they have no centre of mass, virial or distances")
    }
    system = try law.separable()
    self.start = start
    let bodies = law.bodies
    modes = ModeEnergies(of: law, count: count ?? min(5, bodies.count))
    if let count, modes == nil {
      throw NoetherError(
        "--modes \(count): mode energies are those of a chain between walls (system.kind: chain) of equal free "
          + "masses, \(count) at least; leave --modes out")
    }
    eccentricity = EccentricityVector(of: law)
    let isAnchored = (law as? any ParametrisedSystem)?.parameters.law.anchor != nil
    totalMass = bodies.masses.reduce(0, +)
    hasCentre = !isAnchored && !bodies.hasPinned && totalMass > 0
    hasPairs = !isAnchored && bodies.count > 1
    let axes = ["x", "y", "z"].prefix(bodies.dimension)
    names =
      (hasCentre ? axes.map { "X_\($0)" } + ["X_drift"] : []) + ["virial_ratio"]
      + (hasPairs ? ["min_distance"] : []) + (modes?.names ?? []) + (eccentricity?.names ?? [])
  }

  /// The columns that are constant in the true motion.
  public var conserved: [String] {
    (hasCentre ? ["X_drift"] : []) + (modes?.names ?? []) + (eccentricity?.names ?? [])
  }

  /// Frames come in the order of their times.
  public mutating func row(_ frame: Frame) -> Row {
    var values: [Double] = []
    if hasCentre {
      let centre = self.centre(of: frame.state)
      let expected = zip(self.centre(of: start.state), velocity(of: start.state)).map {
        $0 + $1 * (frame.t - start.t)
      }
      values += centre
      values.append(zip(centre, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot())
    }
    values.append(virialRatio(frame.state))
    let closest = hasPairs ? ClosestPair(at: frame.state.q.span, of: system.bodies) : nil
    if hasPairs { values.append(closest?.distance ?? .nan) }
    if let modes { values += modes(frame.state) }
    if let numbers = eccentricity?(frame.state) { values += numbers }
    return Row(step: frame.step, t: frame.t, values: values, closest: closest)
  }

  /// X = Σ mᵢqᵢ/M.
  private func centre(of state: PhaseState) -> [Double] {
    let d = system.bodies.dimension
    return (0..<d).map { axis in
      system.bodies.masses.enumerated().reduce(0) { $0 + $1.element * state.q[$1.offset * d + axis] }
        / totalMass
    }
  }

  /// P/M, in which test particles have no share.
  private func velocity(of state: PhaseState) -> [Double] {
    let d = system.bodies.dimension
    return (0..<d).map { axis in
      system.bodies.masses.enumerated().reduce(0) {
        $0 + ($1.element > 0 ? state.p[$1.offset * d + axis] : 0)
      } / totalMass
    }
  }

  /// T/|Σ qᵢ·Fᵢ|, ½ on average over a bounded motion (Clausius 1870); under Newton's gravity Σ qᵢ·Fᵢ = V. T without that of the centre of mass,
  /// where bodies are free.
  private func virialRatio(_ state: PhaseState) -> Double {
    var force = [Double](repeating: 0, count: state.q.count)
    var out = force.mutableSpan
    system.force(at: state.q.span, into: &out)
    let d = system.bodies.dimension
    let virial = force.indices.reduce(0) { sum, k in
      system.bodies.masses[k / d] > 0 ? sum + state.q[k] * force[k] : sum
    }
    var T = system.kineticEnergy(of: state.p.span)
    if hasCentre { T -= totalMass * velocity(of: state).reduce(0) { $0 + $1 * $1 } / 2 }
    return virial == 0 ? .nan : T / virial.magnitude
  }
}
