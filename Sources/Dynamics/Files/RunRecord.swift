// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// run.json: how the files beside it came about. Whatever differs between two equal runs, times and paths, stands
/// here and nowhere else.
public struct RunRecord: Sendable {
  public static let format = "noether/run"
  public static let version = 1
  public static let fileName = "run.json"

  public enum Status: String, Sendable, CaseIterable {
    case running, interrupted, finished, failed
  }

  /// The version of the program.
  public var noether: String
  /// "simulate", "train", …: what resuming it takes.
  public var command: String
  /// The arguments as they were given.
  public var arguments: [String]
  public var status: Status
  /// The scenario or training configuration with all overrides applied.
  public var config: ConfigNode?
  public var scenarioDigest: String?
  /// Every seed by what it is for.
  public var seeds: [String: UInt64]
  public var method: String?
  public var step: Double?
  public var tolerance: Double?
  public var threads: Int
  public var units: Scenario.Units?
  /// Seconds the run took, all its parts together.
  public var wallTime: Double
  /// Seconds since 1970 when it began.
  public var started: Double
  /// What a reader of the files must know: drifts that are absolute, systems that failed.
  public var notes: [String]
  /// What else a command needs to be resumed, by its own names.
  public var details: [String: ConfigNode]

  public init(
    noether: String, command: String, arguments: [String] = CommandLine.arguments, status: Status = .running,
    config: ConfigNode? = nil, scenarioDigest: String? = nil, seeds: [String: UInt64] = [:],
    method: String? = nil, step: Double? = nil, tolerance: Double? = nil, threads: Int = 1,
    units: Scenario.Units? = nil, wallTime: Double = 0, started: Double = Date().timeIntervalSince1970,
    notes: [String] = [], details: [String: ConfigNode] = [:]
  ) {
    self.noether = noether
    self.command = command
    self.arguments = arguments
    self.status = status
    self.config = config
    self.scenarioDigest = scenarioDigest
    self.seeds = seeds
    self.method = method
    self.step = step
    self.tolerance = tolerance
    self.threads = threads
    self.units = units
    self.wallTime = wallTime
    self.started = started
    self.notes = notes
    self.details = details
  }

  /// The record of the run directory `directory`.
  public static func load(_ directory: String) throws -> RunRecord {
    let path = directory + "/" + fileName
    guard FileManager.default.fileExists(atPath: path) else {
      throw NoetherError(
        FileManager.default.fileExists(atPath: directory)
          ? "\(directory): not a run directory: there is no \(fileName) in it"
          : "\(directory): there is no such run directory")
    }
    return try RunRecord(ConfigNode.load(path: path))
  }

  /// Reads what `json` wrote.
  public init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: [
        "format", "version", "noether", "command", "arguments", "status", "config", "config_directory",
        "scenario_digest", "seeds", "method", "step", "tolerance", "threads", "units", "wall_time", "started",
        "notes", "details",
      ])
    try reader.requireFormat(Self.format, version: Self.version)
    let written = "what the run wrote there"
    self.init(
      noether: try reader.required("noether", written).string(),
      command: try reader.required("command", written).string(),
      arguments: try reader["arguments"]?.items().map { try $0.string() } ?? [],
      status: Status(
        rawValue: try reader.required("status", written).choice(Status.allCases.map(\.rawValue))) ?? .running)
    // Paths in a stored configuration start where they did when it was a file.
    let directory = try reader["config_directory"]?.string()
    config = reader["config"]?.rerooted(at: "", directory: directory)
    scenarioDigest = try reader["scenario_digest"]?.string()
    seeds = try Self.entries(reader["seeds"]).mapValues { try $0.seed() }
    method = try reader["method"]?.string()
    step = try reader["step"]?.double()
    tolerance = try reader["tolerance"]?.double()
    threads = try reader["threads"]?.integer(in: 1...Int.max) ?? 1
    if let node = reader["units"] {
      let units = try ConfigReader(node, keys: ["length", "time", "mass", "G"])
      self.units = Scenario.Units(
        length: try units["length"]?.string() ?? "", time: try units["time"]?.string() ?? "",
        mass: try units["mass"]?.string() ?? "", G: try units["G"]?.double())
    }
    wallTime = try reader["wall_time"]?.double(.atLeastZero) ?? 0
    started = try reader["started"]?.double() ?? 0
    notes = try reader["notes"]?.items().map { try $0.string() } ?? []
    details = try Self.entries(reader["details"])
  }

  private static func entries(_ node: ConfigNode?) throws -> [String: ConfigNode] {
    guard let node else { return [:] }
    guard case .mapping(let entries) = node.value else { throw node.error("\(node.quoted) is not a mapping") }
    return Dictionary(entries.map { ($0.key, $0.value) }) { first, _ in first }
  }

  /// The file's contents: JSON with sorted keys.
  public var json: String {
    func mapping(_ values: [String: ConfigNode]) -> ConfigNode? {
      values.isEmpty
        ? nil
        : ConfigNode(
          .mapping(
            values.sorted { $0.key < $1.key }.map {
              ConfigNode.Entry(key: $0.key, value: $0.value, place: "")
            }))
    }
    return ConfigNode.mapping([
      "format": .string(Self.format),
      "version": .integer(Self.version),
      "noether": .string(noether),
      "command": .string(command),
      "arguments": .list(arguments.map { .string($0) }),
      "status": .string(status.rawValue),
      "config": config,
      "config_directory": config.map { .string(Self.absolute($0.directory)) },
      "scenario_digest": scenarioDigest.map { .string($0) },
      "seeds": mapping(seeds.mapValues { .integer($0) }),
      "method": method.map { .string($0) },
      "step": step.map { .number($0) },
      "tolerance": tolerance.map { .number($0) },
      "threads": .integer(threads),
      "units": units.map { units in
        .mapping([
          "length": .string(units.length), "time": .string(units.time), "mass": .string(units.mass),
          "G": units.G.map { .number($0) },
        ])
      },
      "wall_time": .number(wallTime),
      "started": .number(started),
      "notes": .list(notes.map { .string($0) }),
      "details": mapping(details),
    ]).prettyJSON
  }

  private static func absolute(_ directory: String) -> String {
    URL(fileURLWithPath: directory, isDirectory: true).standardizedFileURL.path
  }
}
