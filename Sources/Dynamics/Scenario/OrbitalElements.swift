// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule

/// The `orbit` of a listed body: where it is and how it moves, by the elements of its conic about another body, or about
/// the centre of mass of all bodies listed before it.
struct OrbitalElements: Sendable {
  private static let angles = ["i", "Omega", "omega", "M", "f"]

  /// The semi-major axis, negative for a hyperbola, and the eccentricity.
  private var a: Double
  private var e: Double
  /// Inclination, longitude of the ascending node, argument of pericentre, true anomaly; radians.
  private var inclination: Double
  private var node: Double
  private var pericentre: Double
  private var f: Double
  private let primary: Primary
  private let μ: Double

  /// What the orbit is about.
  private struct Primary: Sendable {
    var m = 0.0
    var x: [Double]
    var v: [Double]

    init(at x: [Double], v: [Double], m: Double) {
      self.x = x
      self.v = v
      self.m = m
    }

    /// The centre of mass of `bodies`, one of which at least has mass.
    init(of bodies: [ListedBody], dimension: Int) {
      let M = bodies.reduce(0) { $0 + $1.m }
      let axes = 0..<dimension
      self.init(
        at: axes.map { axis in bodies.reduce(0) { $0 + $1.m * $1.x[axis] } / M },
        v: axes.map { axis in bodies.reduce(0) { $0 + $1.m * $1.v[axis] } / M }, m: M)
    }
  }

  /// Reads the elements of a body of mass `m` that follows the bodies `before` it.
  init(_ block: ConfigNode, m: Double, after before: [ListedBody], G: Double, dimension: Int) throws {
    let keys =
      ["about", "a", "P", "e"] + (dimension == 3 ? ["i", "Omega"] : []) + ["omega", "M", "f", "angles"]
    if dimension == 2, let tilt = block["i"] ?? block["Omega"] {
      throw tilt.error(
        "orbits in the plane have no inclination and no node; remove it, or write dimension: 3")
    }
    let reader = try ConfigReader(block, keys: keys, alternatives: [["a", "P"], ["M", "f"]])
    primary = try Self.primary(reader, of: before, dimension: dimension)
    μ = G * (primary.m + m)
    e = try reader["e"]?.double() ?? 0
    if let written = reader["e"] {
      if e < 0 { throw written.error("\(written.quoted) is negative; an eccentricity is at least 0") }
      if e == 1 {
        throw written.error("a parabola, e = 1, has no semi-major axis; write x and v instead of orbit")
      }
    }
    a = try Self.semiMajorAxis(reader, e: e, μ: μ)
    let unit = try Self.unit(reader)
    func angle(_ key: String) throws -> Double { try (reader[key]?.double() ?? 0) * unit }
    (inclination, node, pericentre) = try (angle("i"), angle("Omega"), angle("omega"))
    f = try angle("f")
    if reader["f"] == nil { f = Self.trueAnomaly(mean: try angle("M"), e: e) }
    if let written = reader["f"], 1 + e * Double.cos(f) <= 0 {
      let limit = Double.acos(-1 / e) / unit
      throw written.error(
        "\(written.quoted) lies beyond the asymptote of the hyperbola; with e = \(e) write less than \(limit) either way"
      )
    }
  }

  private static func primary(
    _ reader: ConfigReader, of before: [ListedBody], dimension: Int
  ) throws -> Primary {
    guard let about = reader["about"] else {
      guard before.contains(where: { $0.m > 0 }) else {
        throw reader.node.error(
          "there is no body with mass before this one, which its orbit could be about; write that first, with x and v"
        )
      }
      return Primary(of: before, dimension: dimension)
    }
    let name = try about.string()
    guard let body = before.first(where: { $0.name == name }) else {
      throw about.error(
        "no body '\(name)' stands before this one; \(suggestion(for: name, in: before.prefix(20).map(\.name)))"
      )
    }
    guard body.m > 0 else { throw about.error("'\(name)' has no mass that could hold an orbit") }
    return Primary(at: body.x, v: body.v, m: body.m)
  }

