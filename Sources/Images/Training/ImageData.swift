// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import RealModule

/// The images of a configuration, read and split.
///
/// Training and validation images are drawn from the source's training set by the seed, so that a larger training set
/// contains the smaller one; the test set is the source's own, in its order.
public struct ImageData: Sendable {
  public let config: ImageDataConfig
  public let grid: PixelGrid
  private let sets: [ImageDataConfig.Split: ImageSet]

  /// Reads what `splits` need. Throws where files are missing, with where to get them, or are damaged, or hold too few.
  public init(_ config: ImageDataConfig, splits: [ImageDataConfig.Split]) throws {
    guard let folder = config.folder else {
      throw NoetherError(
        "data.folder: missing; write the folder that holds the images, or --set data.folder=DIR")
    }
    self.config = config
    var sets: [ImageDataConfig.Split: ImageSet] = [:]
    if splits.contains(.train) || splits.contains(.validation) {
      let all = try Self.read(config.source, folder, isTest: false)
      let wanted = config.train + config.validation
      guard all.count >= wanted else {
        throw NoetherError(
          "\(folder): its training set has \(all.count) images, \(wanted) are needed; lower data.train or "
            + "data.validation")
      }
      var generator = SeededGenerator(seed: config.seed, path: 0x696D_6167_65)
      let order = generator.permutation(of: all.count)
      // Validation from the end, so that it stays as it is when the training set grows.
      sets[.train] = all.subset(order.prefix(config.train))
      sets[.validation] = all.subset(order.suffix(config.validation))
    }
    if splits.contains(.test) {
      let all = try Self.read(config.source, folder, isTest: true)
      guard all.count >= config.test else {
        throw NoetherError(
          "\(folder): its test set has \(all.count) images, \(config.test) are needed; lower data.test")
      }
      sets[.test] = all.subset(0..<config.test)
    }
    let grid = PixelGrid(side: sets.values.first?.side ?? 28)
    self.grid = grid
    self.sets = Dictionary(
      uniqueKeysWithValues: sets.map { split, images in
        let turns = split == .test ? config.testRotated : config.rotated
        return (
          split,
          turns
            ? grid.turned(images) { Self.angle(config.seed, 0x7475_726E, split.rawValue, UInt64($0)) }
            : images
        )
      })
  }

  public func images(_ split: ImageDataConfig.Split) -> ImageSet {
    sets[split] ?? ImageSet(side: grid.side, pixels: [], labels: [])
  }

  /// What the network is told of some training images in an epoch, turned by angles of the epoch's own where the
  /// configuration augments.
  func trainingValues(_ batch: [Int], epoch: Int) -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(batch.count * grid.count)
    for index in batch {
      let angle =
        config.augment ? Self.angle(config.seed, 0x6175_676D, UInt64(epoch), UInt64(index)) : 0
      grid.sample(images(.train), index, turnedBy: angle, into: &values)
    }
    return values
  }

  /// A uniformly random angle.
  private static func angle(_ seed: UInt64, _ purpose: UInt64, _ a: UInt64, _ b: UInt64) -> Double {
    var generator = SeededGenerator(seed: seed, path: purpose, a, b)
    return generator.uniform(0, 2 * .pi)
  }

  // ── files ──

  private static func read(
    _ source: ImageDataConfig.Source, _ folder: String, isTest: Bool
  ) throws -> ImageSet {
    switch source {
    case .mnist:
      let part = isTest ? "t10k" : "train"
      return try IDX.read(
        images: file("\(part)-images-idx3-ubyte", in: folder, source),
        labels: file("\(part)-labels-idx1-ubyte", in: folder, source))
    case .rotmnist:
      let part = isTest ? "test" : "train_valid"
      return try AMAT.read(file("mnist_all_rotation_normalized_float_\(part).amat", in: folder, source))
    }
  }

  /// The file of that name, or with .gz after it.
  private static func file(_ name: String, in folder: String, _ source: ImageDataConfig.Source) throws
    -> String
  {
    for path in ["\(folder)/\(name)", "\(folder)/\(name).gz"]
    where FileManager.default.fileExists(atPath: path) { return path }
    let origin =
      switch source {
      case .mnist:
        "the four files of MNIST (http://yann.lecun.com/exdb/mnist or a mirror of it, such as "
          + "https://ossci-datasets.s3.amazonaws.com/mnist)"
      case .rotmnist:
        "the files of rotated MNIST (http://www.iro.umontreal.ca/~lisa/icml2007data/mnist_rotation_new.zip)"
      }
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder),
      !isFolder.boolValue || !FileManager.default.isExecutableFile(atPath: folder)
    {
      throw NoetherError(
        "\(folder): is no folder that can be opened; put \(origin) into one, and name it by data.folder")
    }
    throw NoetherError(
      "\(folder)/\(name): there is no such file, nor with .gz; put \(origin) into that folder, or name another by "
        + "data.folder")
  }
}
