// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics

/// A training configuration: data, model, loss, optimisers, and how long.
public struct TrainingConfig: Sendable {
  public static let format = "noether/training"
  public static let version = 1

  public let data: DataConfig
  public let model: ModelConfig
  public let loss: LossKind
  /// The method that chunks are integrated with, in the loss and where the model is tested.
  public let method: ChunkMethod
  /// The weights of a loss on given energies and forces.
  public let labelWeights: LabelWeights?
  /// What the model is trained on, and tested on.
  var trainingObjective: Objective { loss == .force ? .chunks(.rates) : testObjective }
  var testObjective: Objective { labelWeights.map { .labels($0) } ?? .chunks(method) }
  /// The method whose steps are residuals of least squares.
  var trainingMethod: ChunkMethod { loss == .force ? .rates : method }
  public let phases: [TrainingPhase]
  public let precision: Precision
  /// What Adam's systems are changed by from epoch to epoch.
  public let augmentation: Set<Augmentation>
  /// The whole configuration as read, the scenario written out in it.
  public let resolved: ConfigNode

  /// The configuration in the file at `path`, after overrides such as "training.epochs=20".
  public static func load(_ path: String, overrides: [String] = []) throws -> TrainingConfig {
    try TrainingConfig(ConfigNode.load(path: path, overrides: overrides))
  }

  public init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: ["format", "version", "name", "description", "data", "model", "loss", "optimizer", "training"])
    try reader.requireFormat(Self.format, version: Self.version)
    _ = try reader["name"]?.string()
    _ = try reader["description"]?.string()
    data = try DataConfig(reader.required("data", "data: {scenario: springs.yaml, train: 3000, …}"))
    let modelNode = try reader.required("model", "model: {group: T2, …}")
    let dimension = data.structures == nil ? data.scenario?.dimension : 3
    model = try ModelConfig(modelNode, dimension: dimension)
    if model.friction, let written = modelNode["friction"] {
      throw written.error(
        "is learned from measured trajectories; write loss: {kind: trajectory, …}, or leave it out")
    }

    let lossReader = try ConfigReader(
      reader.required("loss", "loss: {integrator: rk4-38}"),
      keys: ["kind", "integrator", "stride", "energy", "force"])
    let kinds = LossKind.allCases.map(\.rawValue)
    loss = try lossReader["kind"].flatMap { LossKind(rawValue: try $0.choice(kinds)) } ?? .chunk
    labelWeights = loss == .potential ? try LabelWeights(lossReader, data.structures) : nil
    try Self.checkLabels(lossReader, loss, data)
    method = loss == .potential ? .threeEighths : try Self.method(lossReader)
    if loss != .chunk, method.stride > 1, let node = lossReader["stride"] {
      throw node.error("goes with kind: chunk; kind: \(loss.rawValue) has no points on the way")
    }

    if let complaint = method.complaint(about: model.dynamics) {
      throw (reader["loss"]?["integrator"] ?? node).error(complaint)
    }

    let training = try reader["training"].map {
      try ConfigReader($0, keys: ["epochs", "batch", "precision", "augment"])
    }
    let counts = 1...1_000_000
    let optimizer = try reader.required("optimizer", "optimizer: {method: adam, learning_rate: 1e-3}")
    phases = try TrainingPhase.phases(
      optimizer,
      TrainingPhase.Defaults(
        epochs: training?["epochs"]?.integer(in: counts), batch: training?["batch"]?.integer(in: counts),
        systems: data.train))
    let usesAdam = phases.contains { if case .adam = $0.method { true } else { false } }
    for key in ["epochs", "batch", "augment"] where !usesAdam {
      if let node = training?[key] {
        throw node.error("goes with method: adam; lm and lbfgs have iterations and take all systems at once")
      }
    }
    augmentation = try training?["augment"].map { try Augmentation.read($0, dimension: dimension) } ?? []
    let precisions = Precision.allCases.map(\.rawValue)
    let needsDoubles = phases.contains { if case .adam = $0.method { false } else { true } }
    if let node = training?["precision"] {
      precision = Precision(rawValue: try node.choice(precisions)) ?? .float32
      if needsDoubles, precision == .float32 {
        throw node.error("lm and lbfgs run in float64; write precision: float64, or leave it out")
      }
    } else {
      precision = needsDoubles ? .float64 : .float32
    }
    if [.chunk, .potential].contains(loss), phases.contains(where: { $0.method == .levenbergMarquardt }) {
      throw (lossReader["kind"] ?? optimizer).error(
        "method: lm learns from single steps or forces; write loss: {kind: step, …}")
    }
    if let scenario = data.scenario {
      resolved = try node.replacing("data.scenario", with: scenario.resolved)
    } else if let structures = data.structures {
      resolved = try node.replacing("data.structures", with: .string(structures.path))
        .replacing("data.test_structures", with: structures.testPath.map { .string($0) })
        .replacing("data.exclude", with: structures.exclude.map { .string($0) })
    } else {
      resolved = try node.replacing("data.trajectories", with: data.trajectories.map { .string($0) })
    }
  }

  /// Throws where the loss and the data do not go together.
  private static func checkLabels(_ reader: ConfigReader, _ loss: LossKind, _ data: DataConfig) throws {
    let isPotential = loss == .potential
    for key in isPotential ? ["integrator", "stride"] : ["energy", "force"] {
      if let node = reader[key] {
        throw node.error(
          isPotential
            ? "kind: potential integrates nothing; leave it out" : "goes with kind: potential; leave it out")
      }
    }
    if isPotential != (data.structures != nil), let node = reader["kind"] ?? data.node {
      throw node.error(
        isPotential
          ? "kind: potential learns from data.structures: FILE, which gives energies and forces"
          : "data.structures give energies and forces; write loss: {kind: potential}")
    }
    if let weights = reader["force"], data.structures?.forces == nil, try weights.double() > 0 {
      throw weights.error("the data name no forces; write data.forces: forces, or force: 0")
    }
  }

  /// What the loss integrates with.
  private static func method(_ loss: ConfigReader) throws -> ChunkMethod {
    let names = ChunkMethod.all.map(\.name)
    let name = try loss.required("integrator", "one of: " + names.joined(separator: ", ")).choice(names)
    guard let stride = loss["stride"] else { return ChunkMethod.named(name) ?? .threeEighths }
    guard let method = ChunkMethod.named(name, stride: try stride.integer(in: 1...1000)) else {
      throw stride.error("\(name) takes one step per data point; leave stride out, or use nystrom4")
    }
    return method
  }

  /// What a model file remembers of this: everything but the paths of data files, since the model may travel.
  func memory() throws -> String {
    try (["trajectories"] + StructureConfig.paths).reduce(resolved) { node, key in
      try node["data"]?[key] == nil ? node : node.replacing("data.\(key)", with: nil)
    }.json
  }

  /// Rows of training.csv: epochs of Adam, iterations of Levenberg–Marquardt, rounds of L-BFGS.
  public var epochs: Int { phases.reduce(0) { $0 + $1.epochs } }
  public var steps: Int { phases.reduce(0) { $0 + $1.steps } }
}
