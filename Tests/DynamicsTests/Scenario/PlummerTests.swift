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

  /// The share of the mass within the scale length a = 3π/16 of the virial radius is 2^{−3/2}, half of it within 1.305 a;
  /// the mean square speed there and directions are those of an isotropic sphere. 4000 stars: 5 standard errors.
  @Test func starsAreSpreadAfterPlummer() throws {
    let a = 3 * Double.pi / 16
    var (radii, z², u², radial²) = ([Double](), 0.0, 0.0, 0.0)
    for system in try Self.systems() {
      let (q, p) = (system.initial.q, system.initial.p)
      for star in 0..<100 {
        let x = SIMD3(q[3 * star], q[3 * star + 1], q[3 * star + 2])
        let v = 100 * SIMD3(p[3 * star], p[3 * star + 1], p[3 * star + 2])
        radii.append((x * x).sum().squareRoot())
        z² += x.z * x.z / (x * x).sum()
        u² += (v * v).sum()
        radial² += (x * v).sum() * (x * v).sum() / (x * x).sum()
      }
    }
    func share(_ r: Double) -> Double { Double(radii.count { $0 < r }) / 4000 }
    // √(0.354·0.646/4000) = 0.0076; √(¼/4000) = 0.0079.
    #expect(abs(share(a) - 0.3536) < 0.038)
    #expect(abs(share(1.3048 * a) - 0.5) < 0.04)
    // Directions: E z²/r² = 1/3 with the deviation √(4/45).
    #expect(abs(z² / 4000 - 1.0 / 3) < 5 * 0.298 / 63)
    // T = 1/4 is exact; a third of it is radial.
    #expect(abs(u² / 4000 - 0.5) < 1e-12)
    #expect(abs(radial² / u² - 1.0 / 3) < 0.03)
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
