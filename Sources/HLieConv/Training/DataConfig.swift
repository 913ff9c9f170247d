// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Where training data come from, and how they are split.
public struct DataConfig: Sendable {
  /// Systems to simulate; nil where `trajectories` are given.
  public let scenario: Scenario?
  /// The same with other numbers of bodies, which systems have in turn: system k that of k modulo their number. Empty where all
  /// are as the scenario says.
  public let sizes: [Scenario]
  /// An NPZ file of trajectories.
  public let trajectories: String?
  /// Configurations of atoms with their energies.
  public let structures: StructureConfig?
  /// Numbers of systems.
  public let train: Int
  public let validation: Int
  public let test: Int
  /// Points per chunk, the given first one included.
  public let chunk: Int
  public let seed: UInt64
  /// Where it stands, for messages.
  let node: ConfigNode?

  /// Reads a `data` block.
  public init(_ node: ConfigNode) throws {
    self.node = node
    let reader = try ConfigReader(
      node,
      keys: [
        "scenario", "bodies", "trajectories", "train", "validation", "test", "chunk", "seed", "integrator",
        "centring", "structures",
      ] + StructureConfig.keys, alternatives: [["scenario", "trajectories", "structures"]])
    structures = try reader["structures"].map { try StructureConfig($0, reader) }
    for key in structures == nil ? StructureConfig.keys : ["integrator", "centring", "bodies", "chunk"] {
      if let node = reader[key] {
        throw node.error(
          structures == nil
            ? "goes with structures: FILE, which is missing"
            : "goes with scenario:; structures are single states")
      }
    }
    if structures != nil {
      (scenario, trajectories, sizes) = (nil, nil, [])
    } else if let path = reader["trajectories"] {
      trajectories = URL(fileURLWithPath: try path.filePath()).standardizedFileURL.path
      scenario = nil
      sizes = []
      for key in ["integrator", "centring", "bodies"] {
        if let node = reader[key] {
          throw node.error("goes with scenario:, not with trajectories:; leave it out")
        }
      }
    } else {
      let given = try reader.required("scenario", "scenario: springs.yaml, or trajectories: some.npz")
      // The data's own integrator and centring take the place of the scenario's.
      var tree = try Scenario.load(at: given).resolved
      if let integrator = reader["integrator"] { tree = try tree.replacing("integrator", with: integrator) }
      if let centring = reader["centring"] { tree = try tree.replacing("random.centring", with: centring) }
      scenario = try Scenario(tree)
      sizes = try reader["bodies"].map { try Self.sizes($0, of: tree) } ?? []
      trajectories = nil
    }
    let most = 10_000_000
    train = try reader.required("train", "train: 3000, the number of systems").integer(in: 1...most)
    validation = try reader.required("validation", "validation: 200").integer(in: 1...most)
    // Of structures, all that are left.
    test = try reader["test"]?.integer(in: 1...most) ?? (structures == nil ? 2000 : most)
    chunk = structures == nil ? try reader["chunk"]?.integer(in: 2...1000) ?? 5 : 1
    seed = try reader["seed"]?.seed() ?? 0
  }

  /// The scenario with each of the numbers of bodies that are listed.
  private static func sizes(_ list: ConfigNode, of tree: ConfigNode) throws -> [Scenario] {
    guard let random = tree["random"], random["bodies"] != nil else {
      throw list.error("goes with an ensemble that says random.bodies; leave it out")
    }
    let numbers = try list.items()
    if numbers.isEmpty { throw list.error("names no number of bodies; write bodies: [4, 6, 8]") }
    let scenarios = try numbers.map { number in
      _ = try number.integer(in: 1...1_000_000)
      return try Scenario(tree.replacing("random.bodies", with: number))
    }
    if try random["centring"]?.string() == "systems" {
      throw list.error(
        "systems of several sizes have no mean over the systems; write centring: particles or centring: none")
    }
    return scenarios
  }

  public enum Split: UInt64, Sendable, CaseIterable {
    case train
    case validation
    case test
  }

  public func count(of split: Split) -> Int {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// The number of the first system of a split. Each split has its own stretch of the seed's ensemble, so that a
  /// larger training set contains the smaller one (but for its momenta under `centring: systems`, which depend on
  /// all that are drawn) and leaves validation and test as they are.
  public func first(of split: Split) -> Int { Int(split.rawValue) * 100_000_000 }

  /// The first frame of the one chunk that is kept of system `index`: the frames are cut into pieces of `chunk`,
  /// and one is drawn.
  public func chunkStart(ofSystem index: Int, frames: Int) throws -> Int {
    guard frames >= chunk else {
      throw NoetherError(
        "data.chunk: \(chunk) points are wanted, a trajectory has \(frames); lower data.chunk or keep more frames"
      )
    }
    var generator = SeededGenerator(seed: seed, path: 0x6368_756E_6B, UInt64(index))
    return chunk * generator.index(below: frames / chunk)
  }
}
