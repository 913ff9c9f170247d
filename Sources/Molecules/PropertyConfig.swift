// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import HLieConv

/// The configuration of a training that learns a property of molecules by a LieConv network with batch normalisation, as the paper has
/// it (Finzi, Stanton, Izmailov & Wilson 2020, section 5.3): a number for each, without forces.
public struct PropertyConfig: Sendable {
  public static let format = "noether/molecules"
  public static let version = 1

  public let data: DataConfig
  public let model: PointNetworkConfig
  public let plan: PointPlan
  /// Every molecule is turned anew in each epoch.
  public let augment: Bool
  /// The whole configuration as read.
  public let resolved: ConfigNode

  /// Whether a training configuration is one for properties of molecules.
  public static func isMeant(by node: ConfigNode) -> Bool { PointPlan.isMeant(by: node, format: format) }

  public init(_ node: ConfigNode) throws {
    let reader = try PointPlan.reader(node, format: Self.format, version: Self.version)
    let data = try reader.required("data", "data: {structures: FILE.xyz, energy: U0, …}")
    self.data = try DataConfig(data)
    guard let structures = self.data.structures else {
      throw data.error("has no structures; write data: {structures: FILE.xyz, …}")
    }
    if let node = data["forces"], structures.forces != nil {
      throw node.error("are not learned with format: \(Self.format); leave it out")
    }
    model = try PointNetworkConfig(reader.required("model", "model: {group: T3, …}"), dimension: 3)
    plan = try PointPlan(reader, samples: self.data.train, others: ["augment"])
    augment = try node["training"]?["augment"]?.bool() ?? false
    resolved = node
  }

  /// What a model file remembers of this: everything but the places of the data, since the model may travel.
  func memory() throws -> String {
    try StructureConfig.paths.reduce(resolved) { try $0.replacing("data.\($1)", with: nil) }.json
  }
}
