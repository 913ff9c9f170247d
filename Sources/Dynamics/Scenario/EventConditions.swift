// SPDX-License-Identifier: GPL-3.0-or-later

/// What a run looks out for, from step to step: the `events` block of a scenario.
public struct EventConditions: Sendable, Equatable {
  /// The value that a coordinate of a body passes through.
  public struct Section: Sendable, Equatable {
    public enum Direction: String, Sendable, CaseIterable {
      case up, down, both
    }

    public var body: Int
    public var axis: Int
    public var value: Double
    public var direction: Direction

    public init(body: Int, axis: Int, value: Double, direction: Direction) {
      self.body = body
      self.axis = axis
      self.value = value
      self.direction = direction
    }
  }

  /// Two bodies that come as near as this end the run; a length.
  public var encounter: Double?
  /// A body that goes as far as this from the centre of mass ends the run; a length.
  public var escape: Double?
  /// Crossings that are noted.
  public var sections: [Section]

  public init(encounter: Double? = nil, escape: Double? = nil, sections: [Section] = []) {
    self.encounter = encounter
    self.escape = escape
    self.sections = sections
  }

  /// Reads `{encounter, escape, section}` for bodies called `names`, or any number of them where they are drawn.
  init(_ node: ConfigNode, dimension: Int, names: [String]?, count: Int) throws {
    let reader = try ConfigReader(node, keys: ["encounter", "escape", "section"])
    encounter = try reader["encounter"]?.double(.positive)
    escape = try reader["escape"]?.double(.positive)
    guard let section = reader["section"] else {
      if encounter == nil, escape == nil {
        throw node.error("nothing to look out for; write encounter: 0.01, escape: 100 or section: {...}")
      }
      sections = []
      return
    }
    let written = section.isList ? try section.items() : [section]
    sections = try written.map {
      try Section($0, dimension: dimension, names: names ?? (0..<count).map { "\($0 + 1)" })
    }
  }
}

extension EventConditions.Section {
  /// Reads `{body, coordinate, value, direction}`.
  fileprivate init(_ node: ConfigNode, dimension: Int, names: [String]) throws {
    let reader = try ConfigReader(node, keys: ["body", "coordinate", "value", "direction"])
    let word = try reader.required("body", "the name of a body")
    guard case .scalar(let name, _) = word.value, let index = names.firstIndex(of: name) else {
      throw word.error(
        "there is no body \(word.quoted); \(suggestion(for: word.quoted, in: Array(names.prefix(20))))")
    }
    body = index
    let axes = Array(["x", "y", "z"].prefix(dimension))
    let coordinate = try reader.required("coordinate", "coordinate: " + axes.joined(separator: " or "))
    axis = axes.firstIndex(of: try coordinate.choice(axes)) ?? 0
    value = try reader["value"]?.double() ?? 0
    let directions = Direction.allCases.map(\.rawValue)
    direction = try reader["direction"].flatMap { Direction(rawValue: try $0.choice(directions)) } ?? .both
  }
}
