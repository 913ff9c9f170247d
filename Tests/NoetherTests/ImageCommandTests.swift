// SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Testing

/// Digits by the command line: train, stop, resume, evaluate and plot, on images that the test makes.
@Suite struct ImageCommandTests {
  /// Four files of 10 × 10 images whose brightness tells the digit.
  private static func writeImages(to folder: Tool.Folder) throws {
    for (name, count) in [("train", 120), ("t10k", 40)] {
      var images = header(2051, count, 10, 10)
      for index in 0..<count * 100 {
        let noise = index * 7919 % 20
        images.append(UInt8(index / 100 % 10 * 25 + noise))
      }
      var labels = header(2049, count)
      for index in 0..<count { labels.append(UInt8(index % 10)) }
      try images.write(to: URL(filePath: folder.file("\(name)-images-idx3-ubyte")))
      try labels.write(to: URL(filePath: folder.file("\(name)-labels-idx1-ubyte")))
    }
  }

  private static func header(_ words: Int...) -> Data {
    var data = Data()
    for word in words {
      for shift in [24, 16, 8, 0] { data.append(UInt8(word >> shift & 255)) }
    }
    return data
  }

  private static func train(_ folder: Tool.Folder, _ run: String, _ more: String...) -> [String] {
    ["train", "mnist", "--out", folder.file(run)]
      + [
        "data.folder=\(folder.path)", "data.train=80", "data.validation=20", "data.test=40", "model.width=8",
        "model.layers=2", "model.neighbours=6", "training.epochs=4", "training.batch=16",
      ].flatMap { ["--set", $0] } + more
  }

  @Test func digitsAreLearnedEvaluatedAndDrawn() throws {
    let folder = try Tool.Folder()
    try Self.writeImages(to: folder)
    let whole = try Tool.Running(Self.train(folder, "whole", "--quiet"), in: nil, environment: [:]).result()
    #expect(whole.code == 0, "\(whole.errors)")
    #expect(try folder.text("whole/training.csv").split(separator: "\n").count == 5)

    let evaluation = try Tool.run(
      "evaluate", folder.file("whole"), "--confusion", folder.file("whole/confusion.csv"), "--angles",
      folder.file("whole/angles.csv"), "--angle-images", "10", "--quiet")
    #expect(evaluation.code == 0, "\(evaluation.errors)")
    let metrics = evaluation.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(
      metrics.map { $0[0] } == [
        "metric", "test_error", "test_error_low", "test_error_high", "test_loss", "test_images",
      ])
    let error = try #require(Double(metrics[1][1]))
    #expect(try #require(Double(metrics[2][1])) <= error && error <= #require(Double(metrics[3][1])))
    let confusion = try folder.text("whole/confusion.csv").split(separator: "\n").dropFirst()
    #expect(confusion.count == 100)
    #expect(confusion.reduce(0) { $0 + (Int($1.split(separator: ",")[2]) ?? 0) } == 40)
    #expect(try folder.text("whole/angles.csv").split(separator: "\n").count == 25)

    if Tool.hasGnuplot {
      let plot = try Tool.run("plot", folder.file("whole"))
      #expect(plot.code == 0, "\(plot.errors)")
      for figure in ["training-error", "angles", "confusion"] {
        #expect(try folder.text("whole/plots/\(figure).svg").contains("</svg>"))
        #expect(try folder.data("whole/plots/\(figure).png").count > 5000)
      }
      #expect(!folder.exists("whole/plots/training.svg"))
    }

    // The file alone does not know where the images are.
    let alone = try Tool.run("evaluate", folder.file("whole/model.safetensors"))
    #expect(alone.code == 1)
    #expect(alone.errors.contains("data.folder"))
    let told = try Tool.run(
      "evaluate", folder.file("whole/model.safetensors"), "--set", "data.folder=\(folder.path)", "--quiet")
    #expect(told.output == evaluation.output)
    let curves = try Tool.run("evaluate", folder.file("whole"), "--curves", folder.file("curves.csv"))
    #expect(curves.code == 1)
    #expect(curves.errors.contains("has learned no law"))
    let certified = try Tool.run("certify", folder.file("whole"))
    #expect(
      certified.code == 1 && certified.errors.contains("has learned digits, or a property of molecules, not"),
      "\(certified.errors)"
    )
  }

  @Test func aStoppedTrainingGoesOnToTheSameBits() throws {
    let folder = try Tool.Folder()
    try Self.writeImages(to: folder)
    let epochs = ["--set", "training.epochs=40"]
    let whole = try Tool.Running(
      Self.train(folder, "whole", "--quiet") + epochs, in: nil, environment: [:]
    ).result()
    #expect(whole.code == 0, "\(whole.errors)")
    let run = try Tool.Running(Self.train(folder, "run", "--quiet") + epochs, in: nil, environment: [:])
    #expect(run.wait { folder.exists("run/last.safetensors") }, "\(run.errors)")
    kill(run.process.processIdentifier, SIGINT)
    #expect(try run.result().code == 128 + SIGINT)
    let resumed = try Tool.run("resume", folder.file("run"), "--threads", "1", "--quiet")
    #expect(resumed.code == 0, "\(resumed.errors)")
    for name in ["model.safetensors", "last.safetensors"] {
      #expect(try folder.data("run/" + name) == folder.data("whole/" + name), "\(name)")
    }
  }

  @Test func whatIsMissingOrMistypedIsSaid() throws {
    let folder = try Tool.Folder()
    let missing = try Tool.Running(Self.train(folder, "run"), in: nil, environment: [:]).result()
    #expect(missing.code == 1)
    #expect(missing.errors.contains("put the four files of MNIST"))
    #expect(folder.entries.isEmpty)
    let mistyped = try Tool.Running(
      Self.train(folder, "run", "--set", "data.roteted=true"), in: nil, environment: [:]
    ).result()
    #expect(mistyped.errors.contains("did you mean 'rotated'?"))
  }
}
