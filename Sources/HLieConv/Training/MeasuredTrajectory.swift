// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// One measured trajectory of bodies that are known by their masses, of which some may be pinned.
public struct MeasuredTrajectory: Sendable {
  public let bodies: Bodies
  /// All frames, in the order of time.
  public let frames: [Frame]
  /// The mean time between two frames that are fitted, and the shortest.
  public let step: Double
  let shortest: Double
  /// How many of them are fitted; the others are there to be forecast.
  public let fitted: Int

  /// Throws where there are too few frames before `until`, they are not in the order of time, no body is free, or one that is to
  /// be `pinned` is not there or moves.
  public init(
    _ member: TrajectorySet.Member, until: Double, pinned: [String] = [], name: String
  ) throws {
    let times = member.frames.map(\.t)
    let fitted = times.count { $0 < until }
    guard fitted >= 3 else {
      throw NoetherError(
        "data.until: \(until): \(name) has \(fitted) frames before that time, at least 3 are needed; raise it"
      )
    }
    bodies = try member.bodies.pinning(pinned, key: "data.pinned", in: name)
    let d = bodies.dimension
    for body in 0..<bodies.count where bodies.pinned[body] {
      let axes = body * d..<(body + 1) * d
      for frame in member.frames where frame.state.q[axes] != member.frames[0].state.q[axes] {
        throw NoetherError(
          "data.pinned: \(bodies.names[body]) moves in \(name) (t = \(frame.t)); leave it out")
      }
    }
    let intervals = zip(times.dropFirst(), times).map { $0 - $1 }
    if let index = intervals.firstIndex(where: { $0 <= 0 }) {
      throw NoetherError(
        "\(name): the frame at t = \(times[index]) is followed by one at \(times[index + 1]); put frames in the order of "
          + "time, each once")
    }
    step = (times[fitted - 1] - times[0]) / Double(fitted - 1)
    shortest = intervals[..<(fitted - 1)].min() ?? step
    frames = member.frames
    self.fitted = fitted
  }

  /// The trajectory in the first system of a file.
  public static func read(
    _ path: String, until: Double, pinned: [String] = []
  ) throws -> MeasuredTrajectory {
    guard let member = try TrajectorySet.read(path).members.first else {
      throw NoetherError("\(path): holds no trajectory")
    }
    return try MeasuredTrajectory(member, until: until, pinned: pinned, name: path)
  }

  /// Where windows of `points` frames begin that cover all that are fitted: each at the end of the one before, but for the
  /// last, which ends with the last frame.
  func windowStarts(points: Int) -> [Int] {
    let last = fitted - points
    let even = Array(stride(from: 0, through: last, by: max(1, points - 1)))
    return even.last == last ? even : even + [last]
  }

  /// The times of the frames of every such window.
  func windowTimes(points: Int) -> [[Double]] {
    windowStarts(points: points).map { frames[$0..<$0 + points].map(\.t) }
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

extension Bodies {
  /// The same bodies, those called `names` pinned; throws where one is not there, or none is left to move.
  fileprivate func pinning(_ names: [String], key: String, in file: String) throws -> Bodies {
    for name in names where !self.names.contains(name) {
      throw NoetherError(
        "\(key): \(name) is no body of \(file); choose among: \(self.names.joined(separator: ", "))")
    }
    let pinned = zip(self.names, self.pinned).map { $1 || names.contains($0) }
    guard pinned.contains(false) else {
      throw NoetherError("\(key): pins all bodies of \(file); leave one free")
    }
    return Bodies(dimension: dimension, names: self.names, masses: masses, pinned: pinned)
  }
}

extension HamiltonianModel {
  /// The learned potential of bodies that are known by their masses alone; throws where the model wants to know more.
  public func system(of bodies: Bodies) throws -> LearnedSystem { try system(like: Massive(bodies: bodies)) }

  /// The learned law for such bodies, with its friction.
  public func law(of bodies: Bodies) throws -> any DynamicalSystem { try law(like: Massive(bodies: bodies)) }
}
