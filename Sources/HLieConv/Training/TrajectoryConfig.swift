// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// A training configuration whose loss compares whole trajectories with measured positions.
public struct TrajectoryConfig: Sendable {
  /// Some iterations of Levenberg–Marquardt on windows of so many points, or of all there are.
  public struct Phase: Sendable, Equatable {
    public let points: Int?
    public let iterations: Int
    public let layers: FittedLayers
  }

  /// The file of the measured trajectory.
  public let trajectories: String
  /// Frames before this time are fitted, the others are there to be forecast.
  public let until: Double
  /// Bodies that do not move, such as what a pendulum hangs from.
  public let pinned: [String]
  public let model: ModelConfig
  public let method: ChunkMethod
  /// Steps of the method in the shortest time from point to point.
  public let substeps: Int
  /// σ, the standard error of a measured coordinate.
  public let noise: Double
  public let phases: [Phase]
  /// The whole configuration as read.
  public let resolved: ConfigNode

  /// Iterations of all phases.
  public var iterations: Int { phases.reduce(0) { $0 + $1.iterations } }

  /// Whether a training configuration is one of this kind.
  public static func isMeant(by node: ConfigNode) -> Bool {
    guard let kind = node["loss"]?["kind"] else { return false }
    return (try? kind.string()) == "trajectory"
  }

  /// What was measured.
  public func measured() throws -> MeasuredTrajectory {
    try MeasuredTrajectory.read(trajectories, until: until, pinned: pinned)
  }

  public init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node, keys: ["format", "version", "name", "description", "data", "model", "loss", "optimizer"])
    try reader.requireFormat(TrainingConfig.format, version: TrainingConfig.version)
    _ = try reader["name"]?.string()
    _ = try reader["description"]?.string()
    let data = try ConfigReader(
      reader.required("data", "data: {trajectories: FILE.csv, until: 2000}"),
      keys: ["trajectories", "until", "pinned"])
    let file = try data.required("trajectories", "trajectories: FILE.csv, measured positions")
    trajectories = URL(fileURLWithPath: try file.filePath()).standardizedFileURL.path
    until = try data.required("until", "until: 2000, the time up to which frames are fitted").double()
    pinned = try data["pinned"]?.items().map { try $0.string() } ?? []
    model = try ModelConfig(reader.required("model", "model: {group: SE3, readout: pair, layers: 0, …}"))

    let loss = try ConfigReader(
      reader.required("loss", "loss: {kind: trajectory, integrator: nystrom4, noise: 1e-6}"),
      keys: ["kind", "integrator", "substeps", "noise"])
    _ = try loss["kind"]?.choice(["trajectory"])
    let names = ChunkMethod.all.filter { StepScheme($0) != nil }.map(\.name)
    let name = try loss.required("integrator", "one of: " + names.joined(separator: ", ")).choice(names)
    method = ChunkMethod.named(name) ?? .threeEighths
    substeps = try loss["substeps"]?.integer(in: 1...1000) ?? 1
    noise = try loss.required("noise", "noise: 1e-6, the standard error of a coordinate").double(.positive)

    phases = try reader.required("optimizer", "optimizer: [{method: lm, iterations: 30}]").items().map {
      let phase = try ConfigReader($0, keys: ["method", "points", "iterations", "layers"])
      _ = try phase.required("method", "method: lm").choice(["lm"])
      return Phase(
        points: try phase["points"]?.integer(in: 3...100_000),
        iterations: try phase.required("iterations", "iterations: 30").integer(in: 1...100_000),
        layers: try phase["layers"].flatMap {
          FittedLayers(rawValue: try $0.choice(FittedLayers.allCases.map(\.rawValue)))
        } ?? .all)
    }
    if phases.isEmpty {
      throw node.error("optimizer: is empty; write optimizer: [{method: lm, iterations: 30}]")
    }
    resolved = try node.replacing("data.trajectories", with: .string(trajectories))
  }
}
