// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// Atoms whose law is not known: what a learned potential is told of them, and what they weigh.
///
/// Masses are in units of energy · fs²/Å², so that with lengths in Å and energies in the data's unit time is in fs.
public struct AtomSystem: HamiltonianSystem {
  public let bodies: Bodies
  public let features: [[Double]]
  public let featureNames: [String]

  /// 1 Da·Å²/fs² in eV: m_u · 10¹⁰ / e, by CODATA 2018.
  static let daltonElectronvolts = 103.642_696_562

  /// Throws where an element is not among `elements`, for which the network has features.
  public init(
    _ structure: Structure, elements: [Element], features kind: StructureConfig.Features,
    unit: StructureConfig.Unit
  ) throws {
    let mass = Self.daltonElectronvolts / unit.electronvolts
    bodies = Bodies(
      dimension: 3, names: structure.elements.enumerated().map { "\($1.symbol)\($0 + 1)" },
      masses: structure.elements.map { $0.mass * mass },
      pinned: Array(repeating: false, count: structure.count))
    featureNames = Self.names(elements, kind)
    features = try structure.elements.map { element in
      guard let own = elements.firstIndex(of: element) else {
        throw NoetherError(
          "\(element.symbol): the model knows \(elements.map(\.symbol).joined(separator: ", ")) alone; train on structures that "
            + "have it")
      }
      return elements.indices.flatMap { index in
        let charge = Double(element.number) / 9
        let row = kind == .oneHot ? [1.0] : [1, charge, charge * charge]
        return index == own ? row : row.map { _ in 0 }
      }
    }
  }

  static func names(_ elements: [Element], _ kind: StructureConfig.Features) -> [String] {
    elements.flatMap { element in
      kind == .oneHot ? [element.symbol] : ["", " c", " c²"].map { element.symbol + $0 }
    }
  }

  public func potentialEnergy(at q: Span<Double>) -> Double { 0 }
  public func force(at q: Span<Double>, into force: inout MutableSpan<Double>) {
    for k in 0..<force.count { force[k] = 0 }
  }
}
