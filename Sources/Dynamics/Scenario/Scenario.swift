// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation

/// What is simulated and how: the contents of a `scenarios/*.yaml`, checked in every particular.
///
/// Bodies are either listed or drawn at random, each system of an ensemble from a stream of its own. Velocities
/// stand in files, momenta p = mv in states.
public struct Scenario: Sendable {
  public static let format = "noether/scenario"
  public static let version = 1

  /// What the numbers mean. Only G enters the equations.
  public struct Units: Sendable, Equatable {
    public var length: String
    public var time: String
    public var mass: String
    /// The gravitational constant; nil where there is no gravity.
    public var G: Double?

    public init(length: String, time: String, mass: String, G: Double?) {
      (self.length, self.time, self.mass, self.G) = (length, time, mass, G)
    }
  }

  /// A method by name, with a fixed step or a tolerance; exactly one of the two is there.
  public struct IntegratorChoice: Sendable, Equatable {
    public var method: String
    public var step: Double?
    public var tolerance: Double?
    /// Compensated summation of the state.
    public var compensated: Bool
  }

  public enum Output: Sendable, Equatable {
    /// A frame at every multiple of a time.
    case every(Double)
    /// So many frames, both ends included.
    case frames(Int)
  }

  public enum Frame: String, Sendable, CaseIterable {
    case asGiven = "as-given"
    /// The centre of mass is put to rest at the origin.
    case centreOfMass = "centre-of-mass"
  }

  public let name: String
  public let description: String
  public let source: String
  /// 1 to 3.
  public let dimension: Int
  public let units: Units
  public let integrator: IntegratorChoice
  public let time: (start: Double, end: Double)
  public let output: Output
  /// Frames of a fixed-step method lie at the very times that `output` asks for, between steps if need be.
  public let interpolates: Bool
  /// What a run looks out for.
  public let events: EventConditions?
  public let frame: Frame
  public let expect: Expectations?
  /// The tree this scenario was read from, overrides applied.
  public let resolved: ConfigNode

  let law: Law
  let content: Content

  enum Content: Sendable {
    case listed([ListedBody])
    case random(Ensemble)

    /// Those of listed bodies; drawn ones are called by their numbers.
    var names: [String]? {
      if case .listed(let bodies) = self { bodies.map(\.name) } else { nil }
    }

    var bodyCount: Int {
      switch self {
      case .listed(let bodies): bodies.count
      case .random(let ensemble): ensemble.bodyCount
      }
    }
  }

  /// The scenario in the file at `path`, after overrides such as "integrator.step=200".
  public static func load(_ path: String, overrides: [String] = []) throws -> Scenario {
    try Scenario(ConfigNode.load(path: path, overrides: overrides))
  }

  /// The scenario that a key of another configuration speaks of: written out there, or the path of its file.
  public static func load(at node: ConfigNode) throws -> Scenario {
    if node.isMapping { return try Scenario(node) }
    let path = try node.filePath()
    if !FileManager.default.fileExists(atPath: path) {
      throw node.error("there is no file \(path); write the path from \(node.directory)")
    }
    return try load(path)
  }

  public init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: [
        "format", "version", "name", "description", "source", "dimension", "units", "system", "bodies",
        "random", "frame", "integrator", "time", "output", "events", "expect",
      ], alternatives: [["bodies", "random"]], format: Self.format)
    try reader.requireFormat(Self.format, version: Self.version)
    resolved = node
    name = try reader.required("name", "name: a-word-for-it").string()
    description = try reader["description"]?.string() ?? ""
    source = try reader["source"]?.string() ?? ""
    let dimensionNode = try reader.required("dimension", "dimension: 2, or 1 or 3")
    dimension = try dimensionNode.integer(in: 1...3)
    frame = try Self.readFrame(reader)

    let systemNode = try reader.required("system", "system: {kind: gravity}, or another law")
    let kind = try Law.kind(of: systemNode)
    if !kind.dimensions.contains(dimension) {
      let (least, most) = (kind.dimensions.lowerBound, kind.dimensions.upperBound)
      throw dimensionNode.error(
        "\(dimensionNode.quoted): bodies under kind: \(kind.name) have \(least == most ? "" : "\(least) to ")\(most); "
          + "write dimension: \(least)")
    }
    units = try Self.readUnits(reader, kind: kind)
    if let random = reader["random"] {
      let law = try Law(systemNode, kind: kind, G: units.G, bodies: nil)
      self.law = law
      content = .random(try Ensemble(random, law: law, dimension: dimension))
    } else {
      let bodies = try reader.required("bodies", "bodies: [{name, m, x, v}, ...], or random: {...}")
      let context = ListedBody.Context(
        dimension: dimension, kind: kind, parameters: Law.bodyParameters(systemNode, kind: kind), G: units.G)
      let listed = try ListedBody.read(bodies, in: context)
      let law = try Law(systemNode, kind: kind, G: units.G, bodies: listed)
      try law.check(bodies: listed.count, at: bodies)
      try law.refuseCoincidence(of: listed)
      if frame == .centreOfMass, let held = listed.first(where: \.pinned) {
        throw held.node.error(
          "a pinned body (\(held.name)) has no centre-of-mass frame; write frame: as-given")
      }
      self.law = law
      content = .listed(listed)
    }

    if frame == .centreOfMass, let anchor = law.anchor, let written = reader["frame"] {
      throw written.error("\(anchor), so that they have no centre-of-mass frame; write frame: as-given")
    }
    integrator = try Self.readIntegrator(reader)
    time = try Self.readTime(reader)
    output = try Self.readOutput(reader)
    interpolates = try Self.readInterpolation(reader)
    events = try reader["events"].map { [dimension, content] in
      try EventConditions($0, dimension: dimension, names: content.names, count: content.bodyCount)
    }
    expect = try reader["expect"].map { [dimension, content, units] in
      try Expectations($0, dimension: dimension, content: content, G: units.G)
    }
  }

  /// Bodies are drawn at random, any number of systems of them.
  public var isEnsemble: Bool {
    if case .random = content { true } else { false }
  }

  /// What acts on the bodies from outside, so that their momenta are not conserved; nil where nothing does.
  public var anchor: String? { law.anchor }

  /// How many systems are made where nobody asks for a number.
  public var defaultSystems: Int {
    if case .random(let ensemble) = content { ensemble.systems } else { 1 }
  }

  /// The seed of the ensemble; 0 where nothing is random.
  public var seed: UInt64 {
    if case .random(let ensemble) = content { ensemble.seed } else { 0 }
  }

  /// SHA-256 of the resolved tree: equal for scenarios that are written alike, whatever their layout.
  public var digest: String { sha256(Data(resolved.json.utf8)) }
}
