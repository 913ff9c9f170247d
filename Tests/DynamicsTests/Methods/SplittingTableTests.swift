// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Testing

/// What the coefficients of every method must satisfy, whatever its order.
@Suite struct SplittingTableTests {
  private static let all: [(name: String, table: SplittingTable)] = [
    ("symplectic Euler", .symplecticEuler), ("Verlet", .verlet), ("Verlet, DKD", .verletDKD),
    ("Yoshida 4", .yoshida4), ("PEFRL", .pefrl), ("Blanes–Moan 4", .blanesMoan4), ("Yoshida 6", .yoshida6),
    ("Kahan–Li 6", .kahanLi6), ("Yoshida 8", .yoshida8), ("Kahan–Li 8", .kahanLi8),
  ]

  @Test func kicksAndDriftsAddUpToAStep() {
    for (name, table) in Self.all {
      var (kicks, drifts) = (0.0, 0.0)
      for substep in table.substeps {
        switch substep {
        case .kick(let c): kicks += c
        case .drift(let c): drifts += c
        }
      }
      #expect(abs(kicks - 1) < 4e-16 && abs(drifts - 1) < 4e-16, "\(name): \(kicks), \(drifts)")
    }
  }

  /// To the bit; symplectic Euler is the control that is not symmetric.
  @Test func allButSymplecticEulerReadTheSameBackward() {
    for (name, table) in Self.all {
      #expect((table.substeps == table.substeps.reversed()) == (name != "symplectic Euler"), "\(name)")
    }
  }

  /// Order 3 of a symmetric composition of Verlet: Σγ³ = 0, order 5: Σγ⁵ = 0, and so on
  /// (Hairer, Lubich & Wanner, V.3.2); the next power, the control, does not vanish.
  @Test(arguments: [4, 6, 8])
  func oddPowersOfTheFractionsVanish(order: Int) throws {
    let tables: [SplittingTable] =
      switch order {
      case 4: [.yoshida4]
      case 6: [.yoshida6, .kahanLi6]
      default: [.yoshida8, .kahanLi8]
      }
    for table in tables {
      let fractions = table.substeps.compactMap { if case .drift(let c) = $0 { c } else { nil } }
      func sum(_ power: Int) -> Double {
        fractions.reduce(0) { sum, γ in sum + (0..<power).reduce(1.0) { product, _ in product * γ } }
      }
      for power in stride(from: 3, to: order, by: 2) { #expect(abs(sum(power)) < 1e-13) }
      #expect(abs(sum(order + 1)) > 1e-6)
    }
  }

  /// bᵢaᵢⱼ + bⱼaⱼᵢ = bᵢbⱼ, Σⱼaᵢⱼ = cᵢ, Σbᵢcᵢᵏ = 1/(k + 1) up to the order 2s of Gauss's nodes, and no further.
  @Test func gaussTablesAreSymplecticAndOfTheirOrder() {
    for table in [GaussTable.gauss2, .gauss4, .gauss6] {
      let (a, b, c) = (table.a, table.b, table.c)
      for i in b.indices {
        #expect(abs(a[i].reduce(0, +) - c[i]) < 3e-16)
        for j in b.indices { #expect(abs(b[i] * a[i][j] + b[j] * a[j][i] - b[i] * b[j]) < 1e-16) }
      }
      func defect(_ k: Int) -> Double {
        let sum = zip(b, c).reduce(0) { sum, bc in sum + (0..<k).reduce(bc.0) { product, _ in product * bc.1 }
        }
        return abs(sum - 1 / Double(k + 1))
      }
      for k in 0..<2 * table.stages { #expect(defect(k) < 3e-16) }
      #expect(defect(2 * table.stages) > 1e-4)
    }
  }
}
