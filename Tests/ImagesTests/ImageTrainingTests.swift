// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import HLieConv
import TestSupport
import Testing

@testable import Images

/// Training on small images that the tests make themselves.
@Suite struct ImageTrainingTests {
  @Test func theDiscOfMNISTHasThePublishedPoints() {
    let grid = PixelGrid(side: 28)
    #expect(grid.count == 648)
    #expect(grid.points.allSatisfy { abs($0) <= 14 })
    // No pixel stands in the centre, where rotations have no angle.
    #expect(
      stride(from: 0, to: grid.points.count, by: 2).allSatisfy {
        grid.points[$0] != 0 || grid.points[$0 + 1] != 0
      })
  }

  @Test func imagesTurn() {
    let images = Shapes.images(20, seed: 4)
    let grid = PixelGrid(side: Shapes.side)
    // A quarter turn is exact: the pixel at (x, y) comes to (−y, x).
    let turned = grid.turned(images) { _ in .pi / 2 }
    let last = Shapes.side - 1
    for index in 0..<images.count {
      for row in 0...last {
        for column in 0...last {
          let before = images.pixels[index * images.area + row * Shapes.side + column]
          let after = turned.pixels[index * images.area + column * Shapes.side + last - row]
          #expect(abs(before - after) < 1e-5)
        }
      }
    }
    // What the network is told is the same as of the turned image.
    var (direct, indirect) = ([Float](), [Float]())
    grid.sample(images, 3, turnedBy: .pi / 2, into: &direct)
    grid.sample(turned, 3, turnedBy: 0, into: &indirect)
    #expect(zip(direct, indirect).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(direct.count == grid.count)
  }

  @Test func aTrainingLearnsAndGoesOnToTheSameBits() throws {
    let folder = try TemporaryFolder()
    try Shapes.write(train: 400, test: 200, to: folder.path)
    let config = try Shapes.config(
      folder.path, "data.train=300", "data.validation=100", "data.test=200", "training.epochs=12",
      "model.width=16")
    let data = try ImageData(config.data, splits: [.train, .validation])
    func run(_ name: String, threads: Int, stopAt: [Int]) throws -> [Data] {
      let own = "\(folder.path)/\(name)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      for (index, stop) in (stopAt + [Int.max]).enumerated() {
        let trainer = try PointTrainer(config, data: data, folder: own, threads: threads, resume: index > 0)
        var steps = trainer.stepsDone
        let outcome = try trainer.run(onStep: { steps = $0.step }, shouldStop: { steps >= stop })
        #expect((outcome == .finished) == (stop == .max))
      }
      return try ["model.safetensors", "last.safetensors"].map {
        try Data(contentsOf: URL(filePath: "\(own)/\($0)"))
      }
    }
    let whole = try run("whole", threads: 1, stopAt: [])
    #expect(try run("parts", threads: 2, stopAt: [7, 15, 16]) == whole)
    // Chance is wrong in nine of ten.
    let errors = try #require(try CSVColumns(ifPresent: "\(folder.path)/whole/training.csv")?["val_error"])
    #expect(errors.count == 12)
    #expect(try #require(errors.last) < 0.35)
    let model = try PointModel(Safetensors.read("\(folder.path)/whole/model.safetensors"), name: "model")
    let test = try ImageData(config.data, splits: [.test])
    let result = try ImageEvaluation(model, on: test, threads: 2)
    #expect(result.count == 200)
    #expect(Double(result.errors) / 200 < 0.4)
    let turned = try ImageEvaluation.errors(of: model, on: test, at: [0, 90], count: 200, threads: 1)
    #expect(turned[0].errors == result.errors)
    // An image at another angle is another image to a network that sees a part of the points, but hardly harder.
    #expect(turned[1].errors != 0 && abs(turned[1].errors - result.errors) < 30)
  }

  @Test("a damaged checkpoint gives way to the one before, and the bits stay")
  func damagedCheckpoint() throws {
    let folder = try TemporaryFolder()
    try Shapes.write(train: 60, test: 20, to: folder.path)
    let config = try Shapes.config(
      folder.path, "data.train=40", "data.validation=20", "training.epochs=4", "model.width=16")
    let data = try ImageData(config.data, splits: [.train, .validation])
    func trainer(_ name: String, resume: Bool) throws -> PointTrainer {
      let own = "\(folder.path)/\(name)"
      try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
      return try PointTrainer(config, data: data, folder: own, threads: 1, resume: resume)
    }
    #expect(try trainer("whole", resume: false).run() == .finished)
    let last = "\(folder.path)/part/last.safetensors"
    var epochs = 0
    let stopped = try trainer("part", resume: false).run(
      onEpoch: { _ in epochs += 1 }, shouldStop: { epochs >= 2 })
    #expect(stopped == .interrupted)
    #expect(FileManager.default.fileExists(atPath: last + ".previous"))
    var bytes = try Data(contentsOf: URL(filePath: last))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: URL(filePath: last))

    let resumed = try trainer("part", resume: true)
    #expect(try #require(resumed.warning).contains("the one saved before it is used instead"))
    #expect(try resumed.run() == .finished)
    #expect(!FileManager.default.fileExists(atPath: last + ".previous"))
    for name in ["model.safetensors", "last.safetensors"] {
      let files = try ["whole", "part"].map {
        try Data(contentsOf: URL(filePath: "\(folder.path)/\($0)/\(name)"))
      }
      #expect(files[0] == files[1], "\(name)")
    }
  }

  @Test func splitsKeepTheirImages() throws {
    let folder = try TemporaryFolder()
    try Shapes.write(train: 150, test: 40, to: folder.path)
    let small = try ImageData(
      Shapes.config(folder.path, "data.train=20").data, splits: ImageDataConfig.Split.allCases)
    let large = try ImageData(Shapes.config(folder.path).data, splits: ImageDataConfig.Split.allCases)
    #expect(small.images(.train) == large.images(.train).subset(0..<20))
    #expect(small.images(.validation) == large.images(.validation))
    #expect(small.images(.test) == large.images(.test))
    let other = try ImageData(Shapes.config(folder.path, "data.seed=1").data, splits: [.train])
    #expect(other.images(.train) != large.images(.train))
    // Augmentation is the epoch's own, and the same whenever it is asked for.
    #expect(large.trainingValues([3, 5], epoch: 1) == large.trainingValues([3, 5], epoch: 1))
    #expect(large.trainingValues([3, 5], epoch: 1) != large.trainingValues([3, 5], epoch: 2))
    let upright = try ImageData(
      Shapes.config(folder.path, "data.rotated=false", "data.augment=false").data, splits: [.train, .test])
    #expect(upright.trainingValues([3], epoch: 1) == upright.trainingValues([3], epoch: 2))
    #expect(upright.images(.test) != large.images(.test))
  }

  @Test func missingDataAreAClearMessage() throws {
    let folder = try TemporaryFolder()
    let config = try Shapes.config(folder.path)
    var error = #expect(throws: NoetherError.self) { try ImageData(config.data, splits: [.train]) }
    #expect(error?.message.contains("put the four files of MNIST") == true)
    try Shapes.write(train: 100, test: 40, to: folder.path)
    error = #expect(throws: NoetherError.self) { try ImageData(config.data, splits: [.train]) }
    #expect(error?.message.contains("100 images, 120 are needed") == true)
    // A file in the place of the folder.
    let file = folder.path + "/train-labels-idx1-ubyte"
    error = #expect(throws: NoetherError.self) { try ImageData(Shapes.config(file).data, splits: [.test]) }
    #expect(error?.message.hasPrefix("\(file): is no folder that can be opened; put the four") == true)
  }

  @Test(arguments: [
    ("model.grup=SO2", "did you mean 'group'?"), ("model.group=SO3", "acts on 3 dimensions"),
    ("data.trian=3", "did you mean 'train'?"),
    ("model.samples=2", "one lift under SO2"), ("training.batch=1000", "more than data.train"),
    ("model.fill=2", "at most 1"),
    ("data.source=rotmnist", "turned already"), ("model.alpha=-1", "from 0 to 1"),
    ("model.lift=frame", "isotropic"),
    ("optimizer.method=lm", "adam"), ("format=noether/training", "noether/images"),
  ])
  func faultyConfigurationsAreRefused(_ setting: String, _ reason: String) {
    let error = #expect(throws: NoetherError.self) { try Shapes.config("data", setting) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test func theShippedTrainingIsRead() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "../../scenarios/training")
    let config = try ImageConfig(ConfigNode.load(path: folder.standardizedFileURL.path + "/mnist.yaml"))
    #expect(try config.resolved["name"]?.string() == "mnist")
    #expect(config.data.rotated && config.data.augment)
  }

  /// Wilson 1927, as tabulated by Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718),
  ])
  func intervalsAreWilsons(_ hits: Int, _ count: Int, _ low: Double, _ high: Double) {
    let interval = wilsonInterval(hits, of: count)
    #expect(abs(interval.low - low) < 6e-5)
    #expect(abs(interval.high - high) < 6e-5)
  }
}
