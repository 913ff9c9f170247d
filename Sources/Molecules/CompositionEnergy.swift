// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// E ≈ Σ e_s n_s, what the numbers n_s of atoms of each element tell of the energy: fitted by least squares, and taken out before a
/// network learns the rest.
///
/// Elements that always come in one proportion share what belongs to them together.
public struct CompositionEnergy: Sendable {
  public let elements: [Element]
  /// e_s, in the data's unit.
  public let energies: [Double]

  /// The part of the normal matrix's mean diagonal that is added to it, for compositions that do not tell elements apart.
  private static let ridge = 1e-9

  init(elements: [Element], structures: [Structure], energies: [Double]) throws {
    self.elements = elements
    let counts = structures.map { Self.counts($0, elements) }
    var fitted = [Double](repeating: 0, count: elements.count)
    // The second pass takes out what the ridge has left.
    for _ in 0..<3 {
      let rest = zip(energies, counts).map { energy, n in
        energy - zip(n, fitted).reduce(0) { $0 + $1.0 * $1.1 }
      }
      var (matrix, slope) = (
        [Double](repeating: 0, count: elements.count * elements.count),
        [Double](repeating: 0, count: elements.count)
      )
      for (n, energy) in zip(counts, rest) {
        for i in n.indices {
          slope[i] += n[i] * energy
          for j in n.indices { matrix[i * n.count + j] += n[i] * n[j] }
        }
      }
      let diagonal =
        elements.indices.reduce(0) { $0 + matrix[$1 * (elements.count + 1)] } / Double(elements.count)
      for i in elements.indices { matrix[i * (elements.count + 1)] += Self.ridge * diagonal }
      guard let step = solvePositiveDefinite(matrix, slope) else {
        throw NoetherError("the energies of the training structures cannot be fitted to their composition")
      }
      for i in elements.indices { fitted[i] += step[i] }
    }
    self.energies = fitted
  }

  /// Σ e_s n_s.
  public func callAsFunction(_ structure: Structure) -> Double {
    zip(Self.counts(structure, elements), energies).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func counts(_ structure: Structure, _ elements: [Element]) -> [Double] {
    elements.map { element in Double(structure.elements.count { $0 == element }) }
  }
}
