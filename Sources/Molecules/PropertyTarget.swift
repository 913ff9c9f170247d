// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// What a network on molecules is told and what it learns: (property − what the composition tells − mean)/deviation, as a model file
/// remembers it.
public struct PropertyTarget: Sendable, Equatable, Codable {
  /// Symbols, in the order of the network's inputs.
  let elements: [String]
  /// What an atom of each has by itself, and what every molecule has.
  let energies: [Double]
  let constant: Double
  /// Of the training set, after what the composition tells.
  let mean: Double
  let deviation: Double

  /// Of training structures and their properties.
  init(_ composition: CompositionEnergy, _ structures: [Structure], _ properties: [Double]) {
    elements = composition.elements.map(\.symbol)
    (energies, constant) = (composition.energies, composition.constant)
    let rest = zip(structures, properties).map { $1 - composition($0) }
    let mean = rest.reduce(0, +) / Double(max(1, rest.count))
    let variance = rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, rest.count))
    let size = properties.reduce(0) { max($0, abs($1)) }
    self.mean = mean
    // Where rounding alone is left there is nothing to learn, and nothing to divide by.
    deviation = variance.squareRoot() > 1e-12 * size ? variance.squareRoot() : 1
  }

  /// What a model remembers; nil where it is none of molecules.
  public init?(_ model: PointModel) {
    guard let stored = model.meaning,
      let target = try? JSONDecoder().decode(PropertyTarget.self, from: Data(stored.utf8)),
      target.energies.count == target.elements.count,
      target.elements.allSatisfy({ Element(symbol: $0) != nil })
    else { return nil }
    self = target
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  var composition: CompositionEnergy {
    CompositionEnergy(
      elements: elements.compactMap(Element.init(symbol:)), energies: energies, constant: constant)
  }
}
