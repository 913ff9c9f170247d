// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import Molecules

/// A reader of files, and valid files to begin from. A reader may throw a `NoetherError`, and nothing else.
struct Target {
  let name: String
  let seeds: [Data]
  let read: (Data) throws -> Void

  static func all() throws -> [Target] {
    [
      Target(name: "scenario", seeds: try files("scenarios", "yaml"), read: readScenario),
      Target(name: "training", seeds: try files("scenarios/training", "yaml")) { data in
        let node = try tree(data)
        if TrajectoryConfig.isMeant(by: node) {
          _ = try TrajectoryConfig(node)
        } else {
          _ = try TrainingConfig(node)
        }
      },
      Target(name: "run.json", seeds: try [runRecord()]) { _ = try RunRecord(tree($0)).json },
      Target(name: "npy", seeds: Samples.arrays.map(\.array.data)) {
        _ = try NPYArray(data: $0, name: "input")
      },
      Target(name: "npz", seeds: try Samples.archives(of: Samples.trajectories())) { data in
        _ = try TrajectorySet(arrays: NPZ.read(data, name: "input"), name: "input").members.map {
          $0.system?.bodies
        }
      },
      Target(name: "molecules", seeds: try Samples.archives(of: Samples.molecules)) { data in
        _ = try StructureNPZ.structures(NPZ.read(data, name: "input"), name: "input").map(\.elements.count)
      },
      Target(name: "csv", seeds: try Samples.csv()) { _ = try TrajectorySet(csv: $0, name: "input") },
      Target(name: "safetensors", seeds: try Samples.models()) { data in
        _ = try HamiltonianModel(Safetensors(data: data, name: "input"), name: "input").parameters.count
      },
      Target(name: "xyz", seeds: Samples.structures.map { Data($0.utf8) }) {
        _ = try ExtendedXYZ.parse($0, name: "input").map(\.elements.count)
      },
    ]
  }

  private static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  private static func files(_ folder: String, _ ending: String) throws -> [Data] {
    let path = package + "/" + folder
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted().filter {
      $0.hasSuffix("." + ending)
    }
    .map { try readFile(path + "/" + $0, limit: 1 << 20) }
  }

  private static func tree(_ data: Data) throws -> ConfigNode {
    guard let text = String(validating: data, as: UTF8.self) else { throw NoetherError("not UTF-8") }
    let node = try ConfigNode.parse(text, name: "input", directory: package + "/scenarios/training")
    _ = node.json
    return node
  }

  private static func readScenario(_ data: Data) throws {
    let scenario = try Scenario(tree(data))
    _ = scenario.digest
    // Drawing larger ones takes long, and rightly.
    if !scenario.isEnsemble { _ = try scenario.systems() }
  }

  private static func runRecord() throws -> Data {
    let config = try ConfigNode.load(path: package + "/scenarios/kepler.yaml")
    return Data(
      RunRecord(
        noether: "0.1.0", command: "simulate", config: config, scenarioDigest: "0", seeds: ["scenario": 7],
        method: "verlet", step: 0.01, threads: 2, units: .init(length: "AU", time: "d", mass: "kg", G: 1),
        notes: ["one"], details: ["systems": .integer(3)]
      ).json.utf8)
  }
}
