// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation

/// Models as safetensors files: every parameter under its name, everything else in the metadata.
extension HamiltonianModel {
  static let format = "noether/model"
  static let version = 1

  /// The tensors and metadata of the file. Parameters are stored in the precision they were trained in.
  public var safetensors: Safetensors {
    var file = Safetensors()
    for view in layout.views {
      let values = parameters[view.range]
      file.tensors[view.name] = Safetensors.Tensor(
        shape: view.shape,
        values: precision == Float.precisionName
          ? .float32(values.map { Float($0) }) : .float64(Array(values)))
    }
    file.metadata = [
      "format": Self.format, "version": String(Self.version), "model": config.node.json,
      "dimension": String(dimension), "features": featureNames.joined(separator: ","), "precision": precision,
      "training_distance": "\(trainingDistance)",
    ]
    if let training { file.metadata["training"] = training }
    if let normalisation { file.metadata["normalisation"] = normalisation.json }
    return file
  }

  /// The model in a file, or in the run directory that holds one (`model.safetensors`).
  public static func load(_ path: String) throws -> HamiltonianModel {
    let file = file(at: path)
    return try HamiltonianModel(Safetensors.read(file), name: file)
  }

  /// The file that `path` means: itself, or the `model.safetensors` in it where it is a directory.
  public static func file(at path: String) -> String {
    var isDirectory: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
    return exists && isDirectory.boolValue ? path + "/model.safetensors" : path
  }

  /// Throws a `NoetherError` that names `name` where metadata or tensors are missing or do not fit each other.
  public init(_ file: Safetensors, name: String) throws {
    func metadata(_ key: String) throws -> String {
      guard let value = file.metadata[key] else {
        throw NoetherError("\(name): no \"\(key)\" in the metadata: this is not a model that noether wrote")
      }
      return value
    }
    if PointModel.isStored(in: file) {
      throw NoetherError(
        "\(name): has learned digits, or a property of molecules, not a law; noether evaluate tells how well")
    }
    guard try metadata("format") == Self.format, let version = Int(try metadata("version")) else {
      throw NoetherError(
        "\(name): not a noether model; give a model.safetensors, or the run directory of `train`")
    }
    guard version <= Self.version else {
      throw NoetherError(
        "\(name): version \(version) is from a newer Noether; this one knows \(Self.version)")
    }
    let precision = try metadata("precision")
    guard let dimension = Int(try metadata("dimension")),
      let distance = Double(try metadata("training_distance")),
      Precision(rawValue: precision) != nil
    else { throw NoetherError("\(name): its metadata are damaged; train again or use another copy") }
    let config = try ModelConfig(
      ConfigNode.parse(metadata("model"), name: "\(name): model"), dimension: dimension)
    let normalisation =
      try config.normalise ? Normalisation(json: metadata("normalisation"), name: name) : nil
    try self.init(
      config, dimension: dimension, featureNames: metadata("features").split(separator: ",").map(String.init),
      precision: precision, trainingDistance: distance, training: file.metadata["training"],
      normalisation: normalisation
    ) { layout in
      // All shapes are compared before room is made for the values.
      for view in layout.views where file.tensors[view.name]?.shape != view.shape {
        throw NoetherError(
          "\(name): tensor \(view.name) of shape \(view.shape) is missing or has another shape; "
            + "use another copy")
      }
      return try layout.views.flatMap { try Self.values(of: $0, in: file, name: name) }
    }
  }

  /// The finite numbers of one tensor.
  private static func values(of view: ParameterView, in file: Safetensors, name: String) throws -> [Double] {
    let values: [Double]
    switch file.tensors[view.name]?.values {
    case .float32(let stored): values = stored.map { Double($0) }
    case .float64(let stored): values = stored
    case .int64, nil:
      throw NoetherError("\(name): tensor \(view.name) holds no real numbers; use another copy")
    }
    guard values.allSatisfy(\.isFinite) else {
      throw NoetherError("\(name): tensor \(view.name) has entries that are not finite; use another copy")
    }
    return values
  }
}
