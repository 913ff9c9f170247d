// SPDX-License-Identifier: GPL-3.0-or-later

/// The trajectories of one run: what trajectory.npz and trajectory.csv hold.
///
/// All systems have equally many bodies and are seen at the same times. One that could not be followed to the
/// end has fewer frames; in trajectory.npz those it lacks are NaN.
public struct TrajectorySet: Sendable, Equatable {
  /// The parameters of the law, as far as the file has them.
  public enum Parameters: Sendable, Equatable {
    case unknown
    /// kᵢ of the product rule κᵢⱼ = kᵢkⱼ, and c of its rest lengths c (mᵢ + mⱼ).
    case productSprings(k: [Double], restLengthPerMass: Double = 0)
    case listedSprings([SpringCoupling])
    case gravity(G: Double, softening: Double)
    case registered(LawParameters)

    public init(of system: any MechanicalSystem) {
      switch system {
      case let springs as SpringSystem:
        self =
          springs.stiffness.map { .productSprings(k: $0, restLengthPerMass: springs.restLengthPerMass) }
          ?? .listedSprings(springs.couplings)
      case let gravity as GravitySystem: self = .gravity(G: gravity.G, softening: gravity.softening)
      case let registered as any ParametrisedSystem: self = .registered(registered.parameters)
      default: self = .unknown
      }
    }
  }

  /// The trajectory of one system.
  public struct Member: Sendable, Equatable {
    public var index: Int
    public var bodies: Bodies
    public var parameters: Parameters
    public var frames: [Frame]
    /// The atomic number of every body; empty where they are no atoms, or nothing tells which.
    public var nuclearCharges: [Int]

    public init(
      index: Int, bodies: Bodies, parameters: Parameters, frames: [Frame], nuclearCharges: [Int] = []
    ) {
      self.index = index
      self.bodies = bodies
      self.parameters = parameters
      self.frames = frames
      self.nuclearCharges = nuclearCharges
    }

    /// What the file tells of each body beside its mass, by symbol: k under the product rule.
    public var bodyParameters: [String: [Double]] {
      switch parameters {
      case .unknown, .listedSprings, .gravity: [:]
      case .productSprings(let k, _): [BodyParameter.stiffness.symbol: k]
      case .registered(let known):
        Dictionary(uniqueKeysWithValues: zip(known.law.parameters.map(\.symbol), known.columns))
      }
    }

    /// The true law, where the file tells its parameters.
    public var system: (any MechanicalSystem)? {
      switch parameters {
      case .unknown: nil
      case .productSprings(let k, let c):
        SpringSystem(bodies: bodies, stiffness: k, restLengthPerMass: c)
      case .listedSprings(let springs): SpringSystem(bodies: bodies, couplings: springs)
      case .gravity(let G, let softening): GravitySystem(bodies: bodies, G: G, softening: softening)
      case .registered(let known): known.system(of: bodies)
      }
    }
  }

  public var members: [Member]

  public init(members: [Member]) { self.members = members }

  /// The frames of runs under `system`, the true law.
  public init(_ runs: [(index: Int, system: any MechanicalSystem, frames: [Frame])]) {
    members = runs.map {
      Member(
        index: $0.index, bodies: $0.system.bodies, parameters: Parameters(of: $0.system), frames: $0.frames)
    }
  }

  /// The times of all frames: those of the longest trajectory. Throws where another has other times, or other
  /// numbers of bodies or axes.
  public func times(for path: String) throws -> [Double] {
    guard let longest = members.max(by: { $0.frames.count < $1.frames.count }), !longest.frames.isEmpty
    else { throw NoetherError("\(path): there is no trajectory in it") }
    let times = longest.frames.map(\.t)
    for member in members {
      guard member.bodies.count == longest.bodies.count, member.bodies.dimension == longest.bodies.dimension
      else {
        throw NoetherError(
          "\(path): system \(member.index) has \(member.bodies.count) bodies in \(member.bodies.dimension) "
            + "dimensions, system \(longest.index) \(longest.bodies.count) in \(longest.bodies.dimension); "
            + "put them into files of their own")
      }
      for (frame, time) in zip(member.frames, times) where frame.t.bitPattern != time.bitPattern {
        throw NoetherError(
          "\(path): system \(member.index) is seen at t = \(frame.t) where system \(longest.index) is at "
            + "\(time); all systems must be seen at the same times")
      }
    }
    return times
  }
}
