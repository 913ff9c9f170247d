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
  /// The digest of what was learned from and validated with.
  let samples: String

  /// Of training structures and their properties. Throws where they leave the range of numbers.
  init(
    _ composition: CompositionEnergy, _ structures: [Structure], _ properties: [Double], samples: String
  ) throws {
    self.samples = samples
    elements = composition.elements.map(\.symbol)
    (energies, constant) = (composition.energies, composition.constant)
    let rest = zip(structures, properties).map { $1 - composition($0) }
    let mean = rest.reduce(0, +) / Double(max(1, rest.count))
    let variance = rest.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, rest.count))
    let size = properties.reduce(0) { max($0, abs($1)) }
    self.mean = mean
    // Where rounding alone is left there is nothing to learn, and nothing to divide by.
    deviation = variance.squareRoot() > 1e-12 * size ? variance.squareRoot() : 1
    guard isFinite else {
      throw NoetherError(
        "data.energy: the property is as large as \(size), whose mean and deviation no number holds; choose another"
      )
    }
  }

  private var isFinite: Bool { (energies + [constant, mean, deviation]).allSatisfy(\.isFinite) }

  /// The digest of structures and their properties.
  static func digest(_ structures: [Structure], _ properties: [Double]) -> String {
    var data = Data()
    for (structure, property) in zip(structures, properties) {
      data.append(contentsOf: structure.elements.map { UInt8(clamping: $0.number) })
      for number in structure.positions + [property] {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return sha256(data)
  }

  /// What a model remembers; nil where it is none of molecules.
  public init?(_ model: PointModel) {
    guard let stored = model.meaning,
      let target = try? JSONDecoder().decode(PropertyTarget.self, from: Data(stored.utf8)),
      target.energies.count == target.elements.count, !target.elements.isEmpty,
      Set(target.elements).count == target.elements.count,
      target.elements.allSatisfy({ Element(symbol: $0) != nil }), target.isFinite, target.deviation > 0
    else { return nil }
    self = target
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// Numbers that the network is told of an atom.
  public func inputs(_ config: PropertyConfig) -> Int {
    AtomSystem.names(composition.elements, config.data.structures?.features ?? .oneHot).count
  }

  var composition: CompositionEnergy {
    CompositionEnergy(
      elements: elements.compactMap(Element.init(symbol:)), energies: energies, constant: constant)
  }
}
