// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import LieCore

/// A network on points with its parameters and running statistics, trained or not.
public struct PointModel: Sendable {
  public static let format = "noether/point-model"
  static let version = 1

  public let config: PointNetworkConfig
  public let dimension: Int
  public let network: PointNetwork
  /// θ, flat; see `PointNetwork.layout`.
  public var parameters: [Double]
  /// The running means and variances of all normalisations.
  public var statistics: [Double]
  public let precision: Precision
  /// The training configuration, resolved, as JSON; nil if untrained.
  public var training: String?
  /// What the inputs and the output stand for, as JSON, where the configuration alone does not tell.
  public var meaning: String?

  /// A model with initial values from the configuration's seed, for points on `dimension` axes with `inputs` values each and
  /// `outputs` numbers for each sample.
  ///
  /// Throws where no group of that name acts there, or the machine cannot hold the model.
  public init(
    _ config: PointNetworkConfig, dimension: Int, inputs: Int, outputs: Int,
    precision: Precision = .float32, training: String? = nil, meaning: String? = nil
  ) throws {
    self.config = config
    self.dimension = dimension
    self.precision = precision
    self.training = training
    self.meaning = meaning
    network = PointNetwork(
      config, inputs: inputs, outputs: outputs,
      embeddingWidth: try SampledPoints.embeddingWidth(config, dimension: dimension))
    var need = MemoryNeed()
    need.add(bytes: 64 * Double(network.layout.count))
    try need.check(
      "a model of \(network.layout.count) parameters", remedy: "lower model.width or model.layers")
    parameters = network.initialValues(seed: config.seed)
    statistics = network.initialStatistics
  }

  /// The network at work; see `PointEngine`.
  func engine<T: NetworkScalar>(threads: Int, _ scalar: T.Type) -> PointEngine<T> {
    PointEngine(network, parameters: parameters, statistics: statistics, threads: threads)
  }

  /// Throws where the machine cannot hold `tiles` tiles with so many panels before each block and after the last one, and `pairs` pairs
  /// of neighbours in each block.
  func check<T: NetworkScalar>(
    tiles: Int, panels: [Int], pairs: Double, gathersTogether: Bool, _ batch: String, _ scalar: T.Type
  ) throws {
    var need = MemoryNeed()
    need.add(
      bytes: Double(tiles) * PointTile<T>.bytes(network, panels: panels, gathersTogether: gathersTogether))
    for block in network.blocks {
      need.add(bytes: pairs * Double(KernelNetwork<T>.numbersOfPair(block) * MemoryLayout<T>.stride))
    }
    try need.check(batch, remedy: "lower training.batch, model.width or model.layers")
  }

  /// The tensors and metadata of the file. Parameters are stored in the precision they were trained in.
  public var safetensors: Safetensors {
    var file = Safetensors()
    for view in network.layout.views {
      file.tensors[view.name] = tensor(Array(parameters[view.range]), shape: view.shape)
    }
    for norm in network.norms {
      let (first, count) = (norm.statistics, norm.channels)
      file.tensors["\(norm.name).mean"] = Safetensors.Tensor(
        shape: [count], values: .float64(Array(statistics[first..<first + count])))
      file.tensors["\(norm.name).variance"] = Safetensors.Tensor(
        shape: [count], values: .float64(Array(statistics[first + count..<first + 2 * count])))
    }
    file.metadata = [
      "format": Self.format, "version": String(Self.version), "model": config.node.json,
      "dimension": String(dimension), "inputs": String(network.inputs), "outputs": String(network.outputs),
      "precision": precision.rawValue,
    ]
    file.metadata["training"] = training
    file.metadata["meaning"] = meaning
    return file
  }

  /// Numbers as they are stored beside the parameters.
  public func tensor(_ values: [Double], shape: [Int]) -> Safetensors.Tensor {
    Safetensors.Tensor(
      shape: shape, values: precision == .float32 ? .float32(values.map { Float($0) }) : .float64(values))
  }

  /// Whether a file holds such a model.
  public static func isStored(in file: Safetensors) -> Bool { file.metadata["format"] == format }

  /// Throws a `NoetherError` that names `name` where metadata or tensors are missing or do not fit each other.
  public init(_ file: Safetensors, name: String) throws {
    guard Self.isStored(in: file) else {
      throw NoetherError("\(name): not a model on sampled points; give the run directory of such a training")
    }
    func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
      guard let value = file.metadata[key].flatMap(Int.init), range.contains(value) else {
        throw NoetherError("\(name): its metadata are damaged; train again or use another copy")
      }
      return value
    }
    guard try whole("version", 1...Int.max) <= Self.version else {
      throw NoetherError("\(name): is from a newer Noether; this one knows version \(Self.version)")
    }
    let dimension = try whole("dimension", 2...3)
    let config = try PointNetworkConfig(
      ConfigNode.parse(file.metadata["model"] ?? "", name: "\(name): model"), dimension: dimension)
    guard let precision = file.metadata["precision"].flatMap(Precision.init) else {
      throw NoetherError("\(name): its metadata are damaged; train again or use another copy")
    }
    try self.init(
      config, dimension: dimension, inputs: whole("inputs", 1...100_000),
      outputs: whole("outputs", 1...100_000), precision: precision, training: file.metadata["training"],
      meaning: file.metadata["meaning"])
    func read(_ tensor: String, _ count: Int) throws -> [Double] {
      let values = file.tensors[tensor].flatMap(Self.values)
      guard let values, values.count == count, values.allSatisfy(\.isFinite) else {
        throw NoetherError(
          "\(name): tensor \(tensor) of \(count) finite numbers is missing or damaged; use another copy")
      }
      return values
    }
    parameters = try network.layout.views.flatMap { try read($0.name, $0.count) }
    statistics = try network.norms.flatMap {
      try read("\($0.name).mean", $0.channels) + read("\($0.name).variance", $0.channels)
    }
  }

  /// The real numbers of a tensor; nil where it holds none.
  public static func values(_ tensor: Safetensors.Tensor) -> [Double]? {
    switch tensor.values {
    case .float32(let values): values.map { Double($0) }
    case .float64(let values): values
    case .int64: nil
    }
  }
}
