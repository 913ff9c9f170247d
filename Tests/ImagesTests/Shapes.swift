// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport

@testable import Images

/// Small images that stand for digits: a spot whose distance from the centre tells the digit, at any angle, with noise.
enum Shapes {
  static let side = 12

  static func images(_ count: Int, seed: UInt64) -> ImageSet {
    var set = ImageSet(side: side, pixels: [], labels: [])
    for index in 0..<count {
      var generator = SeededGenerator(seed: seed, path: UInt64(index))
      let digit = index % ImageSet.classes
      let (angle, radius) = (generator.uniform(0, 2 * .pi), 0.55 * Double(digit))
      let (x, y) = (5.5 + radius * cos(angle), 5.5 + radius * sin(angle))
      for row in 0..<side {
        for column in 0..<side {
          let (dx, dy) = (Double(column) - x, Double(row) - y)
          set.pixels.append(Float(exp(-(dx * dx + dy * dy) / 1.5) * 0.9 + generator.uniform(0, 0.05)))
        }
      }
      set.labels.append(UInt8(digit))
    }
    return set
  }

  /// The four files of `train` and `test` images in a folder, unpacked.
  static func write(train: Int, test: Int, to folder: String) throws {
    for (name, count, seed) in [("train", train, 1), ("t10k", test, 2)] as [(String, Int, UInt64)] {
      let set = images(count, seed: seed)
      var pixels = idx(2051, [count, side, side])
      for grey in set.pixels { pixels.append(UInt8(min(255, grey * 255))) }
      try pixels.write(to: URL(filePath: "\(folder)/\(name)-images-idx3-ubyte"))
      let labels = idx(2049, [count]) + Data(set.labels)
      try labels.write(to: URL(filePath: "\(folder)/\(name)-labels-idx1-ubyte"))
    }
  }

  /// The header of a file.
  static func idx(_ magic: Int, _ extents: [Int]) -> Data {
    var data = Data()
    for word in [magic] + extents {
      for shift in [24, 16, 8, 0] { data.append(UInt8(word >> shift & 255)) }
    }
    return data
  }

  /// A training of seconds on such files.
  static func config(_ folder: String, _ overrides: String...) throws -> ImageConfig {
    let text = """
      format: noether/images
      version: 1
      data: {folder: \(folder), train: 90, validation: 30, test: 40, rotated: true, augment: true}
      model: {group: SO2, width: 8, layers: 2, downsampling: 0.3, fill: 0.2, neighbours: 8}
      optimizer: {method: adam, learning_rate: 1e-2}
      training: {epochs: 3, batch: 20}
      """
    return try ImageConfig(overrides.reduce(ConfigNode.parse(text, name: "shapes")) { try $0.setting($1) })
  }
}
