// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// E ≈ Σ e_s n_s, what the numbers n_s of atoms of each element tell of the energy: fitted by least squares, and taken out before a
/// network learns the rest.
///
/// Elements that always come in one proportion share what belongs to them together. Of an intensive property the mean is
/// taken out instead; energies of atoms that are known by themselves need no fit.
public struct CompositionEnergy: Sendable {
  public let elements: [Element]
  /// e_s, in the data's unit.
  public let energies: [Double]
  /// What every structure has, whatever its atoms.
  let constant: Double

  /// The part of the normal matrix's mean diagonal that is added to it, for compositions that do not tell elements apart.
  private static let ridge = 1e-9

  init(elements: [Element], energies: [Double], constant: Double = 0) {
    (self.elements, self.energies, self.constant) = (elements, energies, constant)
  }

  /// As the configuration wants it, from training structures and their energies.
  init(
    elements: [Element], structures: [Structure], energies: [Double], _ config: StructureConfig
  ) throws {
    if config.isIntensive {
      let mean = energies.reduce(0, +) / Double(max(1, energies.count))
      self.init(elements: elements, energies: elements.map { _ in 0 }, constant: mean)
      return
    }
    switch config.reference {
    case .fitted: try self.init(elements: elements, structures: structures, energies: energies)
    case .given(let known):
      self.init(
        elements: elements,
        energies: try elements.map { element in
          if let energy = known[element.symbol] { return energy }
          throw NoetherError("data.reference: \(element.symbol): missing; the structures have atoms of it")
        })
    case .qm9:
      self.init(
        elements: elements,
        energies: try elements.map {
          try QM9Reference.energy(of: $0, property: config.energy, unit: config.unit)
        })
      try QM9Reference.check(
        energies, fit: structures.map { self($0) }, property: config.energy, unit: config.unit)
    }
  }

  /// The least-squares fit.
  init(elements: [Element], structures: [Structure], energies: [Double]) throws {
    let (counts, species) = (structures.map { Self.counts($0, elements) }, elements.indices)
    var fitted = [Double](repeating: 0, count: elements.count)
    // Later passes take out what the ridge has left.
    for _ in 0..<3 {
      var matrix = [Double](repeating: 0, count: elements.count * elements.count)
      var slope = fitted.map { _ in 0.0 }
      for (n, energy) in zip(counts, energies) {
        let rest = energy - zip(n, fitted).reduce(0) { $0 + $1.0 * $1.1 }
        for i in species {
          slope[i] += n[i] * rest
          for j in species { matrix[i * n.count + j] += n[i] * n[j] }
        }
      }
      let trace = species.reduce(0) { $0 + matrix[$1 * (elements.count + 1)] }
      for i in species { matrix[i * (elements.count + 1)] += Self.ridge * trace / Double(elements.count) }
      guard let step = solvePositiveDefinite(matrix, slope) else {
        throw NoetherError("the energies of the training structures cannot be fitted to their composition")
      }
      for i in species { fitted[i] += step[i] }
    }
    self.init(elements: elements, energies: fitted)
  }

  /// Σ e_s n_s.
  public func callAsFunction(_ structure: Structure) -> Double {
    zip(Self.counts(structure, elements), energies).reduce(constant) { $0 + $1.0 * $1.1 }
  }

  private static func counts(_ structure: Structure, _ elements: [Element]) -> [Double] {
    elements.map { element in Double(structure.elements.count { $0 == element }) }
  }
}
