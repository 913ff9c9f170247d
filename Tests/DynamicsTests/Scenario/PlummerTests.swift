// SPDX-License-Identifier: GPL-3.0-or-later

import Testing

@testable import Dynamics

/// Star clusters: their units, their profile, and what is refused.
@Suite struct PlummerTests {
  static let text = """
    format: noether/scenario
    version: 1
    name: cluster
    dimension: 3
    units: {G: 1}
    system: {kind: gravity}
    random: {kind: plummer, bodies: 100, systems: 40, seed: 2}
    integrator: {method: verlet, step: 0.01}
    time: {end: 1}
    output: {frames: 2}

    """

  private static func systems(_ settings: String...) throws -> [ScenarioSystem] {
    let tree = try ConfigNode.parse(text, name: "s.yaml")
    return try Scenario(settings.reduce(tree) { try $0.setting($1) }).systems()
  }

  /// In standard units T = 1/4, V = −1/2; in others V = −GM²/2R; always at rest in the origin.
  @Test func clustersAreInVirialEquilibrium() throws {
    for (settings, V) in [
      ([], -0.5), (["units.G=2", "random.mass=3", "random.virial_radius=0.5"], -18.0),
    ] as [([String], Double)] {
      let tree = try ConfigNode.parse(Self.text, name: "s.yaml")
      for system in try Scenario(settings.reduce(tree) { try $0.setting($1) }).systems(count: 3) {
        let (law, state) = (system.system, system.initial)
        #expect(abs(law.potentialEnergy(at: state.q.span) / V - 1) < 1e-13)
        #expect(abs(law.kineticEnergy(q: state.q.span, p: state.p.span) / -V - 0.5) < 1e-13)
        for axis in 0..<3 {
          let entries = stride(from: axis, to: 300, by: 3)
          #expect(abs(entries.reduce(0) { $0 + state.q[$1] }) < 1e-12)
          #expect(abs(entries.reduce(0) { $0 + state.p[$1] }) < 1e-12)
        }
      }
    }
    // With softening it is the softened potential that is in balance.
    let soft = try #require(try Self.systems("system.softening=0.3", "random.systems=1").first)
    let V = soft.system.potentialEnergy(at: soft.initial.q.span)
    #expect(abs(soft.system.kineticEnergy(q: soft.initial.q.span, p: soft.initial.p.span) / V + 0.5) < 1e-13)
    #expect(V > -0.45)
  }

  /// Of 40 000 stars: the share of the mass within r is (1 + a²/r²)^{−3/2}, with the scale length
  /// a = 3π/16 of the virial radius; directions are uniform; a third of T is radial. w, the square of a star's speed over that
  /// of the escape speed, has a Beta(3/2, 9/2) distribution at every place: E w = 1/4, E w²/(E w)² = 10/7.
  @Test func starsAreSpreadAfterPlummer() throws {
    let a² = (3 * Double.pi / 16) * (3 * Double.pi / 16)
    var (radii², z², u², radial², w, w²) = ([Double](), 0.0, 0.0, 0.0, [0.0, 0.0], 0.0)
    for system in try Self.systems("random.bodies=1000") {
      let (q, p) = (system.initial.q, system.initial.p)
      for star in 0..<1000 {
        let x = SIMD3(q[3 * star], q[3 * star + 1], q[3 * star + 2])
        let v = 1000 * SIMD3(p[3 * star], p[3 * star + 1], p[3 * star + 2])
        let (r², v²) = ((x * x).sum(), (v * v).sum())
        radii².append(r²)
        z² += x.z * x.z / r²
        u² += v²
        radial² += (x * v).sum() * (x * v).sum() / r²
        // v_esc² = 2GM/√(r² + a²).
        let share = v² * (r² + a²).squareRoot() / 2
        w[r² < a² ? 0 : 1] += share
        w² += share * share
      }
    }
    let n = 40_000.0
    for r² in [a² / 4, a², 4 * a²] {
      let within = 1 / ((1 + a² / r²) * (1 + a² / r²).squareRoot())
      let error = (within * (1 - within) / n).squareRoot()
      #expect(abs(Double(radii².count { $0 < r² }) / n - within) < 3 * error + 0.003)
    }
    // E z²/r² = 1/3 with the deviation √(4/45).
    #expect(abs(z² / n - 1.0 / 3) < 5 * 0.298 / 200)
    #expect(abs(u² / n - 0.5) < 1e-12)
    #expect(abs(radial² / u² - 1.0 / 3) < 0.01)
    let inside = Double(radii².count { $0 < a² })
    #expect(abs(w[0] / inside - 0.25) < 0.01 && abs(w[1] / (n - inside) - 0.25) < 0.01)
    let mean = (w[0] + w[1]) / n
    #expect(abs(w² / n / (mean * mean) * 0.7 - 1) < 0.02)
  }

  @Test func everySystemHasItsOwnStream() throws {
    let all = try Self.systems().map(\.initial)
    let tree = try ConfigNode.parse(Self.text, name: "s.yaml")
    #expect(try Scenario(tree).systems(count: 2, first: 5).map(\.initial) == Array(all[5...6]))
    #expect(all[0] != all[1])
  }

  @Test(
    arguments: [
      ("bodies: 100", "bodies: 1", "random.bodies: '1' is not allowed; write a whole number from 2"),
      ("bodies: 100, ", "", "random.bodies: missing; write how many stars there are, bodies: 100"),
      ("seed: 2", "mass: 0", "random.mass: '0' is not allowed"),
      ("seed: 2", "virial_raduis: 1", "unknown key; did you mean 'virial_radius'?"),
      ("dimension: 3", "dimension: 2", "s.yaml:7: random.kind: a Plummer sphere lies in space"),
      ("kind: plummer", "kind: plumer", "did you mean 'plummer'?"),
      (
        "units: {G: 1}\nsystem: {kind: gravity}", "system: {kind: coulomb}",
        "random.kind: 'plummer' needs system: {kind: gravity}"
      ),
    ] as [ScenarioInput.Fault])
  func clustersAreChecked(_ fault: ScenarioInput.Fault) { ScenarioInput.check(Self.text, fault) }
}
