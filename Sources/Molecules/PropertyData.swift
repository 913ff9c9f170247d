// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv
import LieCore
import RealModule

/// Molecules as a network on points takes them: what it is told of each atom, where the atoms are, about their mean, and the property
/// that is to be learned.
public struct PropertyData: Sendable {
  public let config: PropertyConfig
  /// Numbers that the network is told of an atom.
  public let inputs: Int
  public let target: PropertyTarget
  private let molecules: [DataConfig.Split: [Molecule]]

  struct Molecule: Sendable {
    /// [atom × 3], Å.
    let positions: [Double]
    let values: [Float]
    /// What the composition does not tell of the property.
    let rest: Double
    /// "molecules.xyz: line 12: structure 3".
    let place: String
  }

  /// Reads what `splits` need, for the target of a model that has been trained or else for that of the training set. Throws where files
  /// are missing or damaged, hold too little, or atoms of elements that the target does not know.
  public init(_ config: PropertyConfig, splits: [DataConfig.Split], target known: PropertyTarget? = nil)
    throws
  {
    guard let structures = config.data.structures else {
      throw NoetherError("data.structures: missing; write structures: FILE.xyz")
    }
    self.config = config
    let data = try StructureData(config.data, composition: known?.composition)
    if let known {
      target = known
      if structures.testPath == nil, try Self.digest(of: data) != known.samples {
        throw NoetherError(
          "\(structures.path): its structures to learn from and to validate with are not those of the model, which may have seen some "
            + "of its test set; name other structures by --set data.test_structures=FILE")
      }
    } else {
      target = try PropertyTarget(
        data.composition, data.structures(.train), data.energies(.train), samples: Self.digest(of: data))
    }
    let composition = target.composition
    inputs = target.inputs(config)
    molecules = try splits.reduce(into: [:]) { molecules, split in
      molecules[split] = try zip(data.structures(split), data.energies(split)).map { structure, property in
        let place = "\(data.path(of: split)): \(structure.place)"
        do {
          let system = try AtomSystem(
            structure, elements: composition.elements, features: structures.features, unit: structures.unit)
          return Molecule(
            positions: structure.centredPositions, values: system.features.flatMap { $0.map { Float($0) } },
            rest: property - composition(structure), place: place)
        } catch let error as NoetherError {
          throw NoetherError("\(place): \(error.message)")
        }
      }
    }
  }

  private static func digest(of data: StructureData) throws -> String {
    let splits = [DataConfig.Split.train, .validation]
    return PropertyTarget.digest(
      try splits.flatMap { try data.structures($0) }, try splits.flatMap { try data.energies($0) })
  }

  func molecules(_ split: DataConfig.Split) -> [Molecule] { molecules[split] ?? [] }

  /// The most atoms of a molecule.
  var largest: Int {
    molecules.values.joined().reduce(1) { max($0, $1.values.count / max(1, inputs)) }
  }

  /// Å from the mean of the atoms, far beyond any molecule and within what single precision tells apart.
  private static var farthest: Double { 1e5 }

  /// Whether lifts are drawn by lot.
  var drawsLifts: Bool {
    config.model.lift == .haar && Groups.named(config.model.group, dimension: 3)?.framed != nil
  }

  /// What the network sees of a molecule. In training, in epoch `epoch` as its number `index`, it is turned at random where the
  /// configuration says so, and lifts that are drawn are drawn anew.
  func pointSet(_ molecule: Molecule, training: (epoch: Int, index: Int)? = nil) throws -> PointSet {
    var (positions, model) = (molecule.positions, config.model)
    if let training {
      var generator = SeededGenerator(
        seed: config.data.seed, path: 0x6D6F_6C65, UInt64(training.epoch), UInt64(training.index))
      if drawsLifts { model.seed ^= generator.next() }
      if config.augment { positions = RandomRotation(dimension: 3, using: &generator)(positions) }
    }
    if let far = positions.first(where: { abs($0) > Self.farthest }) {
      throw NoetherError(
        "\(molecule.place): an atom is \(abs(far)) Å from the mean of all; mend it, or leave it out by data.exclude"
      )
    }
    do {
      let points = try SampledPoints(positions, dimension: 3, model, standardised: false)
      return PointSet(points, values: molecule.values)
    } catch let error as NoetherError {
      throw NoetherError("\(molecule.place), counted from the mean of its atoms: \(error.message)")
    }
  }
}

extension Structure {
  /// Places about their mean.
  fileprivate var centredPositions: [Double] {
    let mean = (0..<3).map { axis -> Double in
      let sum = (0..<count).reduce(0.0) { $0 + positions[3 * $1 + axis] }
      return sum / Double(max(1, count))
    }
    return positions.enumerated().map { $1 - mean[$0 % 3] }
  }
}
