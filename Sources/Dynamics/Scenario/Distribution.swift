// SPDX-License-Identifier: GPL-3.0-or-later

/// How one number of an ensemble is drawn: a number as it is, `{uniform: [low, high]}` on [low, high), or
/// `{normal: [mean, deviation]}`.
enum Distribution: Sendable, Equatable {
  case fixed(Double)
  case uniform(Double, Double)
  case normal(mean: Double, deviation: Double)

  /// Throws where a draw could leave `range`.
  init(_ node: ConfigNode, _ range: NumberRange = .any) throws {
    guard node.isMapping else {
      self = .fixed(try node.double(range))
      return
    }
    let reader = try ConfigReader(node, keys: ["uniform", "normal"], alternatives: [["uniform", "normal"]])
    if let normal = reader["normal"] {
      if case .any = range {
      } else {
        throw normal.error("a normal draw may be negative here; write uniform: [low, high]")
      }
      let numbers = try normal.doubles(count: 2, what: "the mean and the standard deviation")
      if numbers[1] < 0 { throw normal.error("the standard deviation \(numbers[1]) is negative") }
      self = .normal(mean: numbers[0], deviation: numbers[1])
      return
    }
    let uniform = try reader.required("uniform", "uniform: [low, high] or normal: [mean, deviation]")
    let numbers = try uniform.doubles(count: 2, what: "the lower and the upper end")
    if numbers[0] >= numbers[1] || !(numbers[1] - numbers[0]).isFinite {
      throw uniform.error("\(numbers[0]) is not below \(numbers[1]); write the lower end first")
    }
    if !range.contains(numbers[0]) {
      throw uniform.error("draws may be \(numbers[0]); the lower end must be \(range.demand)")
    }
    self = .uniform(numbers[0], numbers[1])
  }

  func draw(_ generator: inout SeededGenerator) -> Double {
    switch self {
    case .fixed(let value): value
    case .uniform(let low, let high): generator.uniform(low, high)
    case .normal(let mean, let deviation): mean + deviation * generator.normal()
    }
  }
}
