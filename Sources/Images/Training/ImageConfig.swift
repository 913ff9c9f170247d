// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv

/// A training configuration for images of digits: data, model, optimiser, and how long.
public struct ImageConfig: Sendable {
  public static let format = "noether/images"
  public static let version = 1

  public let data: ImageDataConfig
  public let model: PointNetworkConfig
  public let plan: PointPlan
  /// The whole configuration as read.
  public let resolved: ConfigNode

  /// Whether a training configuration is one for images.
  public static func isMeant(by node: ConfigNode) -> Bool { PointPlan.isMeant(by: node, format: format) }

  public init(_ node: ConfigNode) throws {
    let reader = try PointPlan.reader(node, format: Self.format, version: Self.version)
    data = try ImageDataConfig(reader.required("data", "data: {folder: data/mnist, train: 12000, …}"))
    model = try PointNetworkConfig(reader.required("model", "model: {group: SO2, …}"), dimension: 2)
    plan = try PointPlan(reader, samples: data.train)
    resolved = node
  }

  /// What a model file remembers of this: everything but the folder of the data, since the model may travel.
  func memory() throws -> String { try resolved.replacing("data.folder", with: nil).json }
}

/// Which images, and how many of them.
public struct ImageDataConfig: Sendable {
  public enum Source: String, Sendable, CaseIterable {
    /// MNIST's four files, `train-images-idx3-ubyte` and so on, packed by gzip or not.
    case mnist
    /// The official rotated MNIST, `mnist_all_rotation_normalized_float_train_valid.amat` and `…_test.amat`.
    case rotmnist
  }

  public enum Split: UInt64, Sendable, CaseIterable {
    case train
    case validation
    case test
  }

  public let source: Source
  /// The folder of the files; nil in what a model file remembers.
  public let folder: String?
  public let train: Int
  public let validation: Int
  public let test: Int
  /// Every image is turned once by an angle of its own: not the official rotated MNIST, but made in the same way.
  public let rotated: Bool
  /// The images of the test set are turned, whatever `rotated` says of the others.
  public let testRotated: Bool
  /// Every image is turned anew in each epoch.
  public let augment: Bool
  public let seed: UInt64

  init(_ node: ConfigNode) throws {
    let reader = try ConfigReader(
      node,
      keys: [
        "source", "folder", "train", "validation", "test", "rotated", "test_rotated", "augment", "seed",
      ])
    source =
      try reader["source"].flatMap { Source(rawValue: try $0.choice(Source.allCases.map(\.rawValue))) }
      ?? .mnist
    folder = try reader["folder"].map { URL(fileURLWithPath: try $0.filePath()).standardizedFileURL.path }
    let most = 1_000_000
    train = try reader.required("train", "train: 12000, the number of images").integer(in: 2...most)
    validation = try reader.required("validation", "validation: 2000").integer(in: 1...most)
    test = try reader["test"]?.integer(in: 1...most) ?? 10_000
    rotated = try reader["rotated"]?.bool() ?? false
    testRotated = try reader["test_rotated"]?.bool() ?? rotated
    augment = try reader["augment"]?.bool() ?? false
    seed = try reader["seed"]?.seed() ?? 0
    for key in ["rotated", "test_rotated"] where source == .rotmnist {
      if let node = reader[key] {
        throw node.error("the images of source: rotmnist are turned already; leave it out")
      }
    }
  }
}
