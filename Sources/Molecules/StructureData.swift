// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// The training, validation and test sets that a configuration makes of structures: drawn by the data's seed, the test set first
/// where it is a fold, then validation, then training.
public struct StructureData: Sendable {
  /// Of all structures of the file, by atomic number.
  public let elements: [Element]
  /// What the composition tells of the energy, by the training set.
  public let composition: CompositionEnergy
  private let config: StructureConfig
  private let structures: [Structure]
  private let members: [DataConfig.Split: [Int]]
  private let test: [Structure]?

  /// With a composition that is `known` nothing is fitted, and where the test set has a file of its own, that alone is read.
  public init(_ data: DataConfig, composition known: CompositionEnergy? = nil) throws {
    guard let config = data.structures else {
      throw NoetherError("data.structures: missing; write structures: FILE.xyz")
    }
    self.config = config
    if let known, let path = config.testPath {
      (structures, members) = ([], [:])
      test = Array(try StructureFile.read(path).prefix(data.test))
      (composition, elements) = (known, known.elements)
      return
    }
    let structures = try Self.kept(StructureFile.read(config.path), config)
    self.structures = structures
    elements = Set(structures.flatMap(\.elements)).sorted { $0.number < $1.number }

    var generator = SeededGenerator(seed: data.seed, path: 0x7374_7275_6374)
    let order = generator.permutation(of: structures.count)
    var (rest, held) = (order, [Int]())
    if let folds = config.folds {
      held = order.indices.filter { $0 % folds == config.fold }.map { order[$0] }
      rest = order.indices.filter { $0 % folds != config.fold }.map { order[$0] }
    }
    let due = data.validation + data.train
    guard rest.count >= due else {
      throw NoetherError(
        "\(config.path): \(rest.count) structures are there to train and validate with, \(due) are needed; lower "
          + "data.train or data.validation")
    }
    let train = Array(rest[data.validation..<due])
    if let path = config.testPath {
      test = Array(try StructureFile.read(path).prefix(data.test))
    } else {
      test = nil
      if config.folds == nil { held = Array(rest[due...]) }
      held = Array(held.prefix(data.test))
    }
    members = [.train: train, .validation: Array(rest[..<data.validation]), .test: held]
    composition =
      try known
      ?? CompositionEnergy(
        elements: elements, structures: train.map { structures[$0] },
        energies: train.map { try Self.energy(of: structures[$0], config, config.path) }, config)
  }

  /// All structures but those whose numbers, counted from 1, begin a line of the file of exclusions.
  private static func kept(_ structures: [Structure], _ config: StructureConfig) throws -> [Structure] {
    guard let path = config.exclude else { return structures }
    var lines = Lines(try readFile(path, limit: 1 << 26), name: path)
    var excluded: Set<Int> = []
    while let line = lines.next() {
      guard let number = line.split(whereSeparator: \.isSpace).first.flatMap({ Int($0) }) else { continue }
      guard (1...structures.count).contains(number) else {
        throw lines.error("\(number): \(config.path) has \(structures.count) structures, counted from 1")
      }
      excluded.insert(number)
    }
    if excluded.isEmpty { throw NoetherError("\(path): no line begins with the number of a structure") }
    return structures.indices.filter { !excluded.contains($0 + 1) }.map { structures[$0] }
  }

  /// The structures of a split.
  public func structures(_ split: DataConfig.Split) throws -> [Structure] {
    if split == .test, let test { return test }
    let found = (members[split] ?? []).map { structures[$0] }
    if found.isEmpty {
      throw NoetherError(
        "\(config.path): no structure is left to test on; lower data.train, or name others by data.test_structures"
      )
    }
    return found
  }

  /// The energy of every structure of a split.
  func energies(_ split: DataConfig.Split) throws -> [Double] {
    try structures(split).map { try Self.energy(of: $0, config, path(of: split)) }
  }

  /// The file of a split.
  func path(of split: DataConfig.Split) -> String {
    split == .test ? config.testPath ?? config.path : config.path
  }

  /// A split as the engine takes it: one state per system, with what the composition does not tell of its energy, and its forces.
  public func dataset(_ split: DataConfig.Split) throws -> ChunkDataset {
    let path = path(of: split)
    var data = ChunkDataset(
      dimension: 3, featureNames: AtomSystem.names(elements, config.features), points: 1, step: 1)
    for (structure, energy) in zip(try structures(split), try energies(split)) {
      let system = try AtomSystem(
        structure, elements: elements, features: config.features, unit: config.unit)
      let forces = try config.forces.map { try Self.forces(of: structure, $0, path) }
      let rest = [Double](repeating: 0, count: structure.positions.count)
      try data.append(
        system, states: [PhaseState(q: structure.positions, p: rest)],
        labels: PotentialLabels(energy: energy - composition(structure), forces: forces))
    }
    return data
  }

  private static let remedy = "leave it out of the file, or of data.structures by data.exclude"

  private static func energy(of structure: Structure, _ config: StructureConfig, _ path: String) throws
    -> Double
  {
    if let energy = structure.properties[config.energy] {
      if energy.isFinite { return energy }
      throw NoetherError(
        "\(path): \(structure.place): '\(config.energy)' is \(energy); \(remedy)")
    }
    let known = structure.properties.keys.sorted()
    throw NoetherError(
      "\(path): \(structure.place) has no property '\(config.energy)'"
        + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))") + "; name one by data.energy")
  }

  private static func forces(of structure: Structure, _ name: String, _ path: String) throws -> [Double] {
    if let forces = structure.columns[name], forces.count == 3 * structure.count {
      if let k = forces.firstIndex(where: { !$0.isFinite }) {
        throw NoetherError(
          "\(path): \(structure.place): the force on atom \(k / 3 + 1) is \(forces[k]); \(remedy)"
        )
      }
      return forces
    }
    let known = structure.columns.keys.sorted()
    throw NoetherError(
      "\(path): \(structure.place): the atoms have no columns '\(name)' of three numbers"
        + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
        + "; name them by data.forces, or learn from energies alone: data.forces=null, loss.force=0"
    )
  }
}
