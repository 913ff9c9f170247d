// SPDX-License-Identifier: GPL-3.0-or-later

/// Two trajectories of the same bodies, seen at the same times.
public struct TrajectoryPair: Sendable {
  public let system: Int
  public let bodies: Bodies
  public let frames: [(Frame, Frame)]

  /// The systems of two sets, each with its counterpart.
  ///
  /// Throws where systems, bodies or times differ; with `common`, times that only one of the two has are left out, and at least one must be
  /// shared. `names` stand in messages.
  public static func all(
    of a: TrajectorySet, _ b: TrajectorySet, names: (String, String), common: Bool = false
  ) throws -> [TrajectoryPair] {
    let (first, second) = (a.members.map(\.index), b.members.map(\.index))
    guard first.sorted() == second.sorted() else {
      throw NoetherError(
        "\(names.0) has \(Self.list(first)), \(names.1) \(Self.list(second)); compare runs of the same systems"
      )
    }
    return try a.members.map { member in
      guard let other = b.members.first(where: { $0.index == member.index }) else {
        throw NoetherError("\(names.1): there is no system \(member.index)")
      }
      return try TrajectoryPair(member, other, names: names, common: common)
    }
  }

  private init(
    _ a: TrajectorySet.Member, _ b: TrajectorySet.Member, names: (String, String), common: Bool
  ) throws {
    let (one, two) = ("\(names.0): system \(a.index)", "\(names.1): system \(b.index)")
    func shape(_ bodies: Bodies) -> String { "\(bodies.count) bodies in \(bodies.dimension) dimensions" }
    guard a.bodies.count == b.bodies.count, a.bodies.dimension == b.bodies.dimension else {
      throw NoetherError(
        "\(one) has \(shape(a.bodies)), \(two) \(shape(b.bodies)); only the same bodies can be compared")
    }
    if let body = a.bodies.masses.indices.first(where: { a.bodies.masses[$0] != b.bodies.masses[$0] }) {
      throw NoetherError(
        "\(one): body '\(a.bodies.names[body])' has the mass \(a.bodies.masses[body]), in \(names.1) "
          + "\(b.bodies.masses[body]); only the same bodies can be compared")
    }
    system = a.index
    // trajectory.npz calls its bodies by number.
    bodies = a.bodies.areNumbered ? b.bodies : a.bodies
    frames =
      common ? Self.shared(a.frames, b.frames) : zip(a.frames, b.frames).map { ($0, $1) }
    if common, frames.isEmpty {
      throw NoetherError("\(one) and \(two) have no time in common, so there is nothing to compare")
    }
    guard !common else { return }
    let remedy =
      "nothing is interpolated: make both with the same output, or take the times that both have with --common"
    if let k = frames.firstIndex(where: { !Self.isSameTime($0.t, $1.t) }) {
      throw NoetherError(
        "\(one) is seen at t = \(frames[k].0.t) where \(two) is at \(frames[k].1.t) (frame \(k)); \(remedy)")
    }
    guard a.frames.count == b.frames.count else {
      throw NoetherError(
        "\(one) has \(a.frames.count) frames to t = \(a.frames.last?.t ?? 0), \(two) \(b.frames.count) to "
          + "\(b.frames.last?.t ?? 0); \(remedy)")
    }
  }

  /// Whether two times differ by what rounding makes of n·h at most.
  private static func isSameTime(_ a: Double, _ b: Double) -> Bool {
    (a - b).magnitude <= 4 * max(a.magnitude, b.magnitude).ulp
  }

  /// The frames at the times that both have; times run one way, forward or backward.
  private static func shared(_ a: [Frame], _ b: [Frame]) -> [(Frame, Frame)] {
    let isBackward = a.count > 1 && a[a.count - 1].t < a[0].t
    var (i, j, pairs) = (0, 0, [(Frame, Frame)]())
    while i < a.count, j < b.count {
      if isSameTime(a[i].t, b[j].t) {
        pairs.append((a[i], b[j]))
        (i, j) = (i + 1, j + 1)
      } else if (a[i].t < b[j].t) != isBackward {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }

  private static func list(_ systems: [Int]) -> String {
    let shown = systems.prefix(5).map(String.init).joined(separator: ", ")
    let rest = systems.count > 5 ? ", … (\(systems.count))" : ""
    return "system\(systems.count == 1 ? "" : "s") \(shown)\(rest)"
  }
}
