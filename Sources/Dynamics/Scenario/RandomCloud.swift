// SPDX-License-Identifier: GPL-3.0-or-later

/// Bodies of which every number is drawn independently; on request no two of them near each other.
struct RandomCloud: Sendable {
  var dimension: Int
  var bodies: Int
  var mass: Distribution
  /// What the law wants of a body beside its mass, in the law's order.
  var parameters: [Distribution]
  /// Every coordinate of every position, and of every momentum.
  var position: Distribution
  var momentum: Distribution
  /// The smallest distance that two bodies may have, and where it is written; 0 where they may be anywhere.
  var closest: Double
  private var closestNode: ConfigNode?

  /// Places that are tried for one body before it is said that there is no room.
  private static let mostTries = 10_000

  /// The keys of a cloud under a law that wants `parameters` of its bodies.
  static func keys(_ parameters: [BodyParameter]) -> [String] {
    ["bodies", "mass"] + parameters.map(\.word) + ["position", "momentum", "closest"]
  }

  init(_ reader: ConfigReader, _ parameters: [BodyParameter], dimension: Int) throws {
    self.dimension = dimension
    let count = "how many there are, bodies: 6"
    bodies = try reader.required("bodies", count).integer(in: 1...Ensemble.mostBodies)
    mass = try Distribution(reader.required("mass", "mass: {uniform: [0.1, 3.1]}"), .positive)
    self.parameters = try parameters.map { parameter in
      let remedy = "\(parameter.word): \(parameter.example)"
      return try Distribution(reader.required(parameter.word, remedy), parameter.range)
    }
    position = try Distribution(reader.required("position", "position: {normal: [0, 0.4]}"))
    momentum = try Distribution(reader.required("momentum", "momentum: {normal: [0, 0.6]}"))
    closestNode = reader["closest"]
    closest = try closestNode?.double(.atLeastZero) ?? 0
  }

  /// Masses, the law's parameters, positions, momenta, in this order. Throws where no room is found.
  func draw(_ generator: inout SeededGenerator) throws -> Ensemble.Draw {
    let masses = (0..<bodies).map { _ in mass.draw(&generator) }
    let columns = parameters.map { parameter in (0..<bodies).map { _ in parameter.draw(&generator) } }
    let q = try places(&generator)
    let p = (0..<bodies * dimension).map { _ in momentum.draw(&generator) }
    return Ensemble.Draw(masses: masses, parameters: columns, q: q, p: p)
  }

  /// One body after the other, each drawn anew until it is far enough from those before.
  private func places(_ generator: inout SeededGenerator) throws -> [Double] {
    var q: [Double] = []
    for body in 0..<bodies {
      var tries = 0
      while true {
        let x = (0..<dimension).map { _ in position.draw(&generator) }
        if closest == 0 || isFree(x, among: q) {
          q += x
          break
        }
        tries += 1
        if tries == Self.mostTries, let closestNode {
          throw closestNode.error(
            "no place was found for body \(body + 1) in \(tries) tries; lower closest, or spread position wider"
          )
        }
      }
    }
    return q
  }

  private func isFree(_ x: [Double], among q: [Double]) -> Bool {
    for other in stride(from: 0, to: q.count, by: dimension) {
      var square = 0.0
      for axis in 0..<dimension {
        let Δ = x[axis] - q[other + axis]
        square += Δ * Δ
      }
      if square < closest * closest { return false }
    }
    return true
  }
}
