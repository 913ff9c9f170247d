// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// A star at rest in the origin and planets on nearly circular orbits in random directions.
///
/// The n-body ensemble of Finzi et al. (2020): planet n has the radius from + n·(to−from)/(planets−1), moved by
/// up to half of jitter·(to−from)/planets either way.
struct StarAndPlanets: Sendable {
  static let keys = ["star", "planets", "mass", "radius", "shuffle"]

  var dimension: Int
  var G: Double
  var softening: Double
  /// Mass of the star.
  var star: Double
  var planets: Int
  var mass: Distribution
  var radius: (from: Double, to: Double, jitter: Double)
  /// Put the bodies in a random order, so that nothing can be learned from it.
  var shuffle: Bool

  init(_ reader: ConfigReader, dimension: Int, G: Double, softening: Double) throws {
    self.dimension = dimension
    self.G = G
    self.softening = softening
    star = try reader.required("star", "the mass of the star, star: 32").double(.positive)
    planets = try reader.required("planets", "how many there are, planets: 5")
      .integer(in: 1...Ensemble.mostBodies - 1)
    mass = try Distribution(reader.required("mass", "mass: {uniform: [0.02, 0.2]}"), .positive)
    shuffle = try reader["shuffle"]?.bool() ?? true
    let node = try reader.required("radius", "radius: {from: 0.5, to: 4, jitter: 0.3}")
    let radii = try ConfigReader(node, keys: ["from", "to", "jitter"])
    radius.from = try radii.required("from", "the innermost radius").double(.positive)
    radius.to = try radii.required("to", "the outermost radius").double(.positive)
    radius.jitter = try radii["jitter"]?.double(.atLeastZero) ?? 0
    if radius.to < radius.from {
      throw node.error("from \(radius.from) lies outside to \(radius.to); write the inner radius first")
    }
    if spread / 2 >= radius.from {
      throw node.error(
        "the jitter may put a planet into the star; write a smaller jitter than \(radius.jitter)")
    }
  }

  /// Width of the interval that a radius is jittered over.
  private var spread: Double { radius.jitter * (radius.to - radius.from) / Double(planets) }

  /// The order of the bodies, then for each planet its mass, radius, direction and the sense of its orbit.
  func draw(_ generator: inout SeededGenerator) -> Ensemble.Draw {
    let count = planets + 1
    let order = shuffle ? generator.permutation(of: count) : Array(0..<count)
    var draw = Ensemble.Draw(
      masses: Array(repeating: star, count: count), parameters: [],
      q: Array(repeating: 0, count: count * dimension), p: Array(repeating: 0, count: count * dimension))
    for planet in 0..<planets {
      let body = order[planet + 1]
      let m = mass.draw(&generator)
      let step = planets > 1 ? (radius.to - radius.from) / Double(planets - 1) : 0
      let r = radius.from + Double(planet) * step + spread * generator.uniform(-0.5, 0.5)
      // Circular under the star's softened pull: v²/r = GM r/(r²+ε²)^{3/2}; √(GM/r) for ε = 0.
      let ρ² = r * r + softening * softening
      let v = r * (G * star / (ρ² * ρ².squareRoot())).squareRoot()
      let (outward, forward) = dimension == 2 ? planarPair(&generator) : spatialPair(&generator)
      draw.masses[body] = m
      for axis in 0..<dimension {
        draw.q[body * dimension + axis] = r * outward[axis]
        draw.p[body * dimension + axis] = m * v * forward[axis]
      }
    }
    return draw
  }

  /// A uniform direction and one of the two perpendicular to it.
  private func planarPair(_ generator: inout SeededGenerator) -> (SIMD3<Double>, SIMD3<Double>) {
    let angle = generator.uniform(0, 2 * .pi)
    let sense: Double = generator.uniform() < 0.5 ? -1 : 1
    let (cosine, sine) = (Double.cos(angle), Double.sin(angle))
    return (SIMD3(cosine, sine, 0), SIMD3(-sense * sine, sense * cosine, 0))
  }

  /// A uniform direction and a uniform one among those perpendicular to it.
  private func spatialPair(_ generator: inout SeededGenerator) -> (SIMD3<Double>, SIMD3<Double>) {
    func gaussian(_ generator: inout SeededGenerator) -> SIMD3<Double> {
      SIMD3(generator.normal(), generator.normal(), generator.normal())
    }
    while true {
      let a = gaussian(&generator)
      let b = gaussian(&generator)
      let size = a.squaredNorm.squareRoot()
      guard size > 0 else { continue }
      let outward = a / size
      let across = b - (b * outward).sum() * outward
      let width = across.squaredNorm.squareRoot()
      // Nearly parallel draws would leave a direction made of rounding errors.
      if width > 1e-6 * b.squaredNorm.squareRoot() { return (outward, across / width) }
    }
  }
}
