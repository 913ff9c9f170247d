// SPDX-License-Identifier: GPL-3.0-or-later

/// The `random` block: systems drawn from a distribution, each from its own stream of the seed.
struct Ensemble: Sendable {
  enum Kind: Sendable {
    case cloud(RandomCloud)
    case starAndPlanets(StarAndPlanets)
    case plummer(PlummerSphere)
  }

  /// What the mean momentum is subtracted over.
  enum Centring: String, CaseIterable, Sendable {
    /// Over the bodies of each system, unweighted: total momentum becomes zero.
    case particles
    /// Over the systems drawn, for each body and axis, as in the data of Finzi et al. (2020): the total momentum
    /// of a system is not zero, and depends on which systems are drawn with it.
    case systems
    case none
  }

  /// One draw: flat positions and momenta in the order body, axis.
  struct Draw {
    var masses: [Double]
    /// A column of each of the law's parameters, in their order: kᵢ under the product rule.
    var parameters: [[Double]]
    var q: [Double]
    var p: [Double]
  }

  static let most = 10_000_000
  static let mostBodies = 2000
  /// Systems are held in memory while they are integrated.
  static let mostBytes = 1 << 34

  var kind: Kind
  var centring: Centring
  var systems: Int
  var seed: UInt64

  init(_ node: ConfigNode, law: Law, dimension: Int) throws {
    guard node.isMapping else {
      throw node.error(
        "\(node.quoted) is not allowed; write a mapping with kind: cloud, star-and-planets or plummer")
    }
    guard let kindNode = node["kind"] else {
      throw NoetherError(
        "\(node.place): random.kind: missing; write kind: cloud, star-and-planets or plummer")
    }
    let common = ["kind", "centring", "systems", "seed"]
    let reader: ConfigReader
    let word = try kindNode.choice(["cloud", "springs", "star-and-planets", "plummer"])
    if word == "star-and-planets" || word == "plummer" {
      guard case .gravity(let G, let softening) = law else {
        throw kindNode.error("'\(word)' needs system: {kind: gravity}")
      }
      if word == "plummer" {
        guard dimension == 3 else {
          throw kindNode.error("a Plummer sphere lies in space; write dimension: 3")
        }
        reader = try ConfigReader(node, keys: common + PlummerSphere.keys)
        kind = .plummer(try PlummerSphere(reader, G: G, softening: softening))
      } else {
        reader = try ConfigReader(node, keys: common + StarAndPlanets.keys)
        kind = .starAndPlanets(try StarAndPlanets(reader, dimension: dimension, G: G, softening: softening))
      }
    } else {
      if word == "springs" {
        guard case .productSprings = law else {
          throw kindNode.error("'springs' needs system: {kind: springs, couplings: product}; write cloud")
        }
      }
      reader = try ConfigReader(node, keys: common + RandomCloud.keys(law.bodyParameters))
      let cloud = try RandomCloud(reader, law.bodyParameters, dimension: dimension)
      try law.check(bodies: cloud.bodies, at: reader["bodies"] ?? node)
      kind = .cloud(cloud)
    }
    centring = .none
    if let node = reader["centring"] {
      centring = Centring(rawValue: try node.choice(Centring.allCases.map(\.rawValue))) ?? .none
    }
    systems = try reader["systems"]?.integer(in: 1...Self.most) ?? 1
    seed = try reader["seed"]?.seed() ?? 0
  }

  var bodyCount: Int {
    switch kind {
    case .cloud(let cloud): cloud.bodies
    case .starAndPlanets(let system): system.planets + 1
    case .plummer(let sphere): sphere.bodies
    }
  }

  /// Systems `first ..< first + count`; `dimension` axes. Throws where bodies find no room.
  func draw(_ indices: Range<Int>, seed: UInt64, dimension: Int) throws -> [Draw] {
    var draws = try indices.map { index in
      // 1 is the purpose "initial states"; other uses of the same seed have other numbers.
      var generator = SeededGenerator(seed: seed, path: 1, UInt64(index))
      switch kind {
      case .cloud(let cloud): return try cloud.draw(&generator)
      case .starAndPlanets(let system): return system.draw(&generator)
      case .plummer(let sphere): return sphere.draw(&generator)
      }
    }
    switch centring {
    case .none: break
    case .particles:
      for index in draws.indices { Self.centreOverBodies(&draws[index].p, dimension: dimension) }
    case .systems:
      for coordinate in 0..<bodyCount * dimension {
        let mean = draws.reduce(0) { $0 + $1.p[coordinate] } / Double(draws.count)
        for index in draws.indices { draws[index].p[coordinate] -= mean }
      }
    }
    return draws
  }

  private static func centreOverBodies(_ p: inout [Double], dimension: Int) {
    for axis in 0..<dimension {
      let coordinates = stride(from: axis, to: p.count, by: dimension)
      let mean = coordinates.reduce(0) { $0 + p[$1] } / Double(p.count / dimension)
      for coordinate in coordinates { p[coordinate] -= mean }
    }
  }
}
