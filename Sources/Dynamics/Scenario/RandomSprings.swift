// SPDX-License-Identifier: GPL-3.0-or-later

/// Bodies joined by springs of the product rule, every number drawn independently.
struct RandomSprings: Sendable {
  static let keys = ["bodies", "mass", "stiffness", "position", "momentum"]

  var dimension: Int
  var bodies: Int
  var mass: Distribution
  var stiffness: Distribution
  /// Every coordinate of every position, and of every momentum.
  var position: Distribution
  var momentum: Distribution

  init(_ reader: ConfigReader, dimension: Int) throws {
    self.dimension = dimension
    let count = "how many there are, bodies: 6"
    bodies = try reader.required("bodies", count).integer(in: 1...Ensemble.mostBodies)
    mass = try Distribution(reader.required("mass", "mass: {uniform: [0.1, 3.1]}"), .positive)
    stiffness = try Distribution(reader.required("stiffness", "stiffness: {uniform: [0, 5]}"), .atLeastZero)
    position = try Distribution(reader.required("position", "position: {normal: [0, 0.4]}"))
    momentum = try Distribution(reader.required("momentum", "momentum: {normal: [0, 0.6]}"))
  }

  /// Masses, factors kᵢ, positions, momenta, in this order.
  func draw(_ generator: inout SeededGenerator) -> Ensemble.Draw {
    let masses = (0..<bodies).map { _ in mass.draw(&generator) }
    let factors = (0..<bodies).map { _ in stiffness.draw(&generator) }
    let q = (0..<bodies * dimension).map { _ in position.draw(&generator) }
    let p = (0..<bodies * dimension).map { _ in momentum.draw(&generator) }
    return Ensemble.Draw(masses: masses, stiffness: factors, q: q, p: p)
  }
}
