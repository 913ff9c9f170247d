// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// A star cluster after Plummer (Monthly Notices 71, 1911), its stars drawn as by Aarseth, Hénon and Wielen (Astronomy and
/// Astrophysics 37, 1974), then scaled to be in virial equilibrium exactly.
///
/// With G = 1 and the defaults these are standard N-body units (Heggie & Mathieu 1986): total mass 1, energy −1/4, virial
/// radius 1.
struct PlummerSphere: Sendable {
  static let keys = ["bodies", "mass", "virial_radius"]
  /// The share of the mass that is drawn from: the sphere has no edge, and this one ends at 38.7 of its scale lengths.
  private static let share = 0.999

  var G: Double
  var softening: Double
  var bodies: Int
  /// Of all bodies together; each has the same share.
  var mass: Double
  /// R in V = −GM²/2R.
  var virialRadius: Double

  init(_ reader: ConfigReader, G: Double, softening: Double) throws {
    self.G = G
    self.softening = softening
    bodies = try reader.required("bodies", "how many stars there are, bodies: 100").integer(
      in: 2...Ensemble.mostBodies)
    mass = try reader["mass"]?.double(.positive) ?? 1
    virialRadius = try reader["virial_radius"]?.double(.positive) ?? 1
  }

  /// Star by star its distance, direction, speed and the direction of that; then the centre of mass is put to rest in the
  /// origin, and lengths and speeds are scaled so that V = −GM²/2R and T = −V/2.
  func draw(_ generator: inout SeededGenerator) -> Ensemble.Draw {
    let m = mass / Double(bodies)
    var draw = Ensemble.Draw(
      masses: Array(repeating: m, count: bodies), parameters: [], q: [], p: [])
    for _ in 0..<bodies {
      // In units of the scale length: the share x of the mass lies within r, r = (x^{−2/3} − 1)^{−1/2}.
      let x = Self.share * (1 - generator.uniform())
      let r = 1 / (1 / Double.pow(x, 2.0 / 3) - 1).squareRoot()
      draw.q += direction(&generator).map { r * $0 }
      // The escape speed is √2 (1 + r²)^{−1/4} in units of √(GM/a).
      let escape = (2 / (1 + r * r).squareRoot()).squareRoot()
      let speed = escape * shareOfEscapeSpeed(&generator)
      draw.p += direction(&generator).map { m * speed * $0 }
    }
    centre(&draw.q)
    centre(&draw.p)
    scale(&draw)
    return draw
  }

  /// u from the density ∝ u²(1 − u²)^{7/2} on [0, 1], whose maximum is below 0.1, by rejection.
  private func shareOfEscapeSpeed(_ generator: inout SeededGenerator) -> Double {
    while true {
      let u = generator.uniform()
      let density = u * u * Double.pow(1 - u * u, 3.5)
      if generator.uniform(0, 0.1) < density { return u }
    }
  }

  /// Uniform on the unit sphere: z is uniform.
  private func direction(_ generator: inout SeededGenerator) -> [Double] {
    let z = generator.uniform(-1, 1)
    let angle = generator.uniform(0, 2 * .pi)
    let width = (1 - z * z).squareRoot()
    return [width * Double.cos(angle), width * Double.sin(angle), z]
  }

  /// Equal masses: the mean is that of the mass.
  private func centre(_ array: inout [Double]) {
    for axis in 0..<3 {
      let entries = stride(from: axis, to: array.count, by: 3)
      let mean = entries.reduce(0) { $0 + array[$1] } / Double(bodies)
      for entry in entries { array[entry] -= mean }
    }
  }

  /// The unsoftened V goes with 1/length, T with the square of the speed.
  private func scale(_ draw: inout Ensemble.Draw) {
    let bare = GravitySystem(bodies: Bodies(dimension: 3, masses: draw.masses), G: G, softening: 0)
    let factor = bare.potentialEnergy(at: draw.q.span) / (-G * mass * mass / (2 * virialRadius))
    draw.q = draw.q.map { factor * $0 }
    // The virial theorem is about the potential that acts.
    let system = GravitySystem(bodies: bare.bodies, G: G, softening: softening)
    let wanted = -system.potentialEnergy(at: draw.q.span) / 2
    let speed = (wanted / system.kineticEnergy(of: draw.p.span)).squareRoot()
    draw.p = draw.p.map { speed * $0 }
  }
}
