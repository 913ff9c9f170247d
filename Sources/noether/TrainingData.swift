// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Integrators
import Molecules

/// Chunks of trajectories for training and testing, simulated from the configuration's scenario or cut from
/// stored trajectories, or structures with their energies. The same configuration gives the same chunks, on any number of threads.
struct TrainingData {
  let config: DataConfig
  let threads: Int
  let progress: Progress
  private let structures: StructureData?

  init(config: DataConfig, threads: Int, progress: Progress) throws {
    self.config = config
    self.threads = threads
    self.progress = progress
    structures = config.structures == nil ? nil : try StructureData(config)
  }

  /// The chunks of one split.
  func dataset(_ split: DataConfig.Split) throws -> ChunkDataset {
    if let structures { return try structures.dataset(split) }
    if let path = config.trajectories { return try cut(split, from: path) }
    return try simulate(split, of: scenario())
  }

  private func simulate(_ split: DataConfig.Split, of scenario: Scenario) throws -> ChunkDataset {
    let systems = try systems(of: split, from: scenario)
    let simulation = try Simulation(scenario, systems: 1, seed: config.seed)
    let plan = simulation.plan
    let step = try Self.spacing(of: (0..<plan.count).map(plan.time(ofFrame:)), name: scenario.name)
    let chunks = try parallelMap(count: systems.count, threads: threads) { index -> [PhaseState] in
      let system = systems[index]
      let start = try config.chunkStart(ofSystem: system.index, frames: plan.count)
      var states: [PhaseState] = []
      var frames = 0
      do {
        _ = try integrate(
          system.system, from: system.initial, method: simulation.method, stepping: simulation.stepping,
          compensated: scenario.integrator.compensated, plan: plan,
          shouldStop: { frames >= start + config.chunk || Interruption.isRequested }
        ) { frame, _ in
          if frames >= start, states.count < config.chunk { states.append(frame.state) }
          frames += 1
        }
      } catch let failure as IntegrationFailure {
        throw NoetherError("training data: system \(system.index) of \(scenario.name): \(failure.message)")
      }
      progress.update(Double(index) / Double(systems.count))
      return states
    }
    if Interruption.isRequested { throw Interruption.stoppedBeforeWriting }
    var dataset = Self.empty(like: systems[0].system, points: config.chunk, step: step)
    for (system, states) in zip(systems, chunks) { try dataset.append(system.system, states: states) }
    return dataset
  }

  private func systems(of split: DataConfig.Split, from scenario: Scenario) throws -> [ScenarioSystem] {
    guard scenario.isEnsemble else {
      throw NoetherError(
        "data.scenario: \(scenario.name) lists its bodies, so it has one system; train on a random one")
    }
    let (count, first) = (config.count(of: split), config.first(of: split))
    if config.sizes.isEmpty { return try scenario.systems(count: count, seed: config.seed, first: first) }
    return try (first..<first + count).flatMap { index in
      try config.sizes[index % config.sizes.count].systems(count: 1, seed: config.seed, first: index)
    }
  }

  /// Systems of a trajectory file in its order: first those of training, then validation, then test.
  private func members(of split: DataConfig.Split, from path: String) throws -> ArraySlice<
    TrajectorySet.Member
  > {
    let members = try TrajectorySet.read(path).members
    let first =
      switch split {
      case .train: 0
      case .validation: config.train
      case .test: config.train + config.validation
      }
    let last = first + config.count(of: split)
    guard members.count >= last else {
      throw NoetherError(
        "\(path): holds \(members.count) systems, \(last) are needed; lower data.train, data.validation or "
          + "data.test")
    }
    return members[first..<last]
  }

  /// The law of a stored system.
  private static func law(of member: TrajectorySet.Member, in path: String) throws -> any MechanicalSystem {
    guard let system = member.system else {
      throw NoetherError(
        "\(path): nothing tells the features of its bodies; use a trajectory.npz of simulate")
    }
    return system
  }

  private func cut(_ split: DataConfig.Split, from path: String) throws -> ChunkDataset {
    let members = try members(of: split, from: path)
    let step = try Self.spacing(of: members[members.startIndex].frames.map(\.t), name: path)
    var dataset: ChunkDataset?
    for member in members {
      let system = try Self.law(of: member, in: path)
      let start = try config.chunkStart(ofSystem: member.index, frames: member.frames.count)
      var chunks = dataset ?? Self.empty(like: system, points: config.chunk, step: step)
      try chunks.append(system, states: member.frames[start..<start + config.chunk].map(\.state))
      dataset = chunks
    }
    guard let dataset else { throw NoetherError("\(path): holds no systems") }
    return dataset
  }

  /// The whole trajectories of a split: the starts of the first `count` of its systems under the true law, and the
  /// evenly spaced times that the data have.
  func starts(_ split: DataConfig.Split, count: Int) throws -> (systems: [ScenarioSystem], times: [Double]) {
    let (systems, times): ([ScenarioSystem], [Double])
    if let path = config.trajectories {
      let members = try members(of: split, from: path)
      times = members[members.startIndex].frames.map(\.t)
      systems = try members.prefix(count).map {
        ScenarioSystem(
          index: $0.index, system: try Self.law(of: $0, in: path), initial: $0.frames[0].state)
      }
      _ = try Self.spacing(of: times, name: path)
    } else {
      let scenario = try scenario()
      systems = Array(try self.systems(of: split, from: scenario).prefix(count))
      let plan = try Simulation(scenario, systems: 1, seed: config.seed).plan
      times = (0..<plan.count).map(plan.time(ofFrame:))
      _ = try Self.spacing(of: times, name: scenario.name)
    }
    return (systems, times)
  }

  private func scenario() throws -> Scenario {
    guard let scenario = config.scenario else {
      throw NoetherError("data: neither scenario nor trajectories; write data: {scenario: springs.yaml}")
    }
    return scenario
  }

  private static func empty(like system: any MechanicalSystem, points: Int, step: Double) -> ChunkDataset {
    ChunkDataset(
      dimension: system.bodies.dimension, featureNames: system.featureNames,
      points: points, step: step)
  }

  /// The time between two frames, which must be the same everywhere: the loss takes one step from each to the
  /// next.
  private static func spacing(of times: [Double], name: String) throws -> Double {
    guard let first = times.first, let last = times.last, times.count > 1 else {
      throw NoetherError("\(name): too few frames to learn from; keep more with output.frames")
    }
    let step = (last - first) / Double(times.count - 1)
    for (index, t) in times.enumerated() where abs(t - first - Double(index) * step) > 1e-6 * abs(step) {
      throw NoetherError(
        "\(name): its frames are not evenly spaced (frame \(index) is at t = \(t)); choose output.frames so that "
          + "every frame is as many steps after the last")
    }
    return step
  }
}
