// SPDX-License-Identifier: GPL-3.0-or-later

/// The smaller blocks of a scenario file.
extension Scenario {
  static func readFrame(_ reader: ConfigReader) throws -> Frame {
    guard let node = reader["frame"] else { return .asGiven }
    return Frame(rawValue: try node.choice(Frame.allCases.map(\.rawValue))) ?? .asGiven
  }

  /// G is always written where there is gravity: a wrong guess would look like a result.
  static func readUnits(_ reader: ConfigReader, kind: Law.Kind) throws -> Units {
    let gravity = if case .gravity = kind { true } else { false }
    let remedy = "units: {G: 1}, or 2.95912208286e-4 for AU, days and solar masses"
    guard let node = reader["units"] else {
      if gravity {
        throw NoetherError("\(reader.node.place): units.G: missing where there is gravity; write \(remedy)")
      }
      return Units(length: "", time: "", mass: "", G: nil)
    }
    let units = try ConfigReader(node, keys: ["length", "time", "mass", "G"])
    let G = try units["G"]?.double(.positive)
    if gravity, G == nil {
      throw NoetherError("\(node.place): units.G: missing where there is gravity; write \(remedy)")
    }
    if !gravity, G != nil {
      throw (units["G"] ?? node).error("there is no gravity under kind: \(kind.name); remove it")
    }
    return Units(
      length: try units["length"]?.string() ?? "", time: try units["time"]?.string() ?? "",
      mass: try units["mass"]?.string() ?? "", G: G)
  }

  static func readIntegrator(_ reader: ConfigReader) throws -> IntegratorChoice {
    try IntegratorChoice(reader.required("integrator", "integrator: {method: verlet, step: 0.01}"))
  }

  static func readTime(_ reader: ConfigReader) throws -> (start: Double, end: Double) {
    let node = try reader.required("time", "time: {end: 10}")
    let time = try ConfigReader(node, keys: ["start", "end"])
    let start = try time["start"]?.double() ?? 0
    let endNode = try time.required("end", "time: {end: 10}")
    let end = try endNode.double()
    if end == start {
      throw endNode.error(
        "\(endNode.quoted) is the start; write a later time, or an earlier one to go backward")
    }
    if !(end - start).isFinite {
      throw endNode.error("\(endNode.quoted) is too far from the start, \(start)")
    }
    return (start, end)
  }

  /// Whether frames between two steps are interpolated.
  static func readInterpolation(_ reader: ConfigReader) throws -> Bool {
    try reader["output"]?["interpolate"]?.bool() ?? false
  }

  static func readOutput(_ reader: ConfigReader) throws -> Output {
    let remedy = "output: {frames: 500} or {every: 0.1}"
    let node = try reader.required("output", remedy)
    let output = try ConfigReader(
      node, keys: ["every", "frames", "interpolate"], alternatives: [["every", "frames"]])
    if let every = output["every"] { return .every(try every.double(.positive)) }
    return .frames(try output.required("frames", remedy).integer(in: 2...100_000_000))
  }
}

extension Scenario.IntegratorChoice {
  /// Reads `{method, step | tolerance, compensated}`; training configurations have the same block.
  public init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node, keys: ["method", "step", "tolerance", "compensated"], alternatives: [["step", "tolerance"]])
    method = try reader.required("method", "method: verlet, or another of `noether list integrators`")
      .string()
    step = try reader["step"]?.double(.nonZero)
    tolerance = try reader["tolerance"]?.double(.positive)
    compensated = try reader["compensated"]?.bool() ?? false
    if step == nil, tolerance == nil {
      throw node.error("neither step nor tolerance; write step: 0.01 for a fixed step, tolerance: 1e-12 else")
    }
  }
}
