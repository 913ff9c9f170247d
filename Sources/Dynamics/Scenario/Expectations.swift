// SPDX-License-Identifier: GPL-3.0-or-later

/// The `expect` block: what a run of the scenario, exactly as its file has it, must give.
public struct Expectations: Sendable, Equatable {
  /// Where a body is at the end.
  public struct Position: Sendable, Equatable {
    public var body: String
    public var index: Int
    public var x: [Double]
    /// The greatest distance from `x` that passes.
    public var tolerance: Double
  }

  /// Every body is back where it began, to `closure`, once `period` has passed.
  public struct Return: Sendable, Equatable {
    public var period: Double
    public var closure: Double
  }

  /// H of the first system at the start, to a relative `tolerance`.
  public var energy: Double?
  public var tolerance: Double
  /// Bounds on |dH|, dP and dL in every row of every system.
  public var max_dH: Double?
  public var max_dP: Double?
  public var max_dL: Double?
  public var position: Position?
  public var returns: Return?

  init(_ node: ConfigNode, dimension: Int, content: Scenario.Content) throws {
    let reader = try ConfigReader(
      node,
      keys: ["energy", "tolerance", "max_dH", "max_dP", "max_dL", "position", "period", "closure"])
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
    if let node = reader["position"] {
      guard case .listed(let bodies) = content else {
        throw node.error("bodies drawn at random have no expected position; remove it")
      }
      position = try Self.readPosition(node, of: bodies, dimension: dimension)
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
    let reader = try ConfigReader(node, keys: ["body", "x", "tolerance"])
    let body = try reader.required("body", "the name of a body")
    let name = try body.string()
    guard let index = bodies.firstIndex(where: { $0.name == name }) else {
      let known = suggestion(for: name, in: bodies.prefix(20).map(\.name))
      throw body.error("there is no body '\(name)'; \(known)")
    }
    let axes = "one for each of the \(dimension) dimensions"
    return Position(
      body: name, index: index,
      x: try reader.required("x", "where it is at the end").doubles(count: dimension, what: axes),
      tolerance: try reader.required("tolerance", "how far off it may be").double(.positive))
  }
}
