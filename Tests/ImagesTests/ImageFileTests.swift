// SPDX-License-Identifier: GPL-3.0-or-later

import Dynamics
import Foundation
import Testing
import TestSupport

@testable import Images

/// The readers of images: what is whole is read, and whatever is not is refused with the reason.
@Suite struct ImageFileTests {
  private func idx(_ magic: Int, _ extents: [Int], _ bytes: [UInt8]) -> Data {
    Shapes.idx(magic, extents) + Data(bytes)
  }

  @Test func imagesAndLabelsAreRead() throws {
    let pixels = idx(2051, [2, 3, 3], (0..<18).map { UInt8($0 * 15) })
    let (side, bytes) = try IDX.pixels(pixels, name: "images")
    #expect(side == 3)
    #expect(bytes == (0..<18).map { UInt8($0 * 15) })
    #expect(try IDX.labels(idx(2049, [3], [9, 0, 4]), name: "labels") == [9, 0, 4])
  }

  /// By gzip: the same bytes, and whatever is cut off or changed is noticed.
  @Test func packedFilesAreUnpacked() throws {
    let folder = try TemporaryFolder()
    let plain = idx(2049, [40], (0..<40).map { UInt8($0 % 10) })
    try plain.write(to: URL(filePath: folder.path + "/labels"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gzip", "-k", folder.path + "/labels"]
    try process.run()
    process.waitUntilExit()
    let packed = folder.path + "/labels.gz"
    #expect(try readUnpacked(packed, limit: 1 << 20) == plain)
    #expect(throws: NoetherError.self) { try readUnpacked(packed, limit: 40) }
    let whole = try Data(contentsOf: URL(filePath: packed))
    for (name, damaged) in [
      ("cut", whole.dropLast(9)), ("head", whole.prefix(12)), ("longer", whole + Data([1, 2, 3])),
      ("other", whole.prefix(25) + Data([whole[25] ^ 0x55]) + whole.dropFirst(26)),
      ("claim", whole.dropLast(4) + Data([255, 255, 255, 127])),
    ] {
      let path = "\(folder.path)/\(name)"
      try damaged.write(to: URL(filePath: path))
      let error = #expect(throws: NoetherError.self) { try readUnpacked(path, limit: 1 << 31) }
      #expect(error?.message.contains(path) == true)
      // What is cut off ends in other bytes than those of the length.
      let cut = #expect(throws: NoetherError.self) { try readUnpacked(path, limit: 40) }
      #expect(cut?.message.contains("truncated") == true || cut?.message.contains("longer than") == true)
    }
  }

  @Test(arguments: [
    ("magic", [2050, 2, 3, 3] as [Int], 18, "begins with 2050"), ("short", [2051, 2], 0, "header"),
    ("none", [2051, 0, 3, 3], 0, "claims to hold 0"),
    ("many", [2051, 4_000_000_000, 28, 28], 18, "claims to hold"),
    ("oblong", [2051, 2, 3, 4], 24, "3 × 4"),
    ("huge", [2051, 2, 4_000_000_000, 4_000_000_000], 18, "square"),
    ("cut", [2051, 2, 3, 3], 17, "truncated"), ("long", [2051, 2, 3, 3], 19, "too long"),
    ("empty", [], 0, "begins with 0"),
  ])
  func malformedImagesAreRefused(_ name: String, _ words: [Int], _ bytes: Int, _ reason: String) throws {
    var data = words.isEmpty ? Data() : idx(words[0], Array(words.dropFirst()), [])
    data += [UInt8](repeating: 7, count: bytes)
    let error = #expect(throws: NoetherError.self) { try IDX.pixels(data, name: name) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(error?.message.hasPrefix(name) == true)
  }

  @Test func labelsOutsideOfTheDigitsAreRefused() {
    let error = #expect(throws: NoetherError.self) {
      try IDX.labels(idx(2049, [3], [1, 10, 2]), name: "labels")
    }
    #expect(error?.message.contains("label 2 is 10") == true)
  }

  @Test func linesOfNumbersAreRead() throws {
    let text = " 0.0 0.25 1 5e-1   3.000\r\n\n1 0 0 0 9\n"
    let set = try AMAT.parse(Data(text.utf8), side: 2, name: "set")
    #expect(set == ImageSet(side: 2, pixels: [0, 0.25, 1, 0.5, 1, 0, 0, 0], labels: [3, 9]))
  }

  @Test(arguments: [
    ("0 0 0 0 1\n0 0 0 1\n", "set:2: has 4 numbers"), ("0 0 0 0 1 1\n", "set:1: has too many"),
    ("0 0 x 0 1\n", "'x' is not a number"), ("0 \u{1B}[2Jé 0 0 1\n", "'?[2J??' is not a number"),
    ("0 0 1.5 0 1\n", "grey value 1.5"),
    ("0 0 nan 0 1\n", "grey value nan"),
    ("0 0 0 0 10\n", "label 10"), ("0 0 0 0 1.5\n", "label 1.5"), ("0 0 0 0 -1\n", "label -1"),
    ("\n", "no images"),
  ])
  func malformedLinesAreRefused(_ text: String, _ reason: String) {
    let error = #expect(throws: NoetherError.self) { try AMAT.parse(Data(text.utf8), side: 2, name: "set") }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  /// A line as the official files have them: 784 grey values and the label, a blank between two numbers, as C prints doubles.
  private func officialLine(_ label: Int, _ grey: (Int) -> Double) -> String {
    ((0..<784).map { grey($0) } + [Double(label)]).map { String(format: "%.10e", $0) }.joined(separator: " ")
  }

  @Test func theOfficialRotatedDigitsAreReadFromTheirFolder() throws {
    let folder = try TemporaryFolder()
    func write(_ part: String, _ count: Int, shift: Int) throws {
      let lines = (0..<count).map { index in
        officialLine((index + shift) % 10) { $0 % 28 == index % 28 ? Double($0) / 783 : 0 }
      }
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(
        to: URL(filePath: "\(folder.path)/mnist_all_rotation_normalized_float_\(part).amat"))
    }
    try write("train_valid", 30, shift: 0)
    try write("test", 12, shift: 4)
    let text = """
      format: noether/images
      version: 1
      data: {source: rotmnist, folder: \(folder.path), train: 20, validation: 10, test: 12}
      model: {group: SO2}
      optimizer: {method: adam, learning_rate: 1e-3}
      training: {epochs: 1, batch: 10}
      """
    let config = try ImageConfig(ConfigNode.parse(text, name: "rotmnist"))
    let data = try ImageData(config.data, splits: ImageDataConfig.Split.allCases)
    #expect(data.grid.count == 648)
    #expect(data.images(.test).labels == (0..<12).map { UInt8(($0 + 4) % 10) })
    let first = data.images(.test).pixels.prefix(784)
    #expect(first.enumerated().allSatisfy { $1 == ($0 % 28 == 0 ? Float(Double($0) / 783) : 0) })
    let learned = data.images(.train).labels + data.images(.validation).labels
    #expect(learned.sorted() == (0..<30).map { UInt8($0 % 10) }.sorted())
    // Beyond what the files hold.
    let many = try ImageConfig(
      ConfigNode.parse(text, name: "rotmnist").setting("data.train=12000").setting("data.test=50000"))
    for (split, reason) in [
      (ImageDataConfig.Split.train, "30 images, 12010 are needed"), (.test, "12 images, 50000 are needed"),
    ] {
      let error = #expect(throws: NoetherError.self) { try ImageData(many.data, splits: [split]) }
      #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    }
  }

  /// As many lines as the official training set has, blank ones between them, and one that is cut.
  @Test func theLinesOfALongFileAreCounted() throws {
    let lines = (0..<10).map { label in
      Data(((0..<784).map { $0 == 400 + label ? "0.5" : "0" } + ["\(label)\n"]).joined(separator: " ").utf8)
    }
    var text = Data()
    for index in 0..<12_000 {
      text += lines[index % 10]
      if index % 1000 == 999 { text += Data("\n".utf8) }
    }
    let set = try AMAT.parse(text, side: 28, name: "set")
    #expect(set.count == 12_000)
    #expect(set.labels == (0..<12_000).map { UInt8($0 % 10) })
    #expect((0..<12_000).allSatisfy { set.pixels[$0 * 784 + 400 + $0 % 10] == 0.5 })
    // After 12,000 lines and 12 blank ones.
    let error = #expect(throws: NoetherError.self) {
      try AMAT.parse(text + lines[3].dropFirst(2), side: 28, name: "set")
    }
    #expect(error?.message.hasPrefix("set:12013: has 784 numbers") == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("784 grey values and a label") == true)
  }
}
