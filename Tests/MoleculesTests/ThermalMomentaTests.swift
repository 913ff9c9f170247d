// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import Testing

@testable import Molecules

@Suite("Momenta at a temperature")
struct ThermalMomentaTests {
  private func system(_ text: [(String, [Double])]) throws -> (AtomSystem, [Double]) {
    let elements = try text.map { try #require(Element(symbol: $0.0)) }
    let structure = Structure(elements: elements, positions: text.flatMap { $0.1 })
    return (
      try AtomSystem(structure, elements: Array(Set(elements)), features: .oneHot, unit: .eV),
      structure.positions
    )
  }

  @Test("neither move nor turn the whole, and have the energy of their degrees of freedom")
  func momenta() throws {
    let molecules: [([(String, [Double])], Int)] = [
      ([("O", [0, 0, 0]), ("H", [0.96, 0, 0]), ("H", [-0.24, 0.93, 0.1])], 3),
      ([("C", [0, 0, 0]), ("O", [0.5, 0.6, 0.7]), ("O", [-0.5, -0.6, -0.7])], 4),
      ([("C", [1, 2, 3]), ("O", [1, 2, 4.1])], 1),
    ]
    for (atoms, freedom) in molecules {
      let (system, q) = try system(atoms)
      let p = thermalMomenta(of: system.bodies, at: q, kelvins: 300, unit: .eV, seed: 4)
      let T = system.bodies.kineticEnergy(of: p.span)
      // ½ f k_B T at 300 K.
      #expect(abs(T - 0.5 * Double(freedom) * 8.617333262e-5 * 300) < 1e-12)
      let n = system.bodies.count
      let centre = (0..<3).map { a in
        (0..<n).reduce(0) { $0 + system.bodies.masses[$1] * q[3 * $1 + a] }
          / system.bodies.masses.reduce(0, +)
      }
      let size = p.map(\.magnitude).max() ?? 0
      for a in 0..<3 {
        let (b, c) = ((a + 1) % 3, (a + 2) % 3)
        let P = (0..<n).reduce(0) { $0 + p[3 * $1 + a] }
        let L = (0..<n).reduce(0) {
          $0 + (q[3 * $1 + b] - centre[b]) * p[3 * $1 + c] - (q[3 * $1 + c] - centre[c]) * p[3 * $1 + b]
        }
        #expect(abs(P) < 1e-14 * size && abs(L) < 1e-13 * size)
      }
      #expect(thermalMomenta(of: system.bodies, at: q, kelvins: 0, unit: .eV, seed: 4).allSatisfy { $0 == 0 })
      #expect(thermalMomenta(of: system.bodies, at: q, kelvins: 300, unit: .eV, seed: 5) != p)
    }
  }

  @Test("masses are such that times are in fs")
  func units() throws {
    // A proton at 1 eV of kinetic energy goes 0.138 Å in a fs: v = √(2E/m) = 13 831 m/s.
    let (system, _) = try system([("H", [0, 0, 0])])
    let v = (2 / system.bodies.masses[0]).squareRoot()
    #expect(abs(v - 0.13836) < 1e-4)
    let kcal = try AtomSystem(
      Structure(elements: [#require(Element(symbol: "H"))], positions: [0, 0, 0]),
      elements: [#require(Element(symbol: "H"))], features: .published, unit: .kcalPerMol)
    #expect(abs(kcal.bodies.masses[0] / system.bodies.masses[0] - 23.0605) < 1e-3)
    #expect(kcal.featureNames == ["H", "H c", "H c²"])
    #expect(kcal.features == [[1, 1.0 / 9, 1.0 / 81]])
  }
}
