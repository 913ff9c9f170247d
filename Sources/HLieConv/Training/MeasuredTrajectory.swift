// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One measured trajectory of bodies that are known by their masses.
public struct MeasuredTrajectory: Sendable {
  public let bodies: Bodies
  /// All frames, evenly spaced.
  public let frames: [Frame]
  /// Time between two frames.
  public let step: Double
  /// How many of them are fitted; the others are there to be forecast.
  public let fitted: Int

  /// Throws where there are too few frames before `until`, they are not evenly spaced, or a body is pinned.
  public init(_ member: TrajectorySet.Member, until: Double, name: String) throws {
    let times = member.frames.map(\.t)
    let fitted = times.count { $0 < until }
    guard fitted >= 3 else {
      throw NoetherError(
        "data.until: \(until): \(name) has \(fitted) frames before that time, at least 3 are needed; raise it"
      )
    }
    guard !member.bodies.hasPinned else {
      throw NoetherError("\(name): a body is pinned; only free bodies can be fitted")
    }
    step = (times[times.count - 1] - times[0]) / Double(times.count - 1)
    for (index, t) in times.enumerated() where abs(t - times[0] - Double(index) * step) > 1e-6 * abs(step) {
      throw NoetherError("\(name): its frames are not evenly spaced (frame \(index) is at t = \(t))")
    }
    bodies = member.bodies
    frames = member.frames
    self.fitted = fitted
  }

  /// The trajectory in the first system of a file.
  public static func read(_ path: String, until: Double) throws -> MeasuredTrajectory {
    guard let member = try TrajectorySet.read(path).members.first else {
      throw NoetherError("\(path): holds no trajectory")
    }
    return try MeasuredTrajectory(member, until: until, name: path)
  }

  /// Where windows of `points` frames begin that cover all that are fitted: each at the end of the one before, but for the
  /// last, which ends with the last frame.
  func windowStarts(points: Int) -> [Int] {
    let last = fitted - points
    let even = Array(stride(from: 0, through: last, by: max(1, points - 1)))
    return even.last == last ? even : even + [last]
  }

  /// The windows of `points` frames as chunks.
  func windows(points: Int) throws -> ChunkDataset {
    var data = ChunkDataset(
      dimension: bodies.dimension, featureNames: ["m"], points: points, step: step)
    for start in windowStarts(points: points) {
      try data.append(Massive(bodies: bodies), states: frames[start..<start + points].map(\.state))
    }
    return data
  }
}

/// Bodies that nothing is known of but their masses: no force acts.
private struct Massive: HamiltonianSystem {
  let bodies: Bodies
  var features: [[Double]] { bodies.masses.map { [$0] } }
  var featureNames: [String] { ["m"] }
  func potentialEnergy(at positions: Span<Double>) -> Double { 0 }
  func force(at positions: Span<Double>, into result: inout MutableSpan<Double>) {
    for k in 0..<result.count { result[k] = 0 }
  }
}

extension HamiltonianModel {
  /// The learned law for bodies that are known by their masses alone; throws where the model wants to know more.
  public func system(of bodies: Bodies) throws -> LearnedSystem { try system(like: Massive(bodies: bodies)) }
}
