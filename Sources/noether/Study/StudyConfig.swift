// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// A study: every model of a list, trained on every law, number of systems and seed.
struct StudyConfig {
  static let format = "noether/study"
  static let version = 1

  /// One model: a training configuration and what changes in it with the number of training systems.
  struct Model {
    let name: String
    /// Complete, with the scenario written out.
    let base: ConfigNode
    /// "training.epochs" → value, by number of systems.
    let changes: [Int: [ConfigNode.Entry]]
  }

  let name: String
  let models: [Model]
  /// Names and scenarios; a single one without a name where every model keeps its own.
  let laws: [(name: String, scenario: ConfigNode?)]
  let trainingCounts: [Int]
  let seeds: [UInt64]
  /// Test systems that are rolled out for every cell.
  let rollouts: Int
  private let data: [ConfigNode.Entry]
  /// The whole configuration, all that it names written out in it.
  let resolved: ConfigNode

  static func load(_ path: String, overrides: [String]) throws -> StudyConfig {
    try StudyConfig(ConfigNode.load(path: path, overrides: overrides))
  }

  init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: [
        "format", "version", "name", "description", "models", "laws", "train", "seeds", "data", "rollouts",
      ])
    try reader.requireFormat(Self.format, version: Self.version)
    name = try reader.required("name", "name: springs").string()
    _ = try reader["description"]?.string()
    var resolved = node
    models = try Self.named(
      reader.required("models", "models: {pairs: {training: ../training/springs.yaml}}")
    ).map { entry in
      let model = try Self.model(entry)
      resolved = try resolved.replacing("models.\(entry.key).training", with: model.base)
      resolved = try resolved.replacing("models.\(entry.key).set", with: nil)
      return model
    }
    laws =
      try reader["laws"].map { node in
        try Self.named(node).map { entry in
          let loaded = try Scenario.load(at: entry.value)
          guard loaded.isEnsemble else {
            throw entry.value.error("lists its bodies, so it has one system; studies need random ones")
          }
          let scenario = loaded.resolved
          resolved = try resolved.replacing("laws.\(entry.key)", with: scenario)
          return (entry.key, scenario)
        }
      } ?? [("", nil)]
    trainingCounts = try Self.list(reader.required("train", "train: [10, 100, 1000]")) {
      try $0.integer(in: 1...10_000_000)
    }
    seeds = try Self.list(reader.required("seeds", "seeds: [0, 1, 2]")) { try $0.seed() }
    rollouts = try reader["rollouts"]?.integer(in: 0...100_000) ?? 0
    data =
      try reader["data"].map { node in
        _ = try ConfigReader(node, keys: ["validation", "test", "chunk"])
        return try Self.entries(node)
      } ?? []
    self.resolved = resolved
    // Whatever is wrong shows before anything is trained.
    for cell in cells { _ = try training(of: cell) }
  }

  /// One training of the study.
  struct Cell {
    let law: String
    let model: String
    let train: Int
    let seed: UInt64

    /// The path of its folder in `cells`: no two cells have the same.
    var folder: String {
      (law.isEmpty ? "" : law + "/") + "\(model)-n\(train)-seed\(seed)"
    }
  }

  /// All cells, law by law, model by model, each in the order of their names: a run.json does not keep another.
  var cells: [Cell] {
    laws.flatMap { law in
      models.flatMap { model in
        trainingCounts.flatMap { train in
          seeds.map { Cell(law: law.name, model: model.name, train: train, seed: $0) }
        }
      }
    }
  }

  /// The configuration that a cell is trained by.
  func training(of cell: Cell) throws -> TrainingConfig {
    guard let model = models.first(where: { $0.name == cell.model }) else {
      throw NoetherError("models: there is no '\(cell.model)'")
    }
    var node = model.base
    if let scenario = laws.first(where: { $0.name == cell.law })?.scenario {
      node = try node.replacing("data.scenario", with: scenario)
    }
    for entry in data { node = try node.replacing("data.\(entry.key)", with: entry.value) }
    node = try node.setting(model.changes[cell.train] ?? [])
    node = try node.replacing("data.train", with: .integer(cell.train))
    node = try node.replacing("data.seed", with: .integer(cell.seed))
    node = try node.replacing("model.seed", with: .integer(cell.seed))
    do {
      return try TrainingConfig(node)
    } catch let error as NoetherError {
      throw NoetherError("\(cell.folder): \(error.message)")
    }
  }

  private static func model(_ entry: ConfigNode.Entry) throws -> Model {
    let reader = try ConfigReader(entry.value, keys: ["training", "set", "by_train"])
    let given = try reader.required("training", "training: ../training/springs.yaml")
    var base = given
    if case .scalar = given.value { base = try ConfigNode.load(path: given.filePath()) }
    base = try base.setting(reader["set"].map(entries) ?? [])
    var changes: [Int: [ConfigNode.Entry]] = [:]
    for count in try reader["by_train"].map(entries) ?? [] {
      guard let train = Int(count.key), train > 0 else {
        throw count.value.error(
          "'\(count.key)' is no number of systems; write by_train: {100: {training.epochs: 316}}")
      }
      changes[train] = try entries(count.value)
    }
    return Model(name: entry.key, base: try TrainingConfig(base).resolved, changes: changes)
  }

  /// Names stand in those of folders.
  private static func checkName(_ entry: ConfigNode.Entry) throws {
    let allowed = { (c: Character) in c.isASCII && (c.isLetter || c.isNumber || "-_".contains(c)) }
    if entry.key.isEmpty || !entry.key.allSatisfy(allowed) {
      throw entry.value.error("'\(entry.key)' cannot be the name of a folder; use letters, digits, - and _")
    }
  }

  /// The entries of a mapping of names, in their order.
  private static func named(_ node: ConfigNode) throws -> [ConfigNode.Entry] {
    let entries = try entries(node)
    try entries.forEach(checkName)
    return entries.sorted { $0.key < $1.key }
  }

  private static func entries(_ node: ConfigNode) throws -> [ConfigNode.Entry] {
    guard case .mapping(let entries) = node.value, !entries.isEmpty else {
      throw node.error("a mapping is wanted here, with one entry or more")
    }
    return entries
  }

  private static func list<T: Hashable>(_ node: ConfigNode, _ read: (ConfigNode) throws -> T) throws -> [T] {
    let items = try node.items().map(read)
    guard !items.isEmpty, Set(items).count == items.count else {
      throw node.error("one or more values are wanted, none of them twice")
    }
    return items
  }
}