  private static func semiMajorAxis(_ reader: ConfigReader, e: Double, μ: Double) throws -> Double {
    if let period = reader["P"] {
      let P = try period.double(.positive)
      if e > 1 { throw period.error("a hyperbola, e = \(e), has no period; write a, which is negative") }
      // Kepler's third law: a³ = μ (P/2π)².
      return Double.root(μ * (P / (2 * .pi)) * (P / (2 * .pi)), 3)
    }
    let written = try reader.required("a", "the semi-major axis, a: 1, or the period, P: 1")
    let a = try written.double()
    if a == 0 { throw written.error("'0' is not a semi-major axis") }
    if e < 1, a < 0 { throw written.error("\(written.quoted): an ellipse, e = \(e), has a > 0") }
    if e > 1, a > 0 {
      throw written.error("\(written.quoted): a hyperbola, e = \(e), has a < 0; write \(-a)")
    }
    return a
  }

  /// Radians in the unit of the angles; where one is written, the unit is too.
  private static func unit(_ reader: ConfigReader) throws -> Double {
    if let unit = reader["angles"] {
      return try unit.choice(["degrees", "radians"]) == "degrees" ? .pi / 180 : 1
    }
    if let angle = angles.first(where: { reader[$0] != nil }) {
      _ = try reader.required("angles", "angles: degrees or angles: radians, the unit of \(angle)")
    }
    return 1
  }

  /// f from the mean anomaly, by Kepler's equation (Battin, An Introduction to the Mathematics and Methods of Astrodynamics,
  /// 4.3 and 4.4): M = E − e sin E, tan f/2 = √((1+e)/(1−e)) tan E/2; with e > 1, M = e sinh H − H and
  /// tan f/2 = √((e+1)/(e−1)) tanh H/2.
  private static func trueAnomaly(mean: Double, e: Double) -> Double {
    if e > 1 {
      var H = Double.asinh(mean / e)
      for _ in 0..<100 {
        let change = (e * Double.sinh(H) - H - mean) / (e * Double.cosh(H) - 1)
        H -= change
        if abs(change) <= 1e-16 * abs(H) { break }
      }
      return 2 * Double.atan(((e + 1) / (e - 1)).squareRoot() * Double.tanh(H / 2))
    }
    let M = mean.remainder(dividingBy: 2 * .pi)
    // E − e sin E grows, is convex up to π and concave before −π: Newton from ±π comes nearer from one side.
    var E = M == 0 ? 0 : Double.pi * (M < 0 ? -1 : 1)
    for _ in 0..<100 {
      let change = (E - e * Double.sin(E) - M) / (1 - e * Double.cos(E))
      E -= change
      if abs(change) <= 1e-16 { break }
    }
    return 2
      * Double.atan2(
        y: (1 + e).squareRoot() * Double.sin(E / 2), x: (1 - e).squareRoot() * Double.cos(E / 2))
  }

  /// Position and velocity (Murray & Dermott, Solar System Dynamics, 2.8): in the plane of the orbit
  /// r = a(1 − e²)/(1 + e cos f), ẋ = −√(μ/p) sin f, ẏ = √(μ/p) (e + cos f) with p = a(1 − e²), then turned by ω about z,
  /// by i about x and by Ω about z.
  var state: (x: [Double], v: [Double]) {
    let p = a * (1 - e * e)
    let r = p / (1 + e * Double.cos(f))
    let speed = (μ / p).squareRoot()
    let place = turned(SIMD3(r * Double.cos(f), r * Double.sin(f), 0))
    let velocity = turned(SIMD3(-speed * Double.sin(f), speed * (e + Double.cos(f)), 0))
    return (
      primary.x.indices.map { primary.x[$0] + place[$0] },
      primary.v.indices.map { primary.v[$0] + velocity[$0] }
    )
  }

  private func turned(_ u: SIMD3<Double>) -> SIMD3<Double> {
    func aboutZ(_ u: SIMD3<Double>, _ angle: Double) -> SIMD3<Double> {
      let (c, s) = (Double.cos(angle), Double.sin(angle))
      return SIMD3(c * u.x - s * u.y, s * u.x + c * u.y, u.z)
    }
    let v = aboutZ(u, pericentre)
    let (c, s) = (Double.cos(inclination), Double.sin(inclination))
    return aboutZ(SIMD3(v.x, c * v.y - s * v.z, s * v.y + c * v.z), node)
  }
}
