// SPDX-License-Identifier: GPL-3.0-or-later

import RealModule
import Testing

@testable import Dynamics

@Suite struct Ensembles {
  static let nbody = """
    format: noether/scenario
    version: 1
    name: nbody
    dimension: 3
    units: {G: 1}
    system: {kind: gravity}
    random:
      kind: star-and-planets
      star: 32
      planets: 5
      mass: {uniform: [0.02, 0.2]}
      radius: {from: 0.5, to: 4, jitter: 0.3}
      systems: 3
      seed: 5
    integrator: {method: verlet, step: 0.01}
    time: {end: 1.99}
    output: {frames: 200}
    """

  static func springs(_ settings: String...) throws -> Scenario {
    let tree = try ConfigNode.parse(ScenarioInput.ensemble, name: "s.yaml").setting("random.bodies=6")
    return try Scenario(settings.reduce(tree) { try $0.setting($1) })
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
  static func deviation(_ values: [Double]) -> Double {
    let mean = mean(values)
    return Self.mean(values.map { ($0 - mean) * ($0 - mean) }).squareRoot()
  }

  /// Moments of the published distribution: m ~ U(0.1, 3.1), k ~ U(0, 5), q ~ N(0, 0.4²), p ~ N(0, 0.6²). Bounds
  /// are five standard errors of 24 000 (12 000 for m, k) draws.
  @Test func springsHaveTheirMoments() throws {
    let systems = try Self.springs().systems(count: 2000)
    let m = systems.flatMap(\.system.bodies.masses)
    let k = systems.flatMap { $0.system.features.map { $0[1] } }
    let q = systems.flatMap(\.initial.q)
    let p = systems.flatMap(\.initial.p)
    #expect(m.allSatisfy { $0 >= 0.1 && $0 < 3.1 } && k.allSatisfy { $0 >= 0 && $0 < 5 })
    #expect(
      abs(Self.mean(m) - 1.6) < 5 * 0.866 / 109.5 && abs(Self.deviation(m) - 3 / 12.0.squareRoot()) < 0.02)
    #expect(
      abs(Self.mean(k) - 2.5) < 5 * 1.443 / 109.5 && abs(Self.deviation(k) - 5 / 12.0.squareRoot()) < 0.03)
    #expect(abs(Self.mean(q)) < 5 * 0.4 / 154.9 && abs(Self.deviation(q) - 0.4) < 5 * 0.4 / 219)
    #expect(abs(Self.mean(p)) < 5 * 0.6 / 154.9 && abs(Self.deviation(p) - 0.6) < 5 * 0.6 / 219)
  }

  /// No two bodies nearer than `closest`, and no other number touched where none would be.
  @Test(arguments: [2, 3]) func cloudsKeepTheirDistance(dimension: Int) throws {
    func nearest(_ system: ScenarioSystem) -> Double {
      ClosestPair(at: system.initial.q.span, of: system.system.bodies)?.distance ?? .infinity
    }
    let near = try Self.springs("random.kind=cloud", "dimension=\(dimension)").systems(count: 200)
    let far = try Self.springs("random.kind=cloud", "dimension=\(dimension)", "random.closest=0.2")
      .systems(count: 200)
    #expect(near.contains { nearest($0) < 0.2 })
    #expect(far.allSatisfy { nearest($0) >= 0.2 })
    for (a, b) in zip(near, far) where nearest(a) >= 0.2 { #expect(a.initial == b.initial) }
    #expect(far.map(\.system.bodies) == near.map(\.system.bodies))
    let full = try Self.springs("random.closest=9")
    #expect(
      message { try full.systems() }
        == "--set random.closest=9: random.closest: no place was found for body 2 in 10000 tries; lower closest, or "
        + "spread position wider")
  }

  /// `springs` is the cloud of the springs' law; other laws have clouds of their own parameters.
  @Test func cloudsAreDrawnUnderEveryLaw() throws {
    let springs = try Self.springs().systems(count: 3)
    #expect(try Self.springs("random.kind=cloud").systems(count: 3).map(\.initial) == springs.map(\.initial))
    let gravity = try Self.springs(
      "system={kind: gravity, softening: 0.2}", "units.G=4", "random.kind=cloud", "random.stiffness=null"
    ).systems(count: 3)
    #expect(gravity.map(\.system.bodies) == springs.map(\.system.bodies))
    #expect(gravity.allSatisfy { ($0.system as? GravitySystem)?.G == 4 })
  }

  /// Total momentum along x of every system.
  static func momentum(_ systems: [ScenarioSystem]) -> [Double] {
    systems.map { system in stride(from: 0, to: 12, by: 2).reduce(0) { $0 + system.initial.p[$1] } }
  }

  @Test func centringSubtractsWhatItSays() throws {
    let none = try Self.springs("random.centring=none").systems(count: 500)
    let particles = try Self.springs("random.centring=particles").systems(count: 500)
    let systems = try Self.springs("random.centring=systems").systems(count: 500)
    #expect(Self.momentum(particles).allSatisfy { abs($0) < 1e-14 })
    // Over systems, each coordinate has mean zero, and totals keep their deviation √6 · 0.6 = 1.47.
    for coordinate in 0..<12 { #expect(abs(Self.mean(systems.map { $0.initial.p[coordinate] })) < 1e-15) }
    #expect(abs(Self.deviation(Self.momentum(systems)) - 1.47) < 0.15)
    #expect(abs(Self.deviation(Self.momentum(none)) - 1.47) < 0.15)
    #expect(none.map(\.initial.q) == systems.map(\.initial.q))
    #expect((0..<12).contains { coordinate in abs(Self.mean(none.map { $0.initial.p[coordinate] })) > 0.01 })
  }

  @Test func streamsDoNotDependOnTheCount() throws {
    for scenario in [
      try Self.springs("random.centring=particles"), try Scenario(ConfigNode.parse(Self.nbody, name: "n")),
    ] {
      let many = try scenario.systems(count: 50)
      let few = try scenario.systems(count: 3, first: 20)
      #expect(few.map(\.index) == [20, 21, 22])
      #expect(few.map(\.initial) == many[20..<23].map(\.initial))
      #expect(few.map(\.system.bodies) == many[20..<23].map(\.system.bodies))
      #expect(Set(many.map { $0.initial.q }).count == 50)
      let other = try scenario.systems(count: 3, seed: 99, first: 20)
      #expect(other.map(\.initial) != few.map(\.initial))
    }
    #expect(try Scenario(ConfigNode.parse(Self.nbody, name: "n")).systems().count == 3)
  }

  @Test(arguments: [2, 3]) func planetsCircleTheStar(dimension: Int) throws {
    let tree = try ConfigNode.parse(Self.nbody, name: "n.yaml").setting("dimension=\(dimension)")
    let systems = try Scenario(tree).systems(count: 300)
    var starPlaces = Set<Int>()
    var senses = 0.0
    for system in systems {
      let m = system.system.bodies.masses
      let star = try #require(m.firstIndex(of: 32))
      starPlaces.insert(star)
      var radii: [Double] = []
      for body in m.indices where body != star {
        let q = (0..<dimension).map { system.initial.q[body * dimension + $0] }
        let v = (0..<dimension).map { system.initial.p[body * dimension + $0] / m[body] }
        let r = q.reduce(0) { $0 + $1 * $1 }.squareRoot()
        radii.append(r)
        #expect(m[body] >= 0.02 && m[body] < 0.2)
        #expect(abs(v.reduce(0) { $0 + $1 * $1 } * r / 32 - 1) < 1e-13)
        #expect(abs(zip(q, v).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-13)
        senses += q[0] * v[1] - q[1] * v[0] > 0 ? 1 : -1
      }
      for (planet, r) in radii.sorted().enumerated() {
        #expect(abs(r - (0.5 + 0.875 * Double(planet))) <= 0.105)
      }
      #expect((0..<dimension).allSatisfy { system.initial.q[star * dimension + $0] == 0 })
    }
    #expect(starPlaces == Set(0..<6))
    // 1500 fair coins: five standard deviations are 194.
    #expect(abs(senses) < 194)
  }

  @Test func softenedOrbitsAreCircularToo() throws {
    let tree = try ConfigNode.parse(Self.nbody, name: "n.yaml").setting("system.softening=0.5")
      .setting("random.planets=1").setting("random.radius.jitter=0.1")
    let system = try #require(try Scenario(tree).systems(count: 1).first)
    let m = system.system.bodies.masses
    let planet = try #require(m.firstIndex { $0 != 32 })
    var force = [Double](repeating: 0, count: 6)
    var span = force.mutableSpan
    try system.system.separable().force(at: system.initial.q.span, into: &span)
    func dot(_ a: [Double], _ b: [Double]) -> Double {
      (0..<3).reduce(0) { $0 + a[3 * planet + $1] * b[3 * planet + $1] }
    }
    // v²/r = |F|/m, F pointing inward.
    let (q, p) = (system.initial.q, system.initial.p)
    #expect(abs(dot(p, p) / m[planet] / -dot(force, q) - 1) < 1e-13)
  }

  @Test func centreOfMassFrameIsAtRestInTheOrigin() throws {
    let tree = try ConfigNode.parse(ScenarioInput.gravity, name: "s.yaml")
    let given = try #require(try Scenario(tree).systems().first?.initial)
    let scenario = try Scenario(tree.setting("frame=centre-of-mass"))
    let state = try #require(try scenario.systems().first?.initial)
    for axis in 0..<2 {
      #expect(abs(1 * state.q[axis] + 0.1 * state.q[2 + axis]) < 1e-16)
      #expect(abs(state.p[axis] + state.p[2 + axis]) < 1e-16)
      #expect(abs(state.q[2 + axis] - state.q[axis] - (given.q[2 + axis] - given.q[axis])) < 1e-15)
    }
    #expect(given.q[2] == 1 && given.p[3] == 0.1)
  }

  @Test func overridesReachTheScenario() throws {
    #expect(try Self.springs("integrator.tolerance=1e-9").integrator.step == nil)
    #expect(try Self.springs("output.every=0.25").output == .every(0.25))
    #expect(try Self.springs("integrator.step=5/499").integrator.step == 5.0 / 499)
    #expect(
      message { try Self.springs("random.mas=1") }.hasPrefix("--set random.mas=1: random.mas: unknown key"))
    let plain = try Self.springs()
    #expect(try Self.springs("time.end=1").digest == plain.digest)
    #expect(try Self.springs("time.end=2").digest != plain.digest)
    let again = try Scenario(ConfigNode.parse(plain.resolved.prettyJSON, name: "run.json"))
    #expect(again.digest == plain.digest)
    #expect(try again.systems(count: 2).map(\.initial) == plain.systems(count: 2).map(\.initial))
  }
}
