// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import TestSupport
import Testing

@testable import Images

/// MNIST itself, where it is.
@Suite struct PublishedImagesTests {
  @Test(
    .needs("MNIST", "mnist/train-images-idx3-ubyte.gz"))
  func mnistIsReadWhole() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../scenarios/training/mnist.yaml")
    func data(_ changes: String...) throws -> ImageData {
      let node = try ConfigNode.load(path: folder.standardizedFileURL.path)
      let text = try (changes + ["data.folder=\(SharedData.path("mnist"))"]).reduce(node) {
        try $0.setting($1)
      }
      return try ImageData(ImageConfig(text).data, splits: ImageDataConfig.Split.allCases)
    }
    func counts(_ images: ImageSet) -> [Int] { (0..<10).map { digit in images.labels.count { $0 == digit } } }
    let upright = try data("data.rotated=false", "data.train=50000", "data.validation=10000")
    #expect(upright.grid.count == 648)
    let (train, validation, test) = (
      upright.images(.train), upright.images(.validation), upright.images(.test)
    )
    // LeCun's counts of each digit.
    #expect(counts(test) == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    #expect(
      zip(counts(train), counts(validation)).map { $0 + $1 } == [
        5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949,
      ])
    // The mean grey value of the training set, 0.1307, is cited everywhere; 0.130 is what networks are normalised by.
    let grey = (train.pixels + validation.pixels).reduce(0.0) { $0 + Double($1) } / Double(60_000 * 784)
    #expect(abs(grey - 0.1307) < 1e-4)
    // Turning images loses nothing but what leaves them.
    let turned = try data().images(.test)
    #expect(turned.labels == test.labels && turned.pixels != test.pixels)
    let (before, after) = (
      test.pixels.reduce(0.0) { $0 + Double($1) }, turned.pixels.reduce(0.0) { $0 + Double($1) }
    )
    #expect(abs(after / before - 1) < 0.01)
  }
}
