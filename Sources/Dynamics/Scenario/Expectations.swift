// SPDX-License-Identifier: GPL-3.0-or-later

/// The `expect` block: what a run of the scenario, exactly as its file has it, must give.
public struct Expectations: Sendable, Equatable {
  /// Where a body is at a time.
  public struct Position: Sendable, Equatable {
    public var body: String
    public var index: Int
    /// The end, where it is nil.
    public var time: Double?
    public var x: [Double]
    /// The greatest distance from `x` that passes.
    public var tolerance: Double
  }

  /// Every body is back where it began, to `closure`, once `period` has passed.
  public struct Return: Sendable, Equatable {
    public var period: Double
    public var closure: Double
  }

  /// H of the first system at the end, to a relative tolerance.
  public struct FinalEnergy: Sendable, Equatable {
    public var value: Double
    public var tolerance: Double
  }

  /// A body, and no other, that leaves the rest for good.
  public struct Escape: Sendable, Equatable {
    public var body: String
    public var index: Int
  }

  /// H of the first system at the start, to a relative `tolerance`.
  public var energy: Double?
  public var tolerance: Double
  /// Bounds on |dH|, dP and dL in every row of every system.
  public var max_dH: Double?
  public var max_dP: Double?
  public var max_dL: Double?
  public var finalEnergy: FinalEnergy?
  public var positions: [Position] = []
  public var returns: Return?
  public var escape: Escape?

  init(_ node: ConfigNode, dimension: Int, content: Scenario.Content, G: Double?) throws {
    let reader = try ConfigReader(
      node,
      keys: [
        "energy", "tolerance", "final_energy", "max_dH", "max_dP", "max_dL", "position", "period", "closure",
        "escapes",
      ])
    energy = try reader["energy"]?.double()
    if energy != nil {
      tolerance = try reader.required("tolerance", "how far the energy may be off, tolerance: 1e-12")
        .double(.positive)
    } else if let tolerance = reader["tolerance"] {
      throw tolerance.error("there is no energy that it belongs to; write energy, or remove it")
    } else {
      tolerance = 0
    }
    max_dH = try reader["max_dH"]?.double(.positive)
    max_dP = try reader["max_dP"]?.double(.positive)
    max_dL = try reader["max_dL"]?.double(.positive)
    if let node = reader["final_energy"] {
      let final = try ConfigReader(node, keys: ["value", "tolerance"])
      finalEnergy = FinalEnergy(
        value: try final.required("value", "H at the end, value: -0.5").double(),
        tolerance: try final.required("tolerance", "how far it may be off, tolerance: 1e-9").double(.positive)
      )
    }
    if let node = reader["position"] {
      guard case .listed(let bodies) = content else {
        throw node.error("bodies drawn at random have no expected position; remove it")
      }
      positions = try (node.isList ? node.items() : [node]).map {
        try Self.readPosition($0, of: bodies, dimension: dimension)
      }
    }
    if let node = reader["escapes"] {
      guard case .listed(let bodies) = content, G != nil else {
        throw node.error("only listed bodies under gravity are asked who escapes; remove it")
      }
      let (name, index) = try Self.readBody(node, of: bodies)
      escape = Escape(body: name, index: index)
    }
    if reader["period"] != nil || reader["closure"] != nil {
      returns = Return(
        period: try reader.required("period", "the time of one round, period: 6.28").double(.positive),
        closure: try reader.required("closure", "how near every body returns, closure: 1e-9").double(
          .positive))
    }
  }

  private static func readPosition(
    _ node: ConfigNode, of bodies: [ListedBody], dimension: Int
  ) throws -> Position {
    let reader = try ConfigReader(node, keys: ["body", "at", "x", "tolerance"])
    let (name, index) = try readBody(reader.required("body", "the name of a body"), of: bodies)
    let axes = dimension == 1 ? "for the one dimension" : "one for each of the \(dimension) dimensions"
    return Position(
      body: name, index: index, time: try reader["at"]?.double(),
      x: try reader.required("x", "where it is at the end").doubles(count: dimension, what: axes),
      tolerance: try reader.required("tolerance", "how far off it may be").double(.positive))
  }

  /// A body by its name; one that has none is called by its number.
  private static func readBody(
    _ node: ConfigNode, of bodies: [ListedBody]
  ) throws -> (name: String, index: Int) {
    let name: String
    if case .scalar(let number, false) = node.value, ConfigNumber.isInteger(number) {
      name = number
    } else {
      name = try node.string()
    }
    guard let index = bodies.firstIndex(where: { $0.name == name }) else {
      throw node.error(
        "there is no body '\(name)'; \(suggestion(for: name, in: bodies.prefix(20).map(\.name)))")
    }
    return (name, index)
  }
}
