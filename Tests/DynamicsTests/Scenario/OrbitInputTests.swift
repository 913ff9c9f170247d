// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import Testing

@testable import Dynamics

/// Bodies by their orbital elements: what they mean, and what is refused.
@Suite struct OrbitInput {
  static func text(_ dimension: Int) -> String {
    """
    format: noether/scenario
    version: 1
    name: orbits
    dimension: \(dimension)
    units: {G: 2}
    system: {kind: gravity}
    bodies:
      - {name: Sun, m: 3, x: \(dimension == 2 ? "[1, 2]" : "[1, 2, 3]"), v: \(dimension == 2 ? "[0.1, 0.2]" : "[0.1, 0.2, 0]")}
      - {name: Earth, m: 0.5, orbit: {a: 2, e: 0.5, M: 1, angles: radians}}
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 2}

    """
  }

  @Test(
    arguments: [
      ("e: 0.5", "e: -0.1", "s.yaml:9: bodies.1.orbit.e: '-0.1' is negative; an eccentricity is at least 0"),
      ("e: 0.5", "e: 1", "bodies.1.orbit.e: a parabola, e = 1, has no semi-major axis; write x and v"),
      ("e: 0.5", "e: 1.5", "bodies.1.orbit.a: '2': a hyperbola, e = 1.5, has a < 0; write -2.0"),
      ("a: 2", "a: -2", "bodies.1.orbit.a: '-2': an ellipse, e = 0.5, has a > 0"),
      ("a: 2", "a: 0", "bodies.1.orbit.a: '0' is not a semi-major axis"),
      ("a: 2", "a: 2, P: 1", "s.yaml:9: bodies.1.orbit: a and P exclude each other; keep one"),
      ("a: 2, e: 0.5", "P: 2, e: 1.5", "bodies.1.orbit.P: a hyperbola, e = 1.5, has no period"),
      ("a: 2", "P: 0", "bodies.1.orbit.P: '0' is not allowed"),
      ("a: 2, ", "", "bodies.1.orbit.a: missing; write the semi-major axis, a: 1, or the period"),
      ("M: 1", "M: 1, f: 1", "bodies.1.orbit: M and f exclude each other"),
      ("M: 1, angles: radians", "M: 1", "bodies.1.orbit.angles: missing; write angles: degrees or"),
      ("angles: radians", "angles: rad", "bodies.1.orbit.angles: 'rad' is not known; use one of: degrees"),
      ("M: 1", "i: 1", "bodies.1.orbit.i: orbits in the plane have no inclination and no node"),
      ("M: 1", "omgea: 1", "bodies.1.orbit.omgea: unknown key; did you mean 'omega'?"),
      ("a: 2, e: 0.5, M: 1", "a: -2, e: 2, f: 2.2", "bodies.1.orbit.f: '2.2' lies beyond the asymptote"),
      ("a: 2, e: 0.5, M: 1", "a: -2, e: 2, f: 2", "no error"),
      ("orbit:", "x: [0, 0], orbit:", "s.yaml:9: bodies.1: x and orbit exclude each other; keep one"),
      ("orbit:", "v: [0, 0], orbit:", "s.yaml:9: bodies.1: v and orbit exclude each other; keep one"),
      (
        "orbit: {", "pinned: true, orbit: {", "a pinned body (Earth) does not move; write x, or remove pinned"
      ),
      ("a: 2,", "about: Sun, a: 2,", "no error"),
      (
        "a: 2,", "about: Sum, a: 2,", "orbit.about: no body 'Sum' stands before this one; did you mean 'Sun'?"
      ),
      ("a: 2,", "about: Earth, a: 2,", "orbit.about: no body 'Earth' stands before this one"),
      ("a: 2,", "a: 1e300,", "no error"), ("e: 0.5", "e: .nan", "it must be finite"),
      ("m: 3", "m: 0", "s.yaml:9: bodies.1.orbit: there is no body with mass before this one"),
    ] as [ScenarioInput.Fault])
  func orbitsAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.text(2), fault) }

  @Test func orbitsBelongToGravity() {
    let charges = PairLawInput.charges
    ScenarioInput.check(charges, ("x: [1, 0]", "orbit: {a: 1}", "orbits belong to system: {kind: gravity}"))
  }

  private static func elliptic(_ settings: String..., dimension: Int) throws -> (
    ScenarioSystem, [Double], [Double]
  ) {
    let tree = try ConfigNode.parse(text(dimension), name: "s.yaml")
    let system = try #require(try Scenario(settings.reduce(tree) { try $0.setting($1) }).systems().first)
    let m = system.system.bodies.inertias
    let q = system.initial.q
    let v = system.initial.p.indices.map { system.initial.p[$0] / m[$0 / dimension] }
    return (
      system, (0..<dimension).map { q[dimension + $0] - q[$0] },
      (0..<dimension).map { v[dimension + $0] - v[$0] }
    )
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Energy and angular momentum of the relative motion are those of the elements, μ = G(3 + 0.5) = 7, and the phase is
  /// that of Kepler's equation, by `KeplerOrbit`, which starts from another place.
  @Test(arguments: [
    "{a: 2, e: 0.5, M: 1, angles: radians}", "{a: 2, e: 0.5, omega: 0.3, M: -2.9, angles: radians}",
  ])
  func elementsAreThoseOfTheMotion(orbit: String) throws {
    let (_, x, v) = try Self.elliptic("bodies.1.orbit=\(orbit)", dimension: 2)
    let r = Self.dot(x, x).squareRoot()
    // v²/2 − μ/r = −μ/2a, x × v = √(μa(1 − e²)).
    #expect(abs(Self.dot(v, v) / 2 - 7 / r + 7 / 4) < 1e-14)
    #expect(abs(x[0] * v[1] - x[1] * v[0] - (7 * 2 * 0.75).squareRoot()) < 1e-14)
    // From the pericentre, after M/n.
    let ω = orbit.contains("omega") ? 0.3 : 0, M = orbit.contains("omega") ? -2.9 : 1.0
    let (_, start, speed) = try Self.elliptic(
      "bodies.1.orbit={a: 2, e: 0.5, omega: \(ω), f: 0, angles: radians}", dimension: 2)
    #expect(abs(Self.dot(start, start).squareRoot() - 1) < 1e-15)
    let later = try #require(KeplerOrbit(position: start, velocity: speed, gravitation: 7))
      .position(after: M / (7 / 8.0).squareRoot())
    for (a, b) in zip(x, later) { #expect(abs(a - b) < 1e-14) }
  }

  /// Ω, i, ω turn about z, x, z: at the node the body is on the axis that Ω names, and rises.
  @Test func anglesTurnTheOrbit() throws {
    let (_, x, v) = try Self.elliptic(
      "bodies.1.orbit={a: 2, e: 0.5, i: 30, Omega: 90, omega: 20, f: -20, angles: degrees}", dimension: 3)
    #expect(abs(x[0]) < 1e-15 && x[1] > 0 && abs(x[2]) < 1e-15 && v[2] > 0)
    let L = [x[1] * v[2] - x[2] * v[1], x[2] * v[0] - x[0] * v[2], x[0] * v[1] - x[1] * v[0]]
    // The normal is (sin Ω sin i, −cos Ω sin i, cos i).
    let size = Self.dot(L, L).squareRoot()
    for (a, b) in zip(L, [0.5, 0, 0.75.squareRoot()]) { #expect(abs(a / size - b) < 1e-15) }
  }

  /// A hyperbola has its energy, and M = e sinh H − H.
  @Test func hyperbolasAreOpen() throws {
    let (_, x, v) = try Self.elliptic("bodies.1.orbit={a: -2, e: 1.5, M: 3, angles: radians}", dimension: 2)
    let r = Self.dot(x, x).squareRoot()
    #expect(abs(Self.dot(v, v) / 2 - 7 / r - 7 / 4) < 1e-14)
    let H = Double.acosh((1 + r / 2) / 1.5)
    #expect(abs(1.5 * Double.sinh(H) - H - 3) < 1e-14 && Self.dot(x, v) > 0)
  }

  /// By default about all bodies before, as one; with `about`, about one of them. The period gives a³ = μ(P/2π)².
  @Test func orbitsAreAboutWhatIsSaid() throws {
    let moon = "{name: Moon, m: 0, orbit: {P: 2, angles: radians, f: 1}}"
    for (about, μ, body) in [("", 7.0, nil), ("about: Earth, ", 1.0, 1)] as [(String, Double, Int?)] {
      let tree = try ConfigNode.parse(Self.text(2) + "", name: "s.yaml")
      let bodies = """
        bodies=[{name: Sun, m: 3, x: [1, 2], v: [0.1, 0.2]}, {name: Earth, m: 0.5, x: [5, 2]}, \
        \(moon.replacing("{P", with: "{\(about)P"))]
        """
      let system = try #require(try Scenario(tree.setting(bodies)).systems().first)
      let q = system.initial.q, p = system.initial.p
      // The centre of mass of both, or Earth.
      var x: [Double] = [(3 * 1 + 0.5 * 5) / 3.5, 2]
      var v: [Double] = [0.3 / 3.5, 0.6 / 3.5]
      if let body {
        x = [q[2 * body], q[2 * body + 1]]
        v = [p[2 * body] / 0.5, p[2 * body + 1] / 0.5]
      }
      let (dx, dy, du, dv) = (q[4] - x[0], q[5] - x[1], p[4] - v[0], p[5] - v[1])
      let a = Double.root(μ / (Double.pi * Double.pi), 3)
      #expect(abs(Double.hypot(dx, dy) - a) < 1e-14)
      #expect(abs(Double.hypot(du, dv) - (μ / a).squareRoot()) < 1e-14)
      #expect(abs(dx * du + dy * dv) < 1e-14)
    }
  }
}
